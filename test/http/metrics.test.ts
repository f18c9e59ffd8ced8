import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric, MetricEntity } from '../../lib/index.js';
import { serve } from '../support/http.js';
import {
  type MetricsAnswer,
  metricsSource,
  RECORDED_METRICS,
  type RecordedMetrics,
  snapshotOf,
} from '../support/metrics.js';

const GAUGE: Metric = { name: 'g', type: 'Gauge', unit: 'Keys', description: 'keys', value: 1 };
const COUNTER: Metric = { name: 'c', type: 'Counter', unit: 'Requests', description: 'requests', value: 2 };
const PERCENTILE: Metric = {
  name: 'p',
  type: 'Percentile',
  unit: 'NanoSeconds',
  description: 'latency',
  p50: 1,
  p90: 2,
  p95: 3,
  p99: 4,
  p999: 5,
};
const SERVER: MetricEntity = { type: 'server', id: 'server', attributes: {}, metrics: [GAUGE, COUNTER] };
const REPLICA: MetricEntity = {
  type: 'replica',
  id: 'replica@2.0',
  attributes: { table_id: '2', partition_id: '0' },
  metrics: [COUNTER, PERCENTILE],
};
const SNAPSHOT = { entities: [SERVER] };

describe('what a real Pegasus 2.6 answers', () => {
  const answered = RECORDED_METRICS.filter(({ status }) => status === 200);
  const refused = RECORDED_METRICS.filter(({ status }) => status !== 200);

  it('is recorded', () => {
    expect(answered.length).toBeGreaterThan(50);
    expect(refused.length).toBeGreaterThan(10);
  });

  it.each(answered)(
    '$server: $target has the recorded values in the same key order',
    async ({ target, answer = '' }) => {
      const { get } = await serve(metricsSource(snapshotOf(answer)));
      const { status, body, headers } = await get(target);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(body).toBe(`${answer}\n`);
    },
  );

  const isMeta1 = ({ server, answer = '' }: RecordedMetrics) =>
    server === 'meta1' && answer.includes('"port":34601,');
  const whole = RECORDED_METRICS.find(
    (recorded) => isMeta1(recorded) && recorded.target === '/metrics?detail=true',
  );

  it.each(answered.filter(isMeta1))(
    'meta1: $target selects the recorded entities, metrics and fields',
    async ({ target, answer = '' }) => {
      const { get } = await serve(metricsSource(snapshotOf(whole?.answer ?? '')));
      const byText = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
      const keysOf = ({ entities }: MetricsAnswer) =>
        entities.map(({ id, metrics }) => [
          id,
          byText(metrics.map((metric) => [metric['name'], Object.keys(metric)])),
        ]);
      const actual = (await get(target)).json() as MetricsAnswer;
      expect(byText(keysOf(actual))).toEqual(byText(keysOf(JSON.parse(answer))));
    },
  );

  it.each(refused)(
    '$method $target is refused with the recorded status',
    async ({ method, target, status }) => {
      const { send } = await serve(metricsSource({ entities: [SERVER] }));
      const answer = await send(method, target);
      // docs/differences.md: a wrong method is 405.
      expect(answer.status).toBe(method === 'POST' ? 405 : status);
      expect(answer.json()).toMatchObject({ error: expect.stringMatching(/^ERR_/) });
    },
  );
});

it.each(['gzip', 'br'])('a large answer is compressed by %s, and has no ETag', async (encoding) => {
  const metrics = Array.from({ length: 500 }, (_, i) => ({
    name: `metric_${i}`,
    type: 'Gauge' as const,
    unit: 'Requests',
    description: 'a metric',
    value: i,
  }));
  const { origin, get } = await serve(metricsSource({ entities: [{ ...SERVER, metrics }] }));
  const plain = await get('/metrics');
  const answer = await fetch(`${origin}/metrics`, { headers: { 'accept-encoding': encoding } });
  expect(answer.headers.get('content-encoding')).toBe(encoding);
  expect(answer.headers.get('vary')).toBe('accept-encoding');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('etag')).toBeNull();
  expect(Number(answer.headers.get('content-length'))).toBeLessThan(plain.body.length / 4);
  const withoutTime = (text: string) => text.replace(/"timestamp_ns":\d+/, '');
  expect(withoutTime(await answer.text())).toBe(withoutTime(plain.body));
  const small = await fetch(`${origin}/metrics?metrics=metric_1`, {
    headers: { 'accept-encoding': encoding },
  });
  expect(small.headers.get('content-encoding')).toBeNull();
  expect(small.headers.get('vary')).toBeNull();
});

