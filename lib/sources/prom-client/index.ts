/**
 * What a service measures with prom-client, as Pegasus's perf counters: {@link promClientCounters}. prom-client itself is an
 * optional peer: only who imports this needs it.
 *
 * @packageDocumentation
 */

export {
  type PromClientCounters,
  type PromClientCountersOptions,
  promClientCounters,
} from './prom-client-counters.js';
export {
  type ParsedPromSeries,
  type PromReading,
  type PromSeries,
  parsePromCounterName,
  promCounterName,
} from './series-name.js';
