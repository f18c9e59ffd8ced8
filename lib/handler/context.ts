import type { ResponseBody, ResponseHeaders } from '../http/body.js';
import { Deadline } from '../http/deadline.js';
import type { AnyRequest, AnyResponse } from '../http/exchange.js';
import type { Endpoint, PegasusFetch, PegasusHandler } from '../routing/endpoint.js';
import type { Route, TableReporter } from '../routing/route.js';
import type { RouteMatch } from '../routing/router.js';
import type { SourcePart } from '../routing/source-operation.js';
import { skippedTableError } from '../source-calls/client-errors.js';
import type { ReportError } from './report.js';

/** One request to an endpoint. Each step of the pipeline adds its result. A class, because one is created for every request. */
export class RequestContext implements TableReporter {
  readonly handler: PegasusHandler | PegasusFetch;
  readonly req: AnyRequest;
  readonly res: AnyResponse;
  readonly match: RouteMatch;
  readonly route: Route;
  readonly endpoint: Endpoint;
  /** The parsed arguments. */
  args: unknown = undefined;
  /** What the source returned. */
  value: unknown = undefined;
  /** The rendered body. */
  responseBody: ResponseBody | undefined = undefined;
  /** The `Age` header of stale data. */
  age: ResponseHeaders | undefined = undefined;
  readonly #timeoutMs: number;
  readonly #report: ReportError;
  #deadline: Deadline | undefined = undefined;

  constructor(
    handler: PegasusHandler | PegasusFetch,
    req: AnyRequest,
    res: AnyResponse,
    match: RouteMatch,
    timeoutMs: number,
    report: ReportError,
  ) {
    this.handler = handler;
    this.req = req;
    this.res = res;
    this.match = match;
    this.route = match.route;
    this.endpoint = match.route.endpoint;
    this.#timeoutMs = timeoutMs;
    this.#report = report;
  }

  /** The deadline of all source calls together. It is created on first use, because most requests wait for none. */
  get deadline(): Deadline {
    this.#deadline ??= new Deadline(this.req, this.res, this.#timeoutMs);
    return this.#deadline;
  }

  /** Reports a table that the response omits to the application. */
  reportSkippedTable(table: string, cause: unknown): void {
    const { req, route, endpoint } = this;
    this.#report(skippedTableError(route.operation?.part as SourcePart, table, cause), req, endpoint);
  }
}
