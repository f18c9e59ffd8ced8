/** A request target in its two parts. */
export interface Target {
  readonly path: string;
  /** Without the `?`; empty when there is none. */
  readonly rawQuery: string;
}

const ORIGIN = /^https?:\/\/[^/?#]*/i;

/**
 * Splits a request target at the first `?`. A `#` behind it belongs to the query: targets have no fragment, and the
 * names of perf counters have `#` in them. The absolute form (`GET http://host/path`), which a server must accept, loses its origin.
 */
export function splitTarget(target: string): Target {
  const local = target.startsWith('/') ? target : target.replace(ORIGIN, '');
  const mark = local.indexOf('?');
  if (mark === -1) return { path: local, rawQuery: '' };
  return { path: local.slice(0, mark), rawQuery: local.slice(mark + 1) };
}
