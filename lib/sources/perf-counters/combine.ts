import type { PerfCounter } from '../../model/cluster.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { chain } from '../../model/maybe-promise.js';
import type { PerfCounterSource } from '../../model/source.js';
import type { SourceContext } from '../../model/source-context.js';
import { describeValue } from '../../validate/describe-value.js';

/** Several sources as one; see {@link combinePerfCounters}. */
export interface CombinedPerfCounters extends PerfCounterSource {
  /**
   * Returns the names of all sources that can tell theirs, each name once.
   *
   * @param context - Passed to the sources. Default: one that is never aborted.
   */
  names(context?: SourceContext): Promise<string[]>;
}

/**
 * Combines several sources into one. A read calls them in order until one has the counter. The sources after it are not called,
 * so a read has its effects on one counter only. An error of a source is the error of the read: a broken source must not look
 * as if it had no such counter.
 *
 * @throws TypeError when an argument is not a source.
 *
 * @example The counters of the service, of the process and of prom-client
 * ```ts
 * import { combinePerfCounters, createPegasusHandler, perfCounterRegistry, processCounters } from 'pegasus-http';
 * import { promClientCounters } from 'pegasus-http/prom-client';
 *
 * const perfCounters = combinePerfCounters(perfCounterRegistry(), processCounters(), promClientCounters());
 * export const handler = createPegasusHandler({ perfCounters });
 * ```
 */
export function combinePerfCounters(...sources: readonly PerfCounterSource[]): CombinedPerfCounters {
  sources.forEach((source, i) => {
    if (typeof source?.read !== 'function') {
      throw new TypeError(
        `combinePerfCounters: source ${i + 1} must have a function read, and ${describeValue(source)} has none`,
      );
    }
    if (source.names !== undefined && typeof source.names !== 'function') {
      throw new TypeError(
        `combinePerfCounters: names of source ${i + 1} must be a function, not ${describeValue(source.names)}`,
      );
    }
  });

  function readFrom(i: number, name: string, context: SourceContext): MaybePromise<PerfCounter | undefined> {
    const source = sources[i];
    if (source === undefined) return undefined;
    return chain(source.read(name, context), (counter) => counter ?? readFrom(i + 1, name, context));
  }

  return {
    read: (name, context) => readFrom(0, name, context),
    async names(context = { signal: new AbortController().signal }) {
      const lists = await Promise.all(sources.map((source) => source.names?.(context) ?? []));
      return [...new Set(lists.flat())];
    },
  };
}
