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
 * What a guard says to a request: `'allow'` lets it through, `'forbid'` is a `403 ERR_ACL_DENY`. A `challenge` is a
 * `401 ERR_UNAUTHENTICATED` that tells the client how to come again: the value of `WWW-Authenticate`, `Bearer realm="pegasus"`.
 */
export type Verdict = 'allow' | 'forbid' | Challenge;

/** Wants credentials; see {@link Verdict}. */
export interface Challenge {
  /** What goes into `WWW-Authenticate`: a scheme, and its parameters in visible ASCII. */
  readonly challenge: string;
}
