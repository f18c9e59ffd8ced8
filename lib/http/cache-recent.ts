/** Longer arguments are not cached, which limits the memory of a cache. */
const MAX_CACHED_LENGTH = 512;

/**
 * Wraps a pure function of a header or another short text so that it remembers its last results, because clients send the same few values.
 *
 * @param maxEntries - When the cache is full, it starts anew.
 */
export function cacheRecent<Arg extends string | undefined, Result>(
  compute: (arg: Arg) => Result,
  maxEntries = 16,
): (arg: Arg) => Result {
  const results = new Map<Arg, Result>();
  return (arg) => {
    const cached = results.get(arg);
    if (cached !== undefined) return cached;
    const result = compute(arg);
    if (result === undefined || (arg !== undefined && arg.length > MAX_CACHED_LENGTH)) return result;
    if (results.size >= maxEntries) results.clear();
    results.set(arg, result);
    return result;
  };
}
