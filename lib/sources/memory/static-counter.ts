import type { PerfCounter } from '../../model/cluster.js';
import { createNumber } from '../perf-counters/number.js';

/**
 * Returns a function that reads a described counter. It returns the description itself, except for a `VOLATILE_NUMBER`: a read
 * sets that to 0.
 */
export function staticCounter(counter: PerfCounter): () => PerfCounter {
  if (counter.type !== 'VOLATILE_NUMBER') return () => counter;
  const number = createNumber();
  number.counter.set(counter.value);
  return () => ({ ...counter, value: number.readAndReset() });
}
