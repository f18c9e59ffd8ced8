import { PLAIN_TEXT } from '../http/body.js';
import type { ResponseContent, Route } from '../routing/route.js';
import { error as errorSchema } from '../wire/error.js';
import { codesOf, ERROR_KINDS, type ErrorKind } from './errors.js';
import type { SchemaComponents } from './schemas.js';

/** The responses of a document: errors are written once and referenced. */
export interface ResponseComponents {
  readonly responses: Readonly<Record<string, object>>;
  /** Describes the responses of a method of a route, by status. */
  describe(route: Route, method: string): Record<string, object>;
}

/** Creates an empty set of responses. */
export function createResponseComponents(components: SchemaComponents): ResponseComponents {
  const responses: Record<string, object> = {};

  function describe(route: Route, method: string): Record<string, object> {
    const all: Record<string, object> = { 200: { description: 'OK', content: contentOf(route.response) } };
    if (isRevalidated(route)) all['304'] = { description: 'The ETag of the request is still current.' };
    if (route.respond !== undefined) all['302'] = pageRedirect;
    if (route.operation?.part === 'metaState') all['307'] = redirect;
    if (isRevalidated(route) || route.endpoint.access === 'write') {
      all['412'] = { description: 'A precondition of the request does not hold.' };
    }
    for (const kind of ERROR_KINDS) {
      if (kind.has?.(route, method) ?? true) all[kind.status] = refer(kind, route);
    }
    for (const [status, content] of Object.entries(route.errors)) {
      all[status] = { description: 'The request failed.', content: contentOf(content) };
    }
    return all;
  }

  /** Clients of the family of `go tool pprof` get errors as text. */
  function refer(kind: ErrorKind, { endpoint }: Route): object {
    const isPprof = endpoint.group === 'pprof';
    const name = isPprof ? `Pprof${kind.name}` : kind.name;
    responses[name] ??= {
      description: `${kind.description} ${codesOf(kind).join(', ')}.`,
      ...(kind.header && headers(...kind.header)),
      content: contentOf({
        'application/json': errorSchema,
        ...(isPprof && { [PLAIN_TEXT]: undefined }),
      }),
    };
    return { $ref: `#/components/responses/${name}` };
  }

  function contentOf(content: ResponseContent): object {
    return Object.fromEntries(
      Object.entries(content).map(([type, schema]) => [
        type,
        schema ? { schema: components.write(schema) } : mediaType(type),
      ]),
    );
  }

  return { responses, describe };
}

/** Describes a media type that has no schema: text is a string, and bytes need no schema in OpenAPI 3.1. */
export function mediaType(type: string): object {
  return type.startsWith('text/') ? { schema: { type: 'string' } } : {};
}

const redirect = {
  description: 'Another meta server is the primary. Send the same request there.',
  ...headers('Location', 'The URL on the primary meta server.'),
};

const pageRedirect = {
  description: 'The client prefers HTML, and this server has a page.',
  ...headers('Location', 'The path of the page, relative to the URL of the request.'),
};

function headers(name: string, description: string): object {
  return { headers: { [name]: { description, schema: { type: 'string' } } } };
}

/** Whether a 200 can have an ETag. */
function isRevalidated({ endpoint, readHasEffects, response }: Route): boolean {
  return endpoint.access === 'read' && !readHasEffects && 'application/json' in response;
}
