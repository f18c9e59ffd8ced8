import fc from 'fast-check';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, register, Summary } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PerfCounter } from '../../lib/index.js';
import { bucketQuantile } from '../../lib/sources/prom-client/histogram-quantile.js';
import {
  type PromSeries,
  parsePromCounterName,
  promClientCounters,
  promCounterName,
} from '../../lib/sources/prom-client/index.js';
import { fakeClock } from '../support/clock.js';
import { serve } from '../support/http.js';

const CALL = { signal: new AbortController().signal };

/** A registry of its own with what it is read by, and a clock that starts with the process. */
function bridge() {
  const registry = new Registry();
  const clock = fakeClock(0);
  const counters = promClientCounters(registry, { now: clock.now, windowMs: 1000 });
  return { registry, clock, read: (name: string) => counters.read(name, CALL), names: counters.names };
}

describe('names', () => {
  it.each<[PromSeries, string]>([
    [{ metric: 'up', reading: 'value' }, 'prometheus*up*value'],
    [{ metric: 'a:b_total', reading: 'rate', labels: {} }, 'prometheus*a:b_total*rate'],
    [
      { metric: 'http', reading: 'rate', labels: { status: 200, method: 'GET' } },
      'prometheus*http*rate@method=GET,status=200',
    ],
    [
      { metric: 'http', reading: 'percentile', labels: { route: '/a*b@c=d,e%f é+#' } },
      'prometheus*http*percentile@route=/a*b@c=d%2Ce%25f é+#',
    ],
    [{ metric: 'http', reading: 'value', labels: { empty: '' } }, 'prometheus*http*value@empty='],
  ])('%o is %s', (series, name) => {
    expect(promCounterName(series)).toBe(name);
    const labels = Object.entries(series.labels ?? {}).map(([label, value]) => [label, String(value)]);
    expect(parsePromCounterName(name)).toEqual({ ...series, labels: Object.fromEntries(labels) });
  });

  const label = fc.stringMatching(/^[a-zA-Z_]\w{0,8}$/);
  const series = fc.record({
    metric: fc.stringMatching(/^[a-zA-Z_:][\w:]{0,20}$/),
    reading: fc.constantFrom('value' as const, 'rate' as const, 'percentile' as const),
    labels: fc.dictionary(label, fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }))),
  });

  it('and back, for whatever labels', () => {
    fc.assert(
      fc.property(series, (given) => {
        const parsed = parsePromCounterName(promCounterName(given));
        expect(parsed).toEqual({ ...given, labels: { ...given.labels } });
        expect(promCounterName(parsed as PromSeries)).toBe(promCounterName(given));
      }),
      { numRuns: 500 },
    );
  });

  it('may have their labels in any order', () => {
    expect(parsePromCounterName('prometheus*m*rate@b=2,a=1')?.labels).toEqual({ a: '1', b: '2' });
  });

  it.each([
    '',
    'up',
    'prometheus*up',
    'prometheus*up*',
    'prometheus*up*sum',
    'prometheus**value',
    'prometheus*1up*value',
    'prometheus*up*value@',
    'prometheus*up*value@a',
    'prometheus*up*value@=1',
    'prometheus*up*value@a=1,',
    'prometheus*up*value@a=1,a=2',
    'prometheus*up*value@a=%41',
    'prometheus*up*value@a=%2c',
    'prometheus*up*values',
    'replica*server*memused.res(MB)',
  ])('%j is none', (name) => {
    expect(parsePromCounterName(name)).toBeUndefined();
  });

  it.each([
    [{ metric: 'a*b', reading: 'value' }, 'metric must be the name of a metric, not "a*b"'],
    [{ metric: 'a', reading: 'sum' }, 'reading must be value, rate or percentile, not "sum"'],
    [{ metric: 'a', reading: 'value', labels: { 'b-c': 1 } }, 'labels must have names of labels, not "b-c"'],
  ])('%o has none', (wrong, message) => {
    expect(() => promCounterName(wrong as PromSeries)).toThrow(message);
  });
});

