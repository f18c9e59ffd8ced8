import { useEffect, useMemo, useState } from 'preact/hooks';
import { DataTable } from './data-table.js';
import { useText } from './i18n.js';
import { type Place, replaceQuery } from './location.js';
import { Card, ViewHead, WithData } from './parts.js';
import { Plot } from './plot.js';
import { readable, record, seriesOf } from './series.js';
import { usePoll } from './use-poll.js';
import type { Metric, Metrics } from './wire.js';

const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'p999'] as const;

interface Item {
  readonly key: string;
  readonly entity: string;
  readonly attributes: string;
  readonly metric: Metric;
}

/** Lists the metrics of the server and plots the chosen ones. */
export function MetricsView({ place }: { place: Place }) {
  const metrics = usePoll<Metrics>('metrics?detail=true');
  return <WithData poll={metrics}>{(data) => <MetricList metrics={data} place={place} />}</WithData>;
}

function readMetrics({ entities }: Metrics): readonly Item[] {
  return entities.flatMap(({ id, attributes, metrics }) =>
    metrics.map((metric) => ({
      key: `${id} ${metric.name}`,
      entity: id,
      attributes: Object.entries(attributes ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
      metric,
    })),
  );
}

function MetricList({ metrics, place }: { metrics: Metrics; place: Place }) {
  const t = useText();
  const items = useMemo(() => readMetrics(metrics), [metrics]);
  const search = (place.query.get('search') ?? '').toLowerCase();
  const shown = items.filter(({ key, attributes }) => `${key} ${attributes}`.toLowerCase().includes(search));
  const plotted = items.find(({ key }) => key === place.query.get('plot'));
  return (
    <>
      <ViewHead title={t('nav.metrics')} note={t('tables.count', shown.length, items.length)}>
        <div class="tools">
          <input
            type="search"
            placeholder={t('metrics.search')}
            aria-label={t('metrics.search')}
            value={place.query.get('search') ?? ''}
            onInput={(event) => replaceQuery(place, { search: event.currentTarget.value })}
          />
        </div>
      </ViewHead>
      {plotted === undefined ? (
        <p class="muted">{t('metrics.pick')}</p>
      ) : (
        <Plotted key={plotted.key} item={plotted} />
      )}
      <div class="card flush">
        <DataTable
          label={t('nav.metrics')}
          items={shown}
          keyOf={({ key }) => key}
          sort={place.query.get('sort') ?? 'entity'}
          onSort={(sort) => replaceQuery(place, { sort })}
          isLong
          columns={[
            {
              key: 'entity',
              title: t('metrics.entity'),
              sortBy: ({ key }) => key,
              cell: ({ entity, attributes }) => (
                <span class="name" title={attributes}>
                  {entity}
                </span>
              ),
            },
            {
              key: 'metric',
              title: t('metrics.metric'),
              sortBy: ({ metric }) => metric.name,
              cell: ({ key, metric }) => (
                <button
                  type="button"
                  class="link"
                  title={metric.desc ?? ''}
                  onClick={() => replaceQuery(place, { plot: key })}
                >
                  {metric.name}
                </button>
              ),
            },
            {
              key: 'value',
              title: t('metrics.value'),
              isNumber: true,
              sortBy: ({ metric }) => valuesOf(metric)[0] ?? 0,
              cell: ({ metric }) =>
                metric.value === undefined
                  ? `p99 ${readable(metric.p99 ?? NaN)} · p999 ${readable(metric.p999 ?? NaN)}`
                  : readable(metric.value),
            },
            { key: 'unit', title: t('profile.unit'), isMinor: true, cell: ({ metric }) => metric.unit ?? '' },
          ]}
        />
      </div>
    </>
  );
}

function valuesOf(metric: Metric): readonly number[] {
  return metric.value === undefined ? PERCENTILES.map((name) => metric[name] ?? 0) : [metric.value];
}

function Plotted({ item }: { item: Item }) {
  const { metric, key } = item;
  const values = valuesOf(metric);
  const series = seriesOf(`metric ${key}`, values.length);
  const [points, setPoints] = useState(0);
  // Each answer is one point.
  useEffect(() => {
    record(series, values);
    setPoints((count) => count + 1);
  }, [item]);
  return (
    <Card title={key}>
      <p class="muted small">
        {metric.desc} {metric.unit !== undefined && <span class="tag">{metric.unit}</span>}
      </p>
      <Plot
        name={key}
        series={series}
        lines={values.length === 1 ? ['value'] : PERCENTILES}
        points={points}
      />
    </Card>
  );
}
