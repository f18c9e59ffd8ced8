import fc from 'fast-check';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, register, Summary } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { promClientMetrics } from '../../lib/sources/prom-client/index.js';
import { serve } from '../support/http.js';
import { ALL_METRICS, type MetricsAnswer } from '../support/metrics.js';

const CALL = { signal: new AbortController().signal };

async function entitiesOf(registry: Registry, target = '/metrics?detail=true') {
  const { get } = await serve({ metrics: promClientMetrics(registry) });
  return ((await get(target)).json() as MetricsAnswer).entities;
}

describe('prom-client as metrics', () => {
  it('shows counters, gauges, histograms and summaries, an entity for each set of labels', async () => {
    const registers = [new Registry()];
    const orders = new Counter({
      name: 'orders_total',
      help: 'orders',
      labelNames: ['shop', 'day'],
      registers,
    });
    orders.inc({ shop: 'north', day: 1 }, 3);
    orders.inc({ shop: 'south, b;c', day: 1 });
    new Gauge({ name: 'heap_bytes', help: 'heap', registers }).set(7.5);
    const seconds = new Histogram({ name: 'http_seconds', help: 'latency', buckets: [1, 2, 4], registers });
    for (const value of [0.5, 1.5, 1.5, 3]) seconds.observe(value);
    const job = new Summary({
      name: 'job_seconds',
      help: 'jobs',
      percentiles: [0.5, 0.99, 0.999],
      labelNames: ['shop', 'day'],
      registers,
    });
    job.observe({ day: 1, shop: 'north' }, 5);
    expect(await entitiesOf(registers[0] as Registry)).toEqual([
      {
        type: 'prometheus',
        id: 'prometheus@day=1;shop=north',
        attributes: { day: '1', shop: 'north' },
        metrics: [
          { type: 'Counter', name: 'prometheus_orders_total', unit: 'Values', desc: 'orders', value: 3 },
          {
            type: 'Percentile',
            name: 'prometheus_job_seconds',
            unit: 'Seconds',
            desc: 'jobs',
            p50: 5,
            p99: 5,
            p999: 5,
          },
          { type: 'Gauge', name: 'prometheus_job_seconds_sum', unit: 'Seconds', desc: 'jobs', value: 5 },
          { type: 'Counter', name: 'prometheus_job_seconds_count', unit: 'Values', desc: 'jobs', value: 1 },
        ],
      },
      {
        type: 'prometheus',
        id: 'prometheus@day=1;shop=south%2C%20b%3Bc',
        attributes: { day: '1', shop: 'south, b;c' },
        metrics: [
          { type: 'Counter', name: 'prometheus_orders_total', unit: 'Values', desc: 'orders', value: 1 },
        ],
      },
      {
        type: 'prometheus',
        id: 'prometheus',
        attributes: {},
        metrics: [
          { type: 'Gauge', name: 'prometheus_heap_bytes', unit: 'Bytes', desc: 'heap', value: 7.5 },
          {
            type: 'Percentile',
            name: 'prometheus_http_seconds',
            unit: 'Seconds',
            desc: 'latency',
            p50: 1.5,
            p90: expect.closeTo(3.2),
            p95: expect.closeTo(3.6),
            p99: expect.closeTo(3.92),
            p999: expect.closeTo(3.992),
          },
          {
            type: 'Gauge',
            name: 'prometheus_http_seconds_sum',
            unit: 'Seconds',
            desc: 'latency',
            value: 6.5,
          },
          {
            type: 'Counter',
            name: 'prometheus_http_seconds_count',
            unit: 'Values',
            desc: 'latency',
            value: 4,
          },
        ],
      },
    ]);
  });

  it.each([
    ['/metrics?types=server', []],
    ['/metrics?ids=prometheus', ['prometheus']],
    ['/metrics?ids=prometheus@a=x%2525;b=1%252C2', ['prometheus@a=x%25;b=1%2C2']],
    ['/metrics?attributes=a,x%25', ['prometheus@a=x%25;b=1%2C2']],
    ['/metrics?metrics=prometheus_s_count', ['prometheus']],
    ['/metrics?metrics=prometheus_c_total', ['prometheus@a=x%25;b=1%2C2']],
    ['/metrics?metrics=c_total', []],
  ])('%s finds %j', async (target, ids) => {
    const registers = [new Registry()];
    new Counter({ name: 'c_total', help: 'c', labelNames: ['a', 'b'], registers }).inc({ a: 'x%', b: '1,2' });
    new Summary({ name: 's', help: 's', registers }).observe(1);
    expect((await entitiesOf(registers[0] as Registry, target)).map(({ id }) => id)).toEqual(ids);
  });

  it('gives back every series that prom-client prints, for any labels', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            metric: fc.constantFrom('a_total', 'b:c', 'd'),
            labels: fc.dictionary(fc.constantFrom('x', 'y', 'le', 'quantile'), fc.string(), { maxKeys: 3 }),
            value: fc.integer({ min: 0, max: 1000 }),
          }),
        ),
        async (given) => {
          const registry = new Registry();
          const labelNames = ['x', 'y', 'le', 'quantile'];
          const model = new Map<string, number>();
          for (const { metric, labels, value } of given) {
            const counter =
              (registry.getSingleMetric(metric) as Counter | undefined) ??
              new Counter({ name: metric, help: 'h', labelNames, registers: [registry] });
            counter.inc(labels, value);
          }
          for (const { name, values } of (await registry.getMetricsAsJSON()) as unknown as {
            name: string;
            values: { labels: Record<string, string>; value: number }[];
          }[]) {
            for (const { labels, value } of values)
              model.set(JSON.stringify([name, Object.entries(labels).sort()]), value);
          }
          const { entities } = await promClientMetrics(registry).read(ALL_METRICS, CALL);
          const found = new Map<string, unknown>();
          for (const { attributes, metrics } of entities) {
            for (const metric of metrics) {
              const name = metric.name.replace(/^prometheus_/, '');
              const series = JSON.stringify([name, Object.entries(attributes).sort()]);
              found.set(series, 'value' in metric ? metric.value : undefined);
            }
          }
          expect(found).toEqual(model);
          expect(new Set(entities.map(({ id }) => id)).size).toBe(entities.length);
        },
      ),
    );
  });

  it('calls each collect function once a read, and fails with the error of one that is asked for', async () => {
    const registry = new Registry();
    let calls = 0;
    for (const name of ['a', 'b'])
      new Gauge({
        name,
        help: name,
        registers: [registry],
        async collect() {
          calls += 1;
          if (name === 'b') throw new Error('broken');
          this.set(1);
        },
      });
    const source = promClientMetrics(registry);
    await expect(source.read(ALL_METRICS, CALL)).rejects.toThrow('broken');
    expect(calls).toBe(2);
    const { entities } = await source.read({ ...ALL_METRICS, metrics: ['prometheus_a'] }, CALL);
    expect(entities).toMatchObject([{ metrics: [{ name: 'prometheus_a', value: 1 }] }]);
    await source.read({ ...ALL_METRICS, types: ['server'] }, CALL);
    expect(calls).toBe(4);
  });

  it('reads the default registry with its default metrics', async () => {
    collectDefaultMetrics();
    onTestFinished(() => register.clear());
    const { get } = await serve({ metrics: promClientMetrics() });
    const { entities } = (
      await get('/metrics?metrics=prometheus_process_resident_memory_bytes')
    ).json() as MetricsAnswer;
    expect(entities[0]?.metrics[0]?.['value']).toBeGreaterThan(1e6);
    expect((await get('/metrics?detail=true')).status).toBe(200);
  });

  it('answers for 20,000 series', async () => {
    const registers = [new Registry()];
    const counter = new Counter({ name: 'c', help: 'c', labelNames: ['i'], registers });
    for (let i = 0; i < 20_000; i += 1) counter.inc({ i }, i);
    const entities = await entitiesOf(registers[0] as Registry, '/metrics?ids=prometheus@i=19999');
    expect(entities[0]?.metrics).toEqual([{ name: 'prometheus_c', value: 19_999 }]);
  });
});

describe('a mistake', () => {
  // biome-ignore lint/suspicious/noExplicitAny: every call below is a mistake of types
  const make = promClientMetrics as any;
  it.each<[unknown[], string]>([
    [[{}], "promClientMetrics: registry must be one of prom-client's, not an object"],
    [[register, { windowMs: 0 }], 'windowMs must be a positive number, not 0'],
    [[register, { window: 1 }], 'unknown option "window"'],
    [[register, { cluster: 1 }], 'promClientMetrics: cluster must be a string'],
  ])('%j tells its way out', (args, message) => {
    expect(() => make(...args)).toThrow(TypeError);
    expect(() => make(...args)).toThrow(message);
  });
});
