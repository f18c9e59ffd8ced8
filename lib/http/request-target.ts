/** The path and the raw query of a request target. */
export interface RequestTarget {
  readonly path: string;
  /** The query without `?`; empty when there is none. */
  readonly rawQuery: string;
}

const ORIGIN = /^https?:\/\/[^/?#]*/i;

/**
 * Splits a request target at the first `?`. A `#` after it belongs to the query, because request targets have no fragment
 * and names of perf counters contain `#`. The absolute form (`GET http://host/path`), which RFC 9112 requires servers to
 * accept, loses its origin.
 */
export function splitTarget(target: string): RequestTarget {
  const local = target.startsWith('/') ? target : target.replace(ORIGIN, '');
  const mark = local.indexOf('?');
  if (mark === -1) return { path: local, rawQuery: '' };
  return { path: local.slice(0, mark), rawQuery: local.slice(mark + 1) };
}