describe('arguments', () => {
  it.each([
    ['/metrics?detail', 'detail must be true or false, not ""'],
    ['/metrics?detail=yes', 'detail must be true or false, not "yes"'],
    ['/metrics?detail=true&detail=true', 'duplicate parameter: "detail"'],
    ['/metrics?attributes=table_id', 'attributes=table_id,<value>: the last name has no value'],
    ['/metrics?attributes=a,1,b,', 'attributes=a,<value>: the last name has no value'],
    ['/metrics?type=server', 'unknown parameter "type": /metrics takes types and ids and attributes'],
    ['/metrics?types=a&types=b', 'duplicate parameter: "types"'],
    ['/metrics?types=%zz', 'bad escape'],
  ])('%s is refused and tells what is right', async (target, message) => {
    const source = metricsSource({ entities: [SERVER] });
    const { get } = await serve(source);
    const answer = await get(target);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: 'ERR_INVALID_PARAMETERS' });
    expect((answer.json() as { message: string }).message).toContain(message);
    expect(source.filters).toEqual([]);
  });

  it.each([
    ['/metrics', { types: [], ids: [], attributes: [], metrics: [] }],
    [
      '/metrics?types=&ids=&attributes=&metrics=&with_metric_fields=',
      { types: [], ids: [], attributes: [], metrics: [] },
    ],
    ['/metrics?types=a%2C%20b%20%2C,', { types: ['a', 'b'], ids: [], attributes: [], metrics: [] }],
    [
      '/metrics?attributes=a,1,__proto__,2&ids=x&metrics=m',
      {
        types: [],
        ids: ['x'],
        attributes: [
          ['a', '1'],
          ['__proto__', '2'],
        ],
        metrics: ['m'],
      },
    ],
  ])('%s reaches the source as a filter', async (target, filter) => {
    const source = metricsSource();
    const { get } = await serve(source);
    expect((await get(target)).status).toBe(200);
    expect(source.filters).toEqual([filter]);
  });

  it.each([
    ['types=server,replica', ['server', 'replica@2.0']],
    ['types=server&ids=replica@2.0', []],
    ['attributes=table_id,2,partition_id,9', ['replica@2.0']],
    ['attributes=table_id,9,partition_id,0', ['replica@2.0']],
    ['attributes=table_id,0', []],
    ['metrics=p,g', ['server', 'replica@2.0']],
    ['metrics=p', ['replica@2.0']],
    ['metrics=p&types=server', []],
  ])('%s finds the entities %j: all filters, any item of each', async (query, ids) => {
    const { get } = await serve(metricsSource({ entities: [SERVER, REPLICA] }));
    const { entities } = (await get(`/metrics?${query}`)).json() as MetricsAnswer;
    expect(entities.map(({ id }) => id)).toEqual(ids);
  });

  it('does not share a filter that a source changes with the next request', async () => {
    const { get } = await serve({
      metrics: {
        read(filter) {
          expect(() => (filter.types as string[]).push('x')).toThrow(TypeError);
          expect(() => (filter.attributes as unknown[]).push('x')).toThrow(TypeError);
          return { cluster: 'c', role: 'r', host: 'h', port: 1, timestampNs: 1n, entities: [SERVER] };
        },
      },
    });
    for (let i = 0; i < 2; i += 1)
      expect((await get('/metrics?types=server&attributes=')).body).toContain('"id":"server"');
  });

  it('HEAD does not read the source, because reading resets counters', async () => {
    const source = metricsSource();
    const { send } = await serve(source);
    const answer = await send('HEAD', '/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(source.filters).toEqual([]);
  });
});

