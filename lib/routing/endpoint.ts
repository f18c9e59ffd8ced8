import type { PegasusRequest, PegasusResponse } from '../http/node.js';

/** What an endpoint belongs to; see {@link Endpoint}. */
export type EndpointGroup =
  | 'listing'
  | 'meta'
  | 'replica'
  | 'perfCounter'
  | 'metrics'
  | 'config'
  | 'pprof'
  | 'process'
  | 'console';

export const ENDPOINT_GROUPS: readonly EndpointGroup[] = [
  'listing',
  'meta',
  'replica',
  'perfCounter',
  'metrics',
  'config',
  'pprof',
  'process',
  'console',
];

/**
 * An endpoint of the interface, as `authorize`, `onError`, the events and `handler.endpoints` name it. A handler always uses the same
 * object for the same endpoint.
 *
 * | group | paths | content |
 * |---|---|---|
 * | `listing` | `/` `/openapi.json` | the endpoints themselves |
 * | `meta` | `/meta/*` `/envs/list` | the cluster: names of tables, addresses, environment variables |
 * | `replica` | `/replica/*` | the replicas of this server |
 * | `perfCounter` | `/perfCounter` | perf counters of this process; reading some of them resets them |
 * | `metrics` | `/metrics` | metrics of this process |
 * | `config` | `/config` `/configs` `/updateConfig` | configuration of this process, which may hold paths and names |
 * | `process` | `/version` `/recentStartTime` | version and start time of this process |
 * | `console` | `/console/*` | the files of the web console, which are the same for every cluster; its data comes from the other groups |
 * | `pprof` | `/pprof/*` | command line, stacks and memory of this process; a profile slows the process down |
 */
export interface Endpoint {
  /** The path, such as `/meta/app`, without `basePath` or mount path and however the client spelled it. */
  readonly path: string;
  /** The group, for authorization and `exclude`. */
  readonly group: EndpointGroup;
  /** Whether the endpoint changes the server. Writes are denied unless the application sets `authorize`. */
  readonly access: 'read' | 'write';
  /** One sentence about the endpoint, as `GET /` prints it. */
  readonly summary: string;
}

/**
 * Answers requests; `createPegasusHandler` creates it. It returns nothing, because the response goes to `res`. It throws only if
 * `res` is not a response of Node: a `TypeError` that explains how to mount the handler.
 */
export interface PegasusHandler {
  /**
   * Answers one request.
   *
   * @param req - The handler reads method, URL, headers and body. It never changes the request.
   * @param res - The handler responds exactly once, unless it calls `next` or the client disconnects.
   * @param next - Called without arguments, before anything is written, if no endpoint has the path. Without `next` the response is a
   *   404. Express and similar frameworks handle errors behind `next` themselves. If `next` throws or rejects, the handler calls
   *   `onError` and responds with 500 unless a response has started.
   */
  (req: PegasusRequest, res: PegasusResponse, next?: () => unknown): void;
  /** The endpoints that this handler serves, sorted by path. */
  readonly endpoints: readonly Endpoint[];
}

/**
 * Answers requests of the Fetch API; `createPegasusFetch` creates it. It never rejects, unless what it is given is not a `Request`: then it
 * rejects with a `TypeError` that explains how to mount it.
 */
export interface PegasusFetch {
  /**
   * Answers one request.
   *
   * @param request - The handler reads method, URL, headers and body. If its signal aborts, the handler stops the source's work.
   * @param host - What else the host passes: the option `clientAddress` gets it.
   */
  (request: Request, ...host: unknown[]): Promise<Response>;
  /** The endpoints that this handler serves, sorted by path. */
  readonly endpoints: readonly Endpoint[];
}
