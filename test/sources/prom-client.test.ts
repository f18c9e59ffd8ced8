import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, register, Summary } from 'prom-client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { PerfCounter } from '../../lib/index.js';
import { histogramQuantile } from '../../lib/sources/prom-client/histogram-quantile.js';
import {
  type PromSeries,
  parsePromCounterName,
  promClientCounters,
  promCounterName,
} from '../../lib/sources/prom-client/index.js';
import { fakeClock } from '../support/clock.js';
import { serve } from '../support/http.js';

const CALL = { signal: new AbortController().signal };

/** Creates a registry, the counters that read it, and a clock that starts with the process. */
function bridge() {
  const registry = new Registry();
  const clock = fakeClock(0);
  const counters = promClientCounters(registry, { now: clock.now, windowMs: 1000 });
  return { registry, clock, read: (name: string) => counters.read(name, CALL), names: counters.names };
}

/** Creates the default metrics in a process that has been working for a while. */
async function withDefaultMetrics(): Promise<Registry> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  await new Promise((resolve) => setTimeout(resolve, 30));
  useCpuTime();
  return registry;
}

/** Works until the operating system has counted some time, in user mode and in the kernel. */
function useCpuTime(): void {
  const start = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(start);
    if (user > 5000 && system > 5000) return;
    readFileSync('/proc/self/status');
  }
}

