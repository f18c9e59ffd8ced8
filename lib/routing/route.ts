import type { IncomingHttpHeaders } from 'node:http';
import { JSON_TYPE, type ResponseBody } from '../http/body.js';
import type { AnyRequest } from '../http/exchange.js';
import type { ErrorResponse, HttpResponse } from '../http/response.js';
import type { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { SourceContext } from '../model/source-context.js';
import type { Schema } from '../wire/schema.js';
import type { Endpoint, EndpointGroup } from './endpoint.js';
import { describeParams, type Params, type ParamValues } from './params.js';
import type { RequestBody } from './request-body.js';
import type { SourceOperation, SourcePart } from './source-operation.js';

/** Where a rendering reports the tables that the response omits. */
export interface TableReporter {
  reportSkippedTable(table: string, cause: unknown): void;
}

/** The media types of a 200 with their schemas; `undefined` for a type that is not JSON. */
export type ResponseContent = Readonly<Record<string, Schema | undefined>>;

/**
 * Answers a request without a source.
 *
 * @param subpath - The path below the route's own; `undefined` for the route's own path.
 * @param isPrivate - Whether the response is for this client only.
 */
export type RespondEarly = (
  req: AnyRequest,
  subpath: string | undefined,
  isPrivate: boolean,
) => HttpResponse | ErrorResponse | undefined;

/** The arguments of a request: declared parameters, and `body` for a request with a body. */
export type RouteArgs<Declared extends Params, Body> = ParamValues<Declared> & {
  readonly body?: Body | undefined;
};

/** The declaration of one endpoint. Parsing, errors, authorization, `GET /` and documentation follow from it. */
export interface RouteDefinition<Declared extends Params, Body, Part extends SourcePart, Value> {
  readonly path: string;
  /** The methods. A read endpoint with GET also answers HEAD. Default: GET. */
  readonly methods?: readonly ('GET' | 'POST')[];
  readonly group: EndpointGroup;
  readonly access: 'read' | 'write';
  /** One sentence about the endpoint, without its parameters. */
  readonly summary: string;
  readonly params: Declared;
  /** Whether an undeclared parameter is an error. Default: it is ignored. */
  readonly rejectUnknownParams?: boolean;
  readonly body?: RequestBody<Body>;
  /** Whether reading has effects, such as resetting a counter. Then HEAD does not call the source. */
  readonly readHasEffects?: boolean;
  /** The part of the source whose servers have this endpoint, for an endpoint that calls no operation. Default: all servers. */
  readonly servedWith?: SourcePart;
  /** The operation of the source. Operations on `metaState` are answered by the primary meta server only. */
  readonly source?: {
    readonly part: Part;
    readonly method: string;
    key?(args: RouteArgs<Declared, Body>): string;
    expectedMs?(args: RouteArgs<Declared, Body>): number;
    call(
      part: NonNullable<ClusterSource[Part]>,
      args: RouteArgs<Declared, Body>,
      context: SourceContext,
    ): MaybePromise<Value>;
  };
  /** Completes the parsed arguments by the headers of the request. Default: it leaves them as they are. */
  withHeaders?(args: RouteArgs<Declared, Body>, headers: IncomingHttpHeaders): RouteArgs<Declared, Body>;
  /** Whether the route answers every path below its own too. Default: no. */
  readonly hasSubpaths?: boolean;
  /** Answers before the source is called; `undefined` goes on. Default: it goes on. */
  respond?: RespondEarly;
  /** The value of `Vary` where `respond` depends on headers. Default: the one of the body. */
  readonly vary?: string | undefined;
  readonly response: ResponseContent;
  /** Error responses by status whose body is not the usual error document. Default: none. */
  readonly errors?: Readonly<Record<number, ResponseContent>>;
  /** Returns the content type of a 200. Default: JSON. */
  contentType?(args: RouteArgs<Declared, Body>): string;
  /**
   * Renders the value that the source returned.
   *
   * @returns The body, or the error for the client.
   */
  render(
    value: Value,
    args: RouteArgs<Declared, Body>,
    reporter: TableReporter,
  ): MaybePromise<ResponseBody | PegasusError>;
}

/** A route, its types erased. */
export interface Route {
  readonly endpoint: Endpoint;
  readonly methods: readonly string[];
  readonly params: Params;
  readonly rejectUnknownParams: boolean;
  readonly body: RequestBody<unknown> | undefined;
  readonly readHasEffects: boolean;
  readonly hasSubpaths: boolean;
  readonly respond: RespondEarly | undefined;
  readonly vary: string | undefined;
  /** The part of the source without which the endpoint does not exist; `undefined` if it exists on all servers. */
  readonly servedWith: SourcePart | undefined;
  /** `undefined` if the endpoint needs no source. */
  readonly operation: SourceOperation | undefined;
  readonly response: ResponseContent;
  /** Error responses by status whose body is not the usual error document. */
  readonly errors: Readonly<Record<number, ResponseContent>>;
  /** What `GET /` prints: the parameters and the summary. */
  readonly help: string;
  withHeaders(args: unknown, headers: IncomingHttpHeaders): unknown;
  contentType(args: unknown): string;
  render(value: unknown, args: unknown, reporter: TableReporter): MaybePromise<ResponseBody | PegasusError>;
}

/** Creates a route from its declaration. */
export function defineRoute<
  const Declared extends Params,
  Body = undefined,
  Part extends SourcePart = SourcePart,
  Value = undefined,
>(definition: RouteDefinition<Declared, Body, Part, Value>): Route {
  const { path, group, access, summary, params, body, source, response } = definition;
  const { methods = ['GET'], rejectUnknownParams = false, readHasEffects = false } = definition;
  const usage = describeParams(params);
  const hasHead = access === 'read' && methods.includes('GET');
  return {
    endpoint: Object.freeze({ path, group, access, summary }),
    methods: hasHead ? ['GET', 'HEAD', ...methods.filter((method) => method !== 'GET')] : methods,
    params,
    rejectUnknownParams,
    body,
    readHasEffects,
    hasSubpaths: definition.hasSubpaths ?? false,
    respond: definition.respond,
    vary: definition.vary,
    servedWith: source?.part ?? definition.servedWith,
    operation: source && (operationOf(source, access) as SourceOperation),
    response,
    errors: definition.errors ?? {},
    withHeaders: (definition.withHeaders as Route['withHeaders'] | undefined) ?? ((args) => args),
    contentType: (definition.contentType as Route['contentType'] | undefined) ?? (() => JSON_TYPE),
    help: usage === '' ? summary : `${usage}. ${summary}`,
    render: definition.render as Route['render'],
  };
}

function operationOf<Declared extends Params, Body, Part extends SourcePart, Value>(
  source: NonNullable<RouteDefinition<Declared, Body, Part, Value>['source']>,
  access: Endpoint['access'],
): SourceOperation<RouteArgs<Declared, Body>, Value> {
  const { part, method, key, expectedMs } = source;
  return {
    part,
    method,
    // Two identical writes are two writes: they never share a call.
    ...(key && access === 'read' && { key }),
    ...(expectedMs && { expectedMs }),
    call: (all, args, context) => source.call(all[part] as NonNullable<ClusterSource[Part]>, args, context),
  };
}