describe('a counter', () => {
  const labels = { method: 'GET', route: '/users/:id' };

  it('is a NUMBER, and a RATE since the last read', async () => {
    const { registry, clock, read } = bridge();
    const counter = new Counter({
      name: 'http_requests_total',
      help: 'requests',
      labelNames: ['method', 'route'],
      registers: [registry],
    });
    counter.inc(labels, 30);
    counter.inc({ method: 'POST', route: '/' }, 1000);
    clock.pass(10_000);
    const name = promCounterName({ metric: 'http_requests_total', reading: 'rate', labels });
    // The first time it is the rate since the process started.
    expect(await read(name)).toEqual({ name, type: 'RATE', value: 3, description: 'requests' });
    clock.pass(2000);
    counter.inc(labels, 5);
    expect(await read(name)).toMatchObject({ value: 2.5 });
    expect(await read(name)).toMatchObject({ value: 2.5 });
    registry.resetMetrics();
    counter.inc(labels, 4);
    clock.pass(1000);
    expect(await read(name)).toMatchObject({ value: 4 });
    const value = promCounterName({ metric: 'http_requests_total', reading: 'value', labels });
    expect(await read(value)).toEqual({ name: value, type: 'NUMBER', value: 4, description: 'requests' });
  });

  it('starts anew when its metric is another one of the same name', async () => {
    const { registry, clock, read } = bridge();
    const make = () => new Counter({ name: 'c', help: 'c', registers: [registry] });
    make().inc(100);
    clock.pass(1000);
    expect(await read('prometheus*c*rate')).toMatchObject({ value: 100 });
    registry.removeSingleMetric('c');
    expect(await read('prometheus*c*rate')).toBeUndefined();
    make().inc(100);
    clock.pass(1000);
    expect(await read('prometheus*c*rate')).toMatchObject({ value: 50 });
  });
});

describe('a gauge', () => {
  it('is a NUMBER, whether it was set or is collected when it is read', async () => {
    const { registry, read } = bridge();
    new Gauge({ name: 'queue', help: 'q', labelNames: ['name'], registers: [registry] }).set(
      { name: 'in' },
      -2.5,
    );
    let load = 1;
    const collected = new Gauge({
      name: 'load',
      help: 'l',
      registers: [registry],
      async collect() {
        this.set(load);
      },
    });
    expect(collected).toBeDefined();
    expect(await read('prometheus*queue*value@name=in')).toMatchObject({ type: 'NUMBER', value: -2.5 });
    expect(await read('prometheus*load*value')).toMatchObject({ value: 1 });
    load = 2;
    expect(await read('prometheus*load*value')).toMatchObject({ value: 2 });
  });
});

