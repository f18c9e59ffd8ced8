import type { PerfCounter } from '../../model/cluster.js';
import { numberFigure } from '../perf-counters/number.js';

/**
 * Reads a counter that was described by what reading it says. Only a `VOLATILE_NUMBER` has more to it: it goes back to 0, as
 * any other does.
 */
export function describedCounter(counter: PerfCounter): () => PerfCounter {
  if (counter.type !== 'VOLATILE_NUMBER') return () => counter;
  const figure = numberFigure();
  figure.counter.set(counter.value);
  return () => ({ ...counter, value: figure.take() });
}