describe('values', () => {
  it('prints 64-bit integers exactly', async () => {
    const value = 2n ** 63n - 1n;
    const entities = [{ ...SERVER, metrics: [{ ...COUNTER, value }] }];
    const { get } = await serve(metricsSource({ timestampNs: 1_795_575_648_660_584_081n, entities }));
    const { body } = await get('/metrics');
    expect(body).toContain('"timestamp_ns":1795575648660584081,');
    expect(body).toContain('{"name":"c","value":9223372036854775807}');
  });

  it('escapes all texts, and prints attributes named like properties of objects', async () => {
    const odd = '"\u2028\\\n\ud800';
    const attributes = { ...Object.fromEntries([['__proto__', odd]]), [odd]: 'v' };
    const entity = {
      type: odd,
      id: odd,
      attributes,
      metrics: [{ ...GAUGE, name: odd, unit: odd, description: odd }],
    };
    const { get } = await serve(metricsSource({ cluster: odd, role: odd, host: odd, entities: [entity] }));
    const answer = (await get('/metrics?detail=true')).json();
    const metric = { type: 'Gauge', name: odd, unit: odd, desc: odd, value: 1 };
    expect(answer).toEqual({
      cluster: odd,
      role: odd,
      host: odd,
      port: 1,
      timestamp_ns: 1,
      entities: [{ type: odd, id: odd, attributes, metrics: [metric] }],
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'omits a metric whose value is %d, and an entity without metrics',
    async (value) => {
      const entities = [
        { ...SERVER, metrics: [{ ...GAUGE, value }, COUNTER] },
        { ...REPLICA, metrics: [{ ...PERCENTILE, p95: value }] },
        { ...REPLICA, id: 'replica@2.1', metrics: [] },
      ];
      const { get } = await serve(metricsSource({ entities }));
      const answer = (await get('/metrics')).json() as MetricsAnswer;
      expect(answer.entities).toEqual([
        { type: 'server', id: 'server', attributes: {}, metrics: [{ name: 'c', value: 2 }] },
      ]);
    },
  );

  it.each<[what: string, snapshot: unknown, message: string]>([
    ['no entities', { entities: undefined }, 'entities must be an array'],
    ['a timestamp that is a number', { timestampNs: 1 }, 'timestampNs must be a non-negative bigint, not 1'],
    ['a negative timestamp', { timestampNs: -1n }, 'timestampNs must be a non-negative bigint'],
    ['a port that is a text', { port: '80' }, 'port must be a non-negative integer, not "80"'],
    ['no cluster', { cluster: undefined }, 'cluster must be a string'],
    ['no attributes', { entities: [{ ...SERVER, attributes: undefined }] }, 'attributes of entity "server"'],
    ['a number as an attribute', { entities: [{ ...SERVER, attributes: { a: 1 } }] }, 'attribute "a"'],
    ['no metrics', { entities: [{ ...SERVER, metrics: undefined }] }, 'metrics of entity "server"'],
    ['a value that is a text', { entities: [withMetric({ ...GAUGE, value: '1' })] }, 'value of "g" must be'],
    ['no p99', { entities: [withMetric({ ...PERCENTILE, p99: undefined })] }, 'p99 of "p" must be'],
    [
      'an unknown type',
      { entities: [withMetric({ ...GAUGE, type: 'Histogram' })] },
      'type of "g" must be one',
    ],
    ['no unit', { entities: [withMetric({ ...GAUGE, unit: undefined })] }, 'unit of "g" must be a string'],
  ])('%s of a source is a 500 that tells onError why', async (_, snapshot, message) => {
    const causes: unknown[] = [];
    const { get } = await serve(metricsSource({ ...SNAPSHOT, ...(snapshot as object) }), {
      onError: ({ cause }) => causes.push(cause),
    });
    const answer = await get('/metrics');
    expect(answer.status).toBe(500);
    expect(answer.json()).toEqual({
      error: 'ERR_UNKNOWN',
      message: 'the metrics source gave an unusable answer',
    });
    expect(String(causes)).toContain(message);
  });
});

function withMetric(metric: unknown): unknown {
  return { ...SERVER, metrics: [metric] };
}

it('answers 100,000 metrics without blocking the process for long', async () => {
  const metrics = Array.from({ length: 100_000 }, (_, i) => ({ ...COUNTER, name: `c${i}` }));
  const { get } = await serve({ ...metricsSource({ entities: [{ ...SERVER, metrics }] }), processInfo });
  const pending = get('/metrics');
  expect((await get('/version')).status).toBe(200);
  expect(((await pending).json() as MetricsAnswer).entities[0]?.metrics).toHaveLength(100_000);
});

const processInfo = { version: () => ({ version: '1', gitCommit: '2' }), startSecond: () => 0 };

describe('any metrics through any filter agree with a model', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'table_id', '__proto__', 'x y', 'é');
  // Few, so that an attribute is often found.
  const attribute = fc.constantFrom('a', '__proto__');
  const texts = { name: word, unit: word, description: fc.string() };
  const figure = fc.oneof(fc.double({ noDefaultInfinity: true, noNaN: true }), fc.maxSafeInteger());
  const metric = fc.oneof(
    fc.record({ ...texts, type: fc.constantFrom('Gauge', 'Counter', 'VolatileCounter'), value: figure }),
    fc.record({
      ...texts,
      type: fc.constant('Percentile'),
      p50: figure,
      p90: figure,
      p95: figure,
      p99: figure,
      p999: figure,
    }),
  ) as fc.Arbitrary<Metric>;
  const entity = fc.record({
    type: word,
    id: word,
    attributes: fc.dictionary(attribute, attribute, { maxKeys: 3 }),
    metrics: fc.array(metric, { maxLength: 4 }),
  });
  const list = fc.array(word, { maxLength: 3 });
  const request = fc.record(
    {
      types: list,
      ids: list,
      attributes: fc.array(fc.tuple(attribute, attribute), { maxLength: 2 }).map((pairs) => pairs.flat()),
      metrics: list,
      with_metric_fields: fc.subarray(['p99', 'type', 'name', 'value', 'desc', 'nope']),
      detail: fc.constantFrom('true', 'FALSE').map((text) => [text]),
    },
    { requiredKeys: [] },
  );

  /** What the request shows of the entities, written without the code under test. */
  function model(entities: readonly MetricEntity[], args: Readonly<Record<string, string[] | undefined>>) {
    const allows = (name: string, value: string) => {
      const allowed = args[name] ?? [];
      return allowed.length === 0 || allowed.some((one) => one === value);
    };
    const isBrief = args['detail']?.[0] !== 'true';
    const chosen =
      args['with_metric_fields'] ?? (isBrief ? ['name', 'value', 'p50', 'p90', 'p95', 'p99', 'p999'] : []);
    const answer: unknown[] = [];
    for (const { type, id, attributes, metrics } of entities) {
      if (!allows('types', type) || !allows('ids', id)) continue;
      const wanted = args['attributes'] ?? [];
      const own = Object.entries(attributes).map((pair) => pair.join('='));
      const found = wanted.some((name, i) => i % 2 === 0 && own.includes(`${name}=${wanted[i + 1]}`));
      if (wanted.length > 0 && !found) continue;
      const rows = metrics
        .filter(({ name }) => allows('metrics', name))
        .map(({ name, type, unit, description: desc, ...figures }) => {
          const row = Object.entries({ type, name, unit, desc, ...figures });
          return row.filter(([field]) => chosen.length === 0 || chosen.includes(field));
        });
      if (rows.length > 0)
        answer.push({ type, id, attributes, metrics: rows.map((row) => Object.fromEntries(row)) });
    }
    return answer;
  }

  it('for any entities and arguments', async () => {
    let entities: readonly MetricEntity[] = [];
    const { get } = await serve({
      metrics: {
        read: () => ({ cluster: 'c', role: 'r', host: 'h', port: 1, timestampNs: 1n, entities }),
      },
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entity, { maxLength: 5 }), request, async (given, args) => {
        entities = given;
        const query = Object.entries(args).map(
          ([name, items]) => `${name}=${encodeURIComponent(items.join(','))}`,
        );
        const { body } = await get(`/metrics?${query.join('&')}`);
        // JSON text, because -0 prints as 0.
        const { entities: shown } = JSON.parse(body) as MetricsAnswer;
        expect(JSON.stringify(shown)).toBe(JSON.stringify(model(given, args)));
      }),
    );
  });
});
