import type { Route } from '../routing/route.js';
import type { OpenApiDocument } from '../wire/openapi.js';
import { describeParameters } from './parameters.js';
import { createResponseComponents, mediaType, type ResponseComponents } from './responses.js';
import { createSchemaComponents, type SchemaComponents } from './schemas.js';
import { PACKAGE_VERSION } from './version.js';

/**
 * Describes routes as an OpenAPI 3.1 document. All of it follows from the declarations of the routes and their schemas.
 *
 * HEAD is not written: every GET has it.
 */
export function describeRoutes(routes: readonly Route[]): OpenApiDocument {
  const components = createSchemaComponents();
  const responses = createResponseComponents(components);
  const paths = Object.fromEntries(
    routes
      .filter(isDescribed)
      .map((route) => [route.endpoint.path, describePath(route, components, responses)]),
  );
  return {
    openapi: '3.1.1',
    info: {
      title: 'Apache Pegasus HTTP interface',
      version: PACKAGE_VERSION,
      description: 'Served by pegasus-http. Every GET of an endpoint that only reads also answers HEAD.',
    },
    // Relative to the URL of the document: right below any mount path and behind any proxy.
    servers: [{ url: '.' }],
    paths,
    components: { schemas: components.schemas, responses: responses.responses },
  };
}

/** Pages and their files are no part of the interface. */
function isDescribed({ hasSubpaths }: Route): boolean {
  return !hasSubpaths;
}

function describePath(
  route: Route,
  components: SchemaComponents,
  responses: ResponseComponents,
): Record<string, object> {
  const { endpoint, methods, params } = route;
  const { path, group, access, summary } = endpoint;
  const operations = methods
    .filter((method) => method !== 'HEAD')
    .map((method) => {
      const parameters = describeParameters(params);
      return [
        method.toLowerCase(),
        {
          operationId: operationId(method, path),
          tags: [group],
          summary,
          'x-pegasus-access': access,
          ...(parameters.length > 0 && { parameters }),
          ...(method === 'POST' && route.body && { requestBody: requestBody(route.body, components) }),
          responses: responses.describe(route, method),
        },
      ];
    });
  return Object.fromEntries(operations);
}

function requestBody(
  { contentType, schema, maxBytes, isRequired = true }: NonNullable<Route['body']>,
  components: SchemaComponents,
): object {
  return {
    description: `At most ${maxBytes} bytes.`,
    required: isRequired,
    content: { [contentType]: schema ? { schema: components.write(schema) } : mediaType(contentType) },
  };
}

/** Returns `getMetaAppEnvs` for `GET /meta/app_envs`; `getIndex` for `GET /`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const name = words.length === 0 ? ['index'] : words;
  return method.toLowerCase() + name.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('');
}
