import type { PegasusRequest, PegasusResponse } from '../http/node.js';

/** What kind of thing an endpoint tells; see {@link Endpoint}. */
export type EndpointGroup = 'listing' | 'meta' | 'perfCounter' | 'pprof' | 'process';

export const ENDPOINT_GROUPS: readonly EndpointGroup[] = [
  'listing',
  'meta',
  'perfCounter',
  'pprof',
  'process',
];

/**
 * An endpoint of the interface, as `authorize`, `onError` and the events name it. It is always the same object for the same endpoint of
 * a handler.
 *
 * | group | paths | what it tells |
 * |---|---|---|
 * | `listing` | `/` | which endpoints there are |
 * | `meta` | `/meta/*` | the cluster: names of tables, addresses, environment variables |
 * | `perfCounter` | `/perfCounter` | the figures of this process; reading some of them sets them back |
 * | `process` | `/version` `/recentStartTime` | the version of this process and when it started |
 * | `pprof` | `/pprof/*` | its command line, its stacks, its memory; taking a profile slows it down |
 */
export interface Endpoint {
  /** Its own path, `/meta/app`: without the `basePath` or what the host has cut off, however the client wrote it. */
  readonly path: string;
  /** What can be guarded or left out together. */
  readonly group: EndpointGroup;
}

/**
 * Answers one request. It never throws and returns nothing: the answer, whatever it is, goes to `res`. (Without a response of Node's it
 * throws a `TypeError` that says how to mount it.)
 *
 * @param req - Read for its method, URL and headers; never changed.
 * @param res - Answered exactly once, unless `next` is called or the client is gone.
 * @param next - Called, without arguments and before anything is written, when the path is none of the interface's.
 *   Without it such a path is a 404. express and its like keep the errors of what comes behind to themselves; where `next` does throw
 *   or reject, that is told to `onError`, and answered with a 500 if nobody has answered yet.
 */
export type PegasusHandler = (req: PegasusRequest, res: PegasusResponse, next?: () => unknown) => void;