describe('a histogram', () => {
  const percentiles = (counter: PerfCounter | undefined) => {
    if (counter?.type !== 'PERCENTILE') throw new Error('not a PERCENTILE');
    return [counter.p99, counter.p999];
  };

  it('is interpolated within its bucket', async () => {
    const { registry, read } = bridge();
    const histogram = new Histogram({
      name: 'seconds',
      help: 's',
      labelNames: ['method'],
      buckets: [0.1, 0.5, 1, 2],
      registers: [registry],
    });
    for (let i = 0; i < 900; i++) histogram.observe({ method: 'GET' }, 0.05);
    for (let i = 0; i < 100; i++) histogram.observe({ method: 'GET' }, 0.7);
    histogram.observe({ method: 'POST' }, 100);
    const [p99, p999] = percentiles(await read('prometheus*seconds*percentile@method=GET'));
    expect(p99).toBeCloseTo(0.5 + 0.5 * (90 / 100), 10);
    expect(p999).toBeCloseTo(0.5 + 0.5 * (99 / 100), 10);
    // Beyond the last bound nobody knows more than that bound.
    expect(percentiles(await read('prometheus*seconds*percentile@method=POST'))).toEqual([2, 2]);
  });

  it('is of what was observed lately', async () => {
    const { registry, clock, read } = bridge();
    const histogram = new Histogram({ name: 'h', help: 'h', buckets: [1, 2, 4], registers: [registry] });
    const name = 'prometheus*h*percentile';
    const p99 = async () => percentiles(await read(name))[0];
    expect(await p99()).toBe(0);
    histogram.observe(3);
    expect(await p99()).toBeCloseTo(2 + 2 * 0.99, 10);
    clock.pass(1000);
    expect(await p99()).toBeCloseTo(2 + 2 * 0.99, 10);
    clock.pass(1000);
    // Nothing came since the read before this one, which is old enough by now.
    expect(await p99()).toBe(0);
    histogram.observe(0.5);
    expect(await p99()).toBeCloseTo(0.99, 10);
    histogram.reset();
    histogram.observe(1.5);
    histogram.observe(1.5);
    expect(await p99()).toBeCloseTo(1.99, 10);
  });

  it.each([
    [{ bounds: [1, 2, Number.POSITIVE_INFINITY], counts: [0, 0, 0] }, 0],
    [{ bounds: [], counts: [] }, 0],
    [{ bounds: [Number.POSITIVE_INFINITY], counts: [5] }, Number.NaN],
    [{ bounds: [1, Number.POSITIVE_INFINITY], counts: [4, 4] }, 0.5],
    [{ bounds: [-1, 0, Number.POSITIVE_INFINITY], counts: [4, 5, 5] }, -1],
    [{ bounds: [-2, 2, Number.POSITIVE_INFINITY], counts: [0, 4, 4] }, 0],
    [{ bounds: [1, 2, Number.POSITIVE_INFINITY], counts: [0, 0, 4] }, 2],
    [{ bounds: [1, 2, 4, Number.POSITIVE_INFINITY], counts: [2, 2, 8, 8] }, 2 + (2 * 2) / 6],
    [{ bounds: [1, 2, Number.POSITIVE_INFINITY], counts: [4, 8, 8] }, 1],
  ])('of %o has the median %d, as histogram_quantile has it', (buckets, median) => {
    expect(bucketQuantile(0.5, buckets)).toBe(median);
  });

  it('is within the bucket that the true percentile falls into', () => {
    const bounds = [0.5, 1, 2, 5, 10, Number.POSITIVE_INFINITY];
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 9.99, noNaN: true }), { minLength: 1 }), (observed) => {
        const sorted = observed.toSorted((a, b) => a - b);
        const truth = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
        const counts = bounds.map((bound) => sorted.filter((value) => value <= bound).length);
        const estimate = bucketQuantile(0.99, { bounds, counts });
        const at = bounds.findIndex((bound) => truth <= bound);
        expect(estimate).toBeGreaterThanOrEqual(bounds[at - 1] ?? 0);
        expect(estimate).toBeLessThanOrEqual(bounds[at] ?? 0);
      }),
    );
  });
});

describe('a summary', () => {
  it('is its own quantiles', async () => {
    const { registry, read } = bridge();
    const percentiles = [0.5, 0.99, 0.999];
    const summary = new Summary({
      name: 's',
      help: 's',
      labelNames: ['a'],
      percentiles,
      registers: [registry],
    });
    for (let i = 1; i <= 1000; i++) summary.observe({ a: 1 }, i);
    const values = (await summary.get()).values as { labels: { quantile?: number }; value: number }[];
    const own = (quantile: number) => values.find(({ labels }) => labels.quantile === quantile)?.value;
    expect(await read('prometheus*s*percentile@a=1')).toEqual({
      name: 'prometheus*s*percentile@a=1',
      type: 'PERCENTILE',
      p99: own(0.99),
      p999: own(0.999),
      description: 's',
    });
    expect(own(0.99)).toBeGreaterThan(980);
  });

  it('that was made without them says nan', async () => {
    const registry = new Registry();
    new Summary({ name: 's', help: 's', percentiles: [0.5], registers: [registry] }).observe(1);
    const { get } = await serve({ perfCounters: promClientCounters(registry) });
    expect((await get('/perfCounter?name=prometheus*s*percentile')).json()).toMatchObject({
      p99: 'nan',
      p999: 'nan',
    });
  });
});