/** The value of a series in the text that Prometheus scrapes. */
function valueInText(
  text: string,
  metric: string,
  labels: Readonly<Record<string, string>>,
): number | undefined {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  for (const [, suffix = '', value] of text.matchAll(new RegExp(`^${metric}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))) {
    const found = Array.from(suffix.matchAll(/(\w+)="([^"]*)"/g), ([, name, text]) => [name, text]).sort();
    if (JSON.stringify(found) === wanted) return Number(value);
  }
  return undefined;
}

describe('names', () => {
  it.each<[PromSeries, string]>([
    [{ metric: 'up', stat: 'value' }, 'prometheus*up*value'],
    [{ metric: 'a:b_total', stat: 'rate', labels: {} }, 'prometheus*a:b_total*rate'],
    [
      { metric: 'http', stat: 'rate', labels: { status: 200, method: 'GET' } },
      'prometheus*http*rate@method=GET,status=200',
    ],
    [
      { metric: 'http', stat: 'percentile', labels: { route: '/a*b@c=d,e%f é+#' } },
      'prometheus*http*percentile@route=/a*b@c=d%2Ce%25f é+#',
    ],
    [{ metric: 'http', stat: 'value', labels: { empty: '' } }, 'prometheus*http*value@empty='],
  ])('%o is %s', (series, name) => {
    expect(promCounterName(series)).toBe(name);
    const labels = Object.entries(series.labels ?? {}).map(([label, value]) => [label, String(value)]);
    expect(parsePromCounterName(name)).toEqual({ ...series, labels: Object.fromEntries(labels) });
  });

  const label = fc.stringMatching(/^[a-zA-Z_]\w{0,8}$/);
  const series = fc.record({
    metric: fc.stringMatching(/^[a-zA-Z_:][\w:]{0,20}$/),
    stat: fc.constantFrom('value' as const, 'rate' as const, 'percentile' as const),
    labels: fc.dictionary(label, fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }))),
  });

  it('is parsed back, for any labels', () => {
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
    [{ metric: 'a*b', stat: 'value' }, 'metric must be the name of a metric, not "a*b"'],
    [{ metric: 'a', stat: 'sum' }, 'stat must be value, rate or percentile, not "sum"'],
    [{ metric: 'a', stat: 'value', labels: { 'b-c': 1 } }, 'labels must be named as labels are, not "b-c"'],
    [
      { metric: 'a', stat: 'value', labels: { b: {} } },
      'labels.b must be a string or a number, not an object',
    ],
    [{ metric: 'a', stat: 'value', labels: null }, 'labels must be an object, not null'],
    [{ stat: 'value' }, 'metric must be the name of a metric, not undefined'],
    [{ metric: 'a', reading: 'value' }, 'unknown option "reading", did you mean "stat"?'],
    [undefined, 'options must be an object, not undefined'],
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
    const name = promCounterName({ metric: 'http_requests_total', stat: 'rate', labels });
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
    const value = promCounterName({ metric: 'http_requests_total', stat: 'value', labels });
    expect(await read(value)).toEqual({ name: value, type: 'NUMBER', value: 4, description: 'requests' });
  });

  it('starts again when its metric is replaced by one of the same name', async () => {
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
    // Beyond the last bound no more is known than that bound.
    expect(percentiles(await read('prometheus*seconds*percentile@method=POST'))).toEqual([2, 2]);
  });

  it('is of recent observations', async () => {
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
    // Nothing was observed since the previous read, which is old enough by now.
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
    [{ bounds: [1, 2, Number.POSITIVE_INFINITY], counts: [1, 1, 4] }, 2],
  ])('of %o has the median %d, as histogram_quantile has it', (buckets, median) => {
    expect(histogramQuantile(0.5, buckets)).toBe(median);
  });

  it('is within the bucket that the true percentile falls into', () => {
    const bounds = [0.5, 1, 2, 5, 10, Number.POSITIVE_INFINITY];
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 9.99, noNaN: true }), { minLength: 1 }), (observed) => {
        const sorted = observed.toSorted((a, b) => a - b);
        const truth = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
        const counts = bounds.map((bound) => sorted.filter((value) => value <= bound).length);
        const estimate = histogramQuantile(0.99, { bounds, counts });
        const at = bounds.findIndex((bound) => truth <= bound);
        expect(estimate).toBeGreaterThanOrEqual(bounds[at - 1] ?? 0);
        expect(estimate).toBeLessThanOrEqual(bounds[at] ?? 0);
      }),
    );
  });
});

describe('a histogram with a bucket of its own for Infinity', () => {
  it.each([
    ['in a finite bucket', [0.5, 0.5, 0.5, 0.5], 0.99],
    ['in the second', [0.5, 1.5], 1.98],
    ['above all finite bounds', [0.5, 50], 2],
  ])('reads observations %s as one without', async (_, observed, p99) => {
    const { registry, read } = bridge();
    const make = (name: string, buckets: number[]) =>
      new Histogram({ name, help: 'h', buckets, registers: [registry] });
    const both = [make('plain', [1, 2]), make('infinite', [1, 2, Number.POSITIVE_INFINITY])];
    for (const histogram of both) for (const value of observed) histogram.observe(value);
    for (const name of ['plain', 'infinite']) {
      const counter = await read(`prometheus*${name}*percentile`);
      if (counter?.type !== 'PERCENTILE') throw new Error('not a PERCENTILE');
      expect(counter.p99).toBeCloseTo(p99, 10);
    }
  });

  it('reads all as nan when Infinity is its only bucket, as histogram_quantile does', async () => {
    const { registry, read } = bridge();
    const buckets = [Number.POSITIVE_INFINITY];
    new Histogram({ name: 'h', help: 'h', buckets, registers: [registry] }).observe(1);
    expect(await read('prometheus*h*percentile')).toMatchObject({ p99: Number.NaN, p999: Number.NaN });
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

  it('that was made without them reads as nan', async () => {
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
  it('lists the names of all counters, each of which can be read', async () => {
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

  it('reads every default metric as its text shows it, each from a fresh registry', async () => {
    // One resource that does not come and go, as others of the process do.
    const timer = setTimeout(() => {}, 60_000);
    onTestFinished(() => clearTimeout(timer));
    const reference = await withDefaultMetrics();
    const text = await reference.metrics();
    const names = (await promClientCounters(reference).names()).filter(
      (name) => name.endsWith('@type=Timeout') || !/nodejs_active_\w+\*value@/.test(name),
    );
    const values = names.filter((name) => /\*value(@|$)/.test(name));
    expect(values.length).toBeGreaterThan(40);
    for (const name of values) {
      const { metric = '', labels = {} } = parsePromCounterName(name) ?? {};
      // A fresh registry each time: what a process shows that serves one request.
      const registry = await withDefaultMetrics();
      const counter = await promClientCounters(registry).read(name, CALL);
      if (counter === undefined || counter.type === 'PERCENTILE') throw new Error(`no ${name}`);
      const inReference = valueInText(text, metric, labels) ?? Number.NaN;
      // The lag may be 0, a number or none, by how often the event loop was sampled. A space of V8's heap may become full meanwhile.
      if (!/lag_(max|mean|stddev)|heap_space/.test(metric))
        expect(Math.sign(counter.value), `${name} ${counter.value}`).toBe(Math.sign(inReference));
      // Without its collect functions the registry prints the very state that was read.
      for (const collecting of registry.getMetricsAsArray())
        Object.assign(collecting, { collect: undefined });
      expect(counter.value, name).toBe(valueInText(await registry.metrics(), metric, labels));
    }
  }, 30_000);

  it('calls each collect once for all reads of one tick, and again in the next', async () => {
    const { registry, read } = bridge();
    let calls = 0;
    const family = (name: string, collect?: () => void) =>
      new Gauge({ name, help: name, registers: [registry], ...(collect === undefined ? {} : { collect }) });
    const sibling = family('sibling');
    family('leader', () => sibling.set(++calls));
    const two = () => Promise.all([read('prometheus*sibling*value'), read('prometheus*sibling*value')]);
    expect(await two()).toMatchObject([{ value: 1 }, { value: 1 }]);
    expect(await two()).toMatchObject([{ value: 2 }, { value: 2 }]);
    expect(await read('prometheus*leader*value')).toMatchObject({ value: 0 });
    expect(calls).toBe(3);
  });

  it.each(['throws', 'rejects'])(
    'a collect that %s fails the reads of its metric, and of no other',
    async (how) => {
      const { registry, read, names } = bridge();
      const error = new Error('no sensor');
      const broken = {
        collect() {
          if (how === 'throws') throw error;
          return Promise.reject(error);
        },
      };
      new Gauge({ name: 'before', help: 'b', registers: [registry] }).set(1);
      new Gauge({ name: 'broken', help: 'b', registers: [registry], ...broken });
      const after = new Gauge({
        name: 'after',
        help: 'a',
        registers: [registry],
        async collect() {
          await Promise.resolve();
          this.set(2);
        },
      });
      expect(after).toBeDefined();
      expect(await read('prometheus*before*value')).toMatchObject({ value: 1 });
      expect(await read('prometheus*after*value')).toMatchObject({ value: 2 });
      await expect(read('prometheus*broken*value')).rejects.toBe(error);
      expect(await names()).toContain('prometheus*broken*value');
    },
  );

  it('waits a second at most for the collect of another metric, which is not called again meanwhile', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { registry, read } = bridge();
    new Gauge({ name: 'fast', help: 'f', registers: [registry] }).set(1);
    let calls = 0;
    let finish = () => {};
    new Gauge({
      name: 'slow',
      help: 's',
      registers: [registry],
      collect() {
        calls += 1;
        return new Promise<void>((resolve) => {
          finish = () => {
            this.set(calls);
            resolve();
          };
        });
      },
    });
    const first = read('prometheus*fast*value');
    const slow = read('prometheus*slow*value');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await first).toMatchObject({ value: 1 });
    expect(await read('prometheus*fast*value')).toMatchObject({ value: 1 });
    expect(vi.getTimerCount()).toBe(0);
    expect(calls).toBe(1);
    finish();
    expect(await slow).toMatchObject({ value: 1 });
    const again = read('prometheus*slow*value');
    finish();
    expect(await again).toMatchObject({ value: 2 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reads one of 10,000 series without looking at the others', async () => {
    const { registry, read } = bridge();
    const labelNames = ['user'];
    const counter = new Counter({ name: 'c', help: 'c', labelNames, registers: [registry] });
    const histogram = new Histogram({ name: 'h', help: 'h', labelNames, registers: [registry] });
    const summary = new Summary({ name: 's', help: 's', labelNames, registers: [registry] });
    for (let user = 0; user < 10_000; user++) counter.inc({ user }, user);
    for (let user = 0; user < 1000; user++) {
      histogram.observe({ user }, 1);
      summary.observe({ user }, 1);
    }
    let looks = 0;
    for (const metric of [counter, histogram, summary]) {
      const internal = metric as unknown as { hashMap: object };
      internal.hashMap = new Proxy(internal.hashMap, {
        get(target, key, receiver) {
          looks += 1;
          return Reflect.get(target, key, receiver);
        },
      });
    }
    expect(await read('prometheus*c*value@user=9999')).toMatchObject({ value: 9999 });
    expect(await read('prometheus*c*rate@user=5000')).toMatchObject({ type: 'RATE' });
    expect(await read('prometheus*c*value@user=x')).toBeUndefined();
    expect(await read('prometheus*h*percentile@user=999')).toMatchObject({ type: 'PERCENTILE' });
    expect(await read('prometheus*s*percentile@user=999')).toMatchObject({ type: 'PERCENTILE' });
    expect(looks).toBeLessThan(20);
  });

  it('reads metrics whose index it does not know one by one', async () => {
    const { registry, read } = bridge();
    const collected = { type: 'counter', help: 'total', values: [{ value: 3, labels: { a: 1 } }] };
    // As prom-client's own registry of a cluster has them.
    registry.registerMetric({ name: 'c', help: 'total', get: () => collected } as never);
    expect(await read('prometheus*c*value@a=1')).toMatchObject({ value: 3 });
    expect(await read('prometheus*c*rate@a=1')).toMatchObject({ type: 'RATE' });
    expect(await read('prometheus*c*value@a=2')).toBeUndefined();
    // Other hashes than prom-client's.
    const gauge = new Gauge({ name: 'g', help: 'g', labelNames: ['a'], registers: [registry] });
    Object.assign(gauge, { hashMap: { '#1': { value: 4, labels: { a: '1' } } } });
    expect(await read('prometheus*g*value@a=1')).toMatchObject({ value: 4 });
    expect(await read('prometheus*g*value@a=2')).toBeUndefined();
    // Two series of one hash.
    const labelNames = ['a', 'b'];
    const tricky = new Gauge({ name: 't', help: 't', labelNames, registers: [registry] });
    tricky.set({ a: '1,b:2' }, 5);
    expect(await read('prometheus*t*value@a=1%2Cb:2')).toMatchObject({ value: 5 });
    expect(await read('prometheus*t*value@a=1,b=2')).toBeUndefined();
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

  it('keeps nothing of removed series, however many were read', async () => {
    const { registry, clock, read } = bridge();
    const counter = new Counter({ name: 'c', help: 'c', labelNames: ['user'], registers: [registry] });
    for (let user = 0; user < 2000; user++) {
      counter.inc({ user }, 7);
      clock.pass(1000);
      expect(await read(`prometheus*c*rate@user=${user}`)).toMatchObject({ type: 'RATE' });
      counter.remove({ user });
    }
    // The state of the first one went with it: it is as new.
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
