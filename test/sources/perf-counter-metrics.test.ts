import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  combineMetrics,
  combinePerfCounters,
  type Metric,
  type MetricEntity,
  type MetricsFilter,
  type MetricsSource,
  type PerfCounterRegistry,
  perfCounterMetrics,
  perfCounterRegistry,
  processCounters,
  requestCounters,
} from '../../lib/index.js';
import { fakeClock } from '../support/clock.js';
import { serve } from '../support/http.js';
import { ALL_METRICS, type MetricsAnswer } from '../support/metrics.js';

const CALL = { signal: new AbortController().signal };

async function read(source: MetricsSource, filter: Partial<MetricsFilter> = {}): Promise<readonly Metric[]> {
  const { entities } = await source.read({ ...ALL_METRICS, ...filter }, CALL);
  return entities.flatMap(({ metrics }) => metrics);
}

describe('perf counters as metrics', () => {
  it('have the types and units of Pegasus', async () => {
    const clock = fakeClock();
    const counters = perfCounterRegistry({ now: clock.now });
    counters.number('replica*server*memused.res(MB)', 'resident', { collect: () => 17.5 });
    counters.number('replica*server*queue.length', 'waiting orders').set(3);
    counters.volatileNumber('replica*server*recent.error.count', 'errors').inc(4);
    counters.rate('replica*app.pegasus*get_qps@1.0', 'qps').inc(10);
    counters.rate('replica*server*cpu.user(%)', 'CPU').inc(100);
    const { observe } = counters.percentile('replica*app.pegasus*get_latency(ms)@1.0', 'latency');
    for (let i = 1; i <= 100; i += 1) observe(i);
    clock.pass(2000);
    expect(await read(perfCounterMetrics(counters))).toEqual([
      {
        name: 'resident_mem_usage_mb',
        type: 'Gauge',
        unit: 'MegaBytes',
        description: 'resident',
        value: 17.5,
      },
      {
        name: 'replica_server_queue_length',
        type: 'Gauge',
        unit: 'Values',
        description: 'waiting orders',
        value: 3,
      },
      {
        name: 'replica_server_recent_error_count',
        type: 'VolatileCounter',
        unit: 'Values',
        description: 'errors',
        value: 4,
      },
      {
        name: 'replica_app_pegasus_get_qps_1_0',
        type: 'Gauge',
        unit: 'EventsPerSec',
        description: 'qps',
        value: 5,
      },
      { name: 'replica_server_cpu_user', type: 'Gauge', unit: 'Percent', description: 'CPU', value: 50 },
      {
        name: 'replica_app_pegasus_get_latency_ms_1_0',
        type: 'Percentile',
        unit: 'MilliSeconds',
        description: 'latency',
        p50: 50,
        p90: 90,
        p95: 95,
        p99: 99,
        p999: 100,
      },
    ]);
  });

  it('have names that Prometheus allows, each once', async () => {
    const counters = perfCounterRegistry();
    for (const name of ['a*b*c', 'A*b*c', 'a*b*c()', '1*2*3', 'é*ü*ö', 'a*b*%'])
      counters.number(name, name).set(1);
    const metrics = await read(perfCounterMetrics(counters));
    expect(metrics.map(({ name, description }) => [description, name])).toEqual([
      ['a*b*c', 'a_b_c'],
      ['A*b*c', 'a_b_c_2'],
      ['a*b*c()', 'a_b_c_3'],
      ['1*2*3', 'counter_1_2_3'],
      ['é*ü*ö', 'counter_'],
      ['a*b*%', 'a_b'],
    ]);
  });

  it.each<[string, Partial<MetricsFilter>, number]>([
    ['another type', { types: ['replica'] }, 7],
    ['another id', { ids: ['replica@1.0'] }, 7],
    ['an attribute', { attributes: [['table_id', '1']] }, 7],
    ['another metric', { metrics: ['resident_mem_usage_mb'] }, 7],
    ['its own metric', { types: ['server', 'x'], metrics: ['replica_server_recent_error_count'] }, 0],
    ['nothing', {}, 0],
  ])('are reset only by a read that prints them: filtered by %s', async (_, filter, left) => {
    const counters = perfCounterRegistry();
    counters.volatileNumber('replica*server*recent.error.count', '').inc(7);
    await read(perfCounterMetrics(counters), filter);
    expect(counters.read('replica*server*recent.error.count')).toMatchObject({ value: left });
  });

  it('omit percentiles that a source does not know', async () => {
    const counters = perfCounterRegistry();
    counters.percentile('a*b*c', '', { collect: () => ({ p99: 1, p999: 2 }) });
    const { get } = await serve({ metrics: perfCounterMetrics(counters) });
    expect((await get('/metrics')).body).toContain('{"name":"a_b_c","p99":1,"p999":2}');
  });

  it('fail together when the source fails', async () => {
    const counters = perfCounterRegistry();
    counters.number('a*b*c', '', {
      collect() {
        throw new Error('broken');
      },
    });
    const causes: unknown[] = [];
    const { get } = await serve(
      { metrics: perfCounterMetrics(counters) },
      { onError: ({ cause }) => causes.push(cause) },
    );
    expect((await get('/metrics')).json()).toEqual({
      error: 'ERR_UNKNOWN',
      message: 'the metrics source failed',
    });
    expect(causes).toEqual([new Error('broken')]);
    expect((await get('/metrics?metrics=other')).status).toBe(200);
  });

  it('of the process and its requests are there', async () => {
    const process = processCounters();
    const requests = requestCounters();
    onTestFinished(() => {
      process.close();
      requests.close();
    });
    const metrics = perfCounterMetrics(combinePerfCounters(process, requests), {
      cluster: 'onebox',
      role: 'replica',
      host: 'rs-1.example',
      port: 34801,
    });
    const { get } = await serve({ metrics });
    const first = (await get('/metrics?detail=true')).json() as MetricsAnswer;
    expect(first).toMatchObject({ cluster: 'onebox', role: 'replica', host: 'rs-1.example', port: 34801 });
    const byName = new Map(first.entities[0]?.metrics.map((metric) => [metric['name'], metric]));
    expect(byName.get('resident_mem_usage_mb')).toMatchObject({ type: 'Gauge', unit: 'MegaBytes' });
    expect(byName.get('resident_mem_usage_mb')?.['value']).toBeGreaterThan(10);
    expect(byName.get('virtual_mem_usage_mb')?.['value']).toBeGreaterThan(10);
    expect(byName.get('replica_server_event_loop_delay_ms')).toMatchObject({ type: 'Percentile', p50: 0 });
    expect(byName.get('replica_http_qps_all')).toMatchObject({ type: 'Gauge' });
  });

  it('have timestamps that grow, also when the clock is set back', async () => {
    vi.useFakeTimers({ now: 2000, toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const source = perfCounterMetrics(perfCounterRegistry());
    const times: bigint[] = [];
    for (const now of [2000, 2000, 1000, 3000]) {
      vi.setSystemTime(now);
      times.push((await source.read(ALL_METRICS, CALL)).timestampNs);
    }
    expect(times).toEqual([2_000_000_000n, 2_000_000_001n, 2_000_000_002n, 3_000_000_000n]);
  });

  it('agree with a model for any registry and filter, and are reset once each', async () => {
    let counters: PerfCounterRegistry = perfCounterRegistry();
    const { get } = await serve({
      metrics: { read: (filter, context) => perfCounterMetrics(counters).read(filter, context) },
    });
    const kind = fc.constantFrom('number', 'volatileNumber');
    const given = fc.uniqueArray(
      fc.record({ id: fc.integer({ min: 0, max: 9 }), kind, value: fc.integer() }),
      {
        selector: ({ id }) => id,
      },
    );
    const chosen = fc.array(
      fc.integer({ min: 0, max: 9 }).map((id) => `a_b_${id}`),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(given, fc.array(chosen, { minLength: 1, maxLength: 4 }), async (rows, reads) => {
        counters = perfCounterRegistry();
        const model = new Map<string, number>();
        for (const { id, kind, value } of rows) {
          counters[kind as 'number'](`a*b*${id}`, '').set(value);
          model.set(`a_b_${id}`, value);
        }
        for (const names of reads) {
          const { entities } = (await get(`/metrics?metrics=${names.join('%2C')}`)).json() as MetricsAnswer;
          const expected = [...model].filter(([name]) => names.length === 0 || names.includes(name));
          const shown = entities.flatMap(({ metrics }) => metrics.map(({ name, value }) => [name, value]));
          expect(shown).toEqual(expected);
          for (const [name] of expected) {
            const isVolatile = rows.some(({ id, kind }) => `a_b_${id}` === name && kind === 'volatileNumber');
            if (isVolatile) model.set(name, 0);
          }
        }
      }),
    );
  });
});

describe('combineMetrics', () => {
  const gauge = (name: string, value: number): Metric => ({
    name,
    type: 'Gauge',
    unit: 'Keys',
    description: '',
    value,
  });
  const source = (timestampNs: bigint, ...entities: MetricEntity[]): MetricsSource => ({
    read: () => ({ cluster: `c${timestampNs}`, role: 'r', host: 'h', port: 1, timestampNs, entities }),
  });

  it('merges entities, and takes the server of the first source and the latest time', async () => {
    const server = { type: 'server', id: 'server' };
    const combined = combineMetrics(
      source(1n, { ...server, attributes: { a: '1' }, metrics: [gauge('x', 1)] }),
      source(
        3n,
        { ...server, attributes: { a: '2', b: '3' }, metrics: [gauge('x', 2), gauge('y', 3)] },
        { type: 'table', id: 'server', attributes: {}, metrics: [gauge('z', 4)] },
      ),
      source(2n),
    );
    expect(await combined.read(ALL_METRICS, CALL)).toEqual({
      cluster: 'c1',
      role: 'r',
      host: 'h',
      port: 1,
      timestampNs: 3n,
      entities: [
        { ...server, attributes: { a: '1', b: '3' }, metrics: [gauge('x', 1), gauge('y', 3)] },
        { type: 'table', id: 'server', attributes: {}, metrics: [gauge('z', 4)] },
      ],
    });
  });

  it('passes filter and context on, and the error of a source', async () => {
    const calls: unknown[][] = [];
    const recording: MetricsSource = {
      read(...args) {
        calls.push(args);
        return source(1n).read(...args);
      },
    };
    const filter = { ...ALL_METRICS, types: ['x'] };
    await combineMetrics(recording, recording).read(filter, CALL);
    expect(calls).toEqual([
      [filter, CALL],
      [filter, CALL],
    ]);
    const broken: MetricsSource = {
      read() {
        throw new Error('broken');
      },
    };
    await expect(combineMetrics(recording, broken).read(filter, CALL)).rejects.toThrow('broken');
  });
});

describe('a mistake', () => {
  // biome-ignore lint/suspicious/noExplicitAny: every call below is a mistake of types
  const untyped = (value: unknown) => value as any;
  const counters = perfCounterRegistry();
  it.each<[() => unknown, string]>([
    [
      () => untyped(perfCounterMetrics)(),
      'perfCounterMetrics: source must have a function names, and undefined',
    ],
    [() => untyped(perfCounterMetrics)({ names: () => [] }), 'source must have a function read'],
    [() => perfCounterMetrics(counters, untyped({ prot: 1 })), 'unknown option "prot", did you mean "port"?'],
    [
      () => perfCounterMetrics(counters, { port: 70_000 }),
      'port must be an integer from 0 to 65535, not 70000',
    ],
    [() => perfCounterMetrics(counters, untyped({ port: '1' })), 'port must be an integer'],
    [() => perfCounterMetrics(counters, untyped({ role: 1 })), 'role must be a string, not 1'],
    [() => combineMetrics(), 'combineMetrics: pass at least one source'],
    [() => combineMetrics(untyped(counters.read)), 'source 1 must have a function read'],
  ])('%s tells its way out', (make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});