describe('a registry', () => {
  it('lists what can be read, and all of it can', async () => {
    const { registry, read, names } = bridge();
    new Counter({ name: 'c', help: 'c', labelNames: ['a', 'b'], registers: [registry] }).inc({
      b: 'x,y',
      a: '%',
    });
    new Gauge({ name: 'g', help: 'g', registers: [registry] });
    new Histogram({ name: 'h', help: 'h', labelNames: ['a'], registers: [registry] }).observe({ a: 5 }, 1);
    new Summary({ name: 's', help: 's', registers: [registry] });
    expect(await names()).toEqual([
      'prometheus*c*value@a=%25,b=x%2Cy',
      'prometheus*c*rate@a=%25,b=x%2Cy',
      'prometheus*g*value',
      'prometheus*h*percentile@a=5',
      'prometheus*s*percentile',
    ]);
    for (const name of await names()) expect(await read(name), name).toMatchObject({ name });
  });

  it.each([
    'prometheus*none*value',
    'prometheus*constructor*value',
    'prometheus*__proto__*value',
    'prometheus*c*percentile@a=1',
    'prometheus*c*value',
    'prometheus*c*value@a=2',
    'prometheus*c*value@a=1,b=2',
    'prometheus*h*rate',
    'prometheus*g*rate',
  ])('has no %s', async (name) => {
    const { registry, read } = bridge();
    new Counter({ name: 'c', help: 'c', labelNames: ['a', 'b'], registers: [registry] }).inc({ a: 1 });
    new Gauge({ name: 'g', help: 'g', registers: [registry] });
    new Histogram({ name: 'h', help: 'h', registers: [registry] }).observe(1);
    expect(await read(name)).toBeUndefined();
  });

  it("is prom-client's own by default, with what it collects of the process", async () => {
    onTestFinished(() => register.clear());
    collectDefaultMetrics();
    const counters = promClientCounters();
    expect(await counters.read('prometheus*process_resident_memory_bytes*value', CALL)).toMatchObject({
      type: 'NUMBER',
      value: expect.any(Number),
    });
    const names = await counters.names();
    expect(names.length).toBeGreaterThan(30);
    for (const name of names) expect(await counters.read(name, CALL), name).toMatchObject({ name });
  });

  it('may be gone through label by label without end, and nothing is remembered of what is gone', async () => {
    const { registry, clock, read } = bridge();
    const counter = new Counter({ name: 'c', help: 'c', labelNames: ['user'], registers: [registry] });
    for (let user = 0; user < 2000; user++) {
      counter.inc({ user }, 7);
      clock.pass(1000);
      expect(await read(`prometheus*c*rate@user=${user}`)).toMatchObject({ type: 'RATE' });
      counter.remove({ user });
    }
    // The first one's memory went with it: it is as new.
    counter.inc({ user: 0 }, 2001);
    clock.pass(1000);
    expect(await read('prometheus*c*rate@user=0')).toMatchObject({ value: 1 });
  });

  it.each([
    [[{}], 'registry must be one of prom-client'],
    [[null], 'registry must be one of prom-client'],
    [[undefined, { windowMs: 0 }], 'windowMs must be a positive number, not 0'],
    [[undefined, { now: 5 }], 'now must be a function, not 5'],
  ])('refuses %o', (args, message) => {
    expect(() => promClientCounters(...(args as []))).toThrow(message);
  });
});
