import { setImmediate } from 'node:timers/promises';
import type { Metric, Registry } from 'prom-client';
import type { MetricEntity, MetricsFilter, Metric as PegasusMetric } from '../../model/metric.js';
import { matchesEntity, matchesMetric } from '../../model/metric-filter.js';
import type { MetricsSource } from '../../model/source.js';
import { describeValue } from '../../validate/describe-value.js';
import { createSnapshots, type MetricsServerOptions } from '../metrics/snapshots.js';
import { createCollector } from './collect.js';
import { defaultRegistry } from './default-registry.js';
import { type Labels, type MetricValues, readMetric, seriesKey } from './metric.js';
import { entityOf } from './series-entity.js';
import { metricNames, toMetrics } from './series-metrics.js';
import { createSeriesStates, type SeriesStates } from './series-state.js';

/** How many series are read before other work gets its turn: a few milliseconds. */
const SERIES_PER_SLICE = 1000;

/** Options of {@link promClientMetrics}. */
export interface PromClientMetricsOptions extends MetricsServerOptions {
  /**
   * The recent window of a histogram, in milliseconds. Its percentiles cover the observations of at least this much time.
   *
   * @defaultValue 30,000
   */
  readonly windowMs?: number | undefined;
}

/**
 * Exposes the metrics of a prom-client registry as metrics of Pegasus 2.6. A metric may be registered before or after this call.
 *
 * All series with the same labels are one entity of type `prometheus`. Its attributes are the labels, as text. Its id is `prometheus@`
 * and the labels, sorted by name, as `method=GET;status=200`; without labels it is `prometheus`. In a value of an id, `%`, `,`, `;` and
 * white space are percent-encoded. Default labels of the registry are left out.
 *
 * | metric | metrics of the entity | type |
 * |---|---|---|
 * | counter | `prometheus_http_requests_total` | Counter |
 * | gauge | `prometheus_queue_length` | Gauge |
 * | histogram | `prometheus_http_request_duration_seconds`: of recent observations, interpolated as Prometheus's `histogram_quantile` does | Percentile |
 * | summary | `prometheus_job_seconds`: its own quantiles; those that it was made without are not printed | Percentile |
 * | histogram, summary | `prometheus_job_seconds_sum`, `prometheus_job_seconds_count` | Gauge, Counter |
 *
 * So an entity and a metric name give the series back: remove `prometheus_` from the name, and take the attributes for labels. The
 * prefix is there because Pegasus's Go collector has metrics such as `process_open_fds` itself, and ends when it meets them again.
 *
 * A read calls the `collect` functions of all metrics first, as `registry.metrics()` does. When a `collect` throws or rejects, reads of
 * its metric fail. A read waits at most one second for the `collect` functions of metrics that do not pass the filter.
 *
 * @param registry - Default: prom-client's own registry. An application that bundles prom-client must pass its registry, because
 *   the copy that is installed beside this package has another.
 * @param options - The server that the metrics belong to, and the window of histograms.
 * @throws TypeError when an argument is wrong; `Error` when no registry is given and `prom-client` is not installed.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler } from 'pegasus-http';
 * import { promClientMetrics } from 'pegasus-http/prom-client';
 * import { collectDefaultMetrics, register } from 'prom-client';
 *
 * collectDefaultMetrics();
 * const metrics = promClientMetrics(register, { cluster: 'onebox', role: 'replica', port: 34801 });
 * createServer(createPegasusHandler({ metrics })).listen(34801, '127.0.0.1');
 * // curl 'http://127.0.0.1:34801/metrics?metrics=prometheus_process_resident_memory_bytes'
 * ```
 */
export function promClientMetrics(
  registry: Pick<Registry, 'getSingleMetric' | 'getMetricsAsArray'> = defaultRegistry(),
  options: PromClientMetricsOptions = {},
): MetricsSource {
  const snapshot = createSnapshots('promClientMetrics', options, ['windowMs']);
  const { windowMs = 30_000 } = options;
  if (typeof registry?.getSingleMetric !== 'function') {
    throw new TypeError(
      `promClientMetrics: registry must be one of prom-client's, not ${describeValue(registry)}`,
    );
  }
  if (typeof windowMs !== 'number' || !(windowMs > 0)) {
    throw new TypeError(
      `promClientMetrics: windowMs must be a positive number, not ${describeValue(windowMs)}`,
    );
  }
  const collect = createCollector(registry);
  const statesByMetric = new WeakMap<Metric, SeriesStates>();

  function statesOf(metric: Metric): SeriesStates {
    const states = statesByMetric.get(metric) ?? createSeriesStates(windowMs, () => performance.now());
    statesByMetric.set(metric, states);
    return states;
  }

  /** The metrics of the registry that pass the filter by the name of one of their metrics. */
  function find(filter: MetricsFilter): readonly Metric[] {
    return registry
      .getMetricsAsArray()
      .map(({ name }) => registry.getSingleMetric(name))
      .filter((metric) => metric !== undefined)
      .filter((metric) => {
        const { type, name } = metric as unknown as { type: MetricValues['type']; name: string };
        return metricNames(type, name).some((one) => matchesMetric(filter, one));
      });
  }

  async function addSeries(metric: Metric, filter: MetricsFilter, entities: Entities): Promise<void> {
    const all = await readMetric(metric);
    const series = groupSeries(all);
    const exists = (labels: Labels) => series.has(seriesKey(all.type, labels));
    let count = 0;
    for (const [key, { labels, values }] of series) {
      count += 1;
      if (count % SERIES_PER_SLICE === 0) await setImmediate();
      const entity = entityOf(labels);
      if (!matchesEntity(filter, entity)) continue;
      const { name } = metric as unknown as { name: string };
      const metrics = toMetrics(name, { ...all, values }, (buckets) =>
        statesOf(metric).get(key, labels, exists).recent(buckets),
      );
      const known = entities.get(entity.id);
      if (known === undefined) entities.set(entity.id, { ...entity, metrics: [...metrics] });
      else known.metrics.push(...metrics);
    }
  }

  return {
    async read(filter) {
      const entities: Entities = new Map();
      if (matchesEntity({ ...filter, ids: [], attributes: [] }, entityOf({}))) {
        const metrics = find(filter);
        // In one tick, so that all share one run of the collect functions.
        await Promise.all(metrics.map((metric) => collect(metric)));
        for (const metric of metrics) await addSeries(metric, filter, entities);
      }
      return snapshot([...entities.values()]);
    },
  };
}

/** Entities by id. */
type Entities = Map<string, MetricEntity & { readonly metrics: PegasusMetric[] }>;

/** Groups the values of a metric by series. `le` and `quantile` tell values of one series apart. */
function groupSeries({ type, values }: MetricValues) {
  const series = new Map<
    string,
    { readonly labels: Labels; readonly values: MetricValues['values'][number][] }
  >();
  for (const value of values) {
    const key = seriesKey(type, value.labels);
    const known = series.get(key);
    if (known !== undefined) known.values.push(value);
    else series.set(key, { labels: withoutOwnLabels(type, value.labels), values: [value] });
  }
  return series;
}

function withoutOwnLabels(type: MetricValues['type'], { le, quantile, ...labels }: Labels): Labels {
  if (type === 'histogram') return { ...labels, quantile };
  return type === 'summary' ? { ...labels, le } : { ...labels, le, quantile };
}
