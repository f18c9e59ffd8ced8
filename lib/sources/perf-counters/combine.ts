import type { PerfCounter } from '../../model/cluster.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { chain } from '../../model/maybe-promise.js';
import type { PerfCounterSource } from '../../model/source.js';
import type { SourceContext } from '../../model/source-context.js';
import { describeValue } from '../../validate/describe-value.js';

/**
 * Makes one source of several: each is asked in turn, and the first that has the counter answers. Those behind it are not
 * asked, so that a read has its effects on one counter alone. What one throws is what the whole throws: a broken source must
 * not look as if it had no such counter.
 *
 * @throws TypeError when one is not a source.
 *
 * @example What the service counts itself, what the process says of itself, and what prom-client measures already
 * ```ts
 * import { combinePerfCounters, createPegasusHandler, perfCounterRegistry, processCounters } from 'pegasus-http';
 * import { promClientCounters } from 'pegasus-http/prom-client';
 *
 * const perfCounters = combinePerfCounters(perfCounterRegistry(), processCounters(), promClientCounters());
 * export const handler = createPegasusHandler({ perfCounters });
 * ```
 */
export function combinePerfCounters(...sources: readonly PerfCounterSource[]): PerfCounterSource {
  sources.forEach((source, i) => {
    if (typeof source?.read === 'function') return;
    throw new TypeError(
      `combinePerfCounters: source ${i + 1} must have a function read, and ${describeValue(source)} has none`,
    );
  });

  function readFrom(at: number, name: string, call: SourceContext): MaybePromise<PerfCounter | undefined> {
    const source = sources[at];
    if (source === undefined) return undefined;
    return chain(source.read(name, call), (counter) => counter ?? readFrom(at + 1, name, call));
  }

  return { read: (name, call) => readFrom(0, name, call) };
}
