import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createPegasusHandler,
  type PerfCounter,
  type PerfCounterRegistry,
  perfCounterRegistry,
} from '../../lib/index.js';
import { fakeClock } from '../support/clock.js';

const NAME = 'replica*app.pegasus*get_qps@1.0';

function numberOf(counter: PerfCounter | undefined): number {
  if (counter === undefined || counter.type === 'PERCENTILE') throw new Error('not a counter with one value');
  return counter.value;
}

/** An update, a pause or a read of a counter. */
type Step = { readonly add: number } | { readonly set: number } | { readonly pass: number } | 'read';

const adding = fc.integer({ min: -1000, max: 1_000_000 }).map((add) => ({ add }));
const setting = fc.integer({ min: -1000, max: 1_000_000 }).map((set) => ({ set }));
const passing = fc.integer({ min: 0, max: 100_000 }).map((pass) => ({ pass }));
const reading = fc.constant('read' as const);

describe('each type reads as its model, for any order of reads and writes', () => {
  it.each([
    ['NUMBER: the sum of its updates', 'number', (model: number) => model],
    ['VOLATILE_NUMBER: the same, and 0 from the read on', 'volatileNumber', () => 0],
  ] as const)('%s', (_, make, afterRead) => {
    fc.assert(
      fc.property(fc.array(fc.oneof(adding, setting, reading)), (steps: Step[]) => {
        const registry = perfCounterRegistry();
        const counter = registry[make](NAME, '');
        let model = 0;
        for (const step of steps) {
          if (step === 'read') {
            expect(numberOf(registry.read(NAME))).toBe(model);
            model = afterRead(model);
          } else if ('set' in step) {
            model = step.set;
            counter.set(model);
          } else if ('add' in step) {
            counter.inc(step.add);
            model += step.add;
          }
        }
        expect(numberOf(registry.read(NAME))).toBe(model);
        expect(numberOf(registry.read(NAME))).toBe(afterRead(model));
      }),
    );
  });

  it('RATE: events over seconds since the last read, none lost and none counted twice', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(adding, passing, reading)), (steps: Step[]) => {
        const clock = fakeClock();
        const registry = perfCounterRegistry({ now: clock.now });
        const counter = registry.rate(NAME, '');
        let [events, elapsedMs, rate, all, accounted] = [0, 0, 0, 0, 0];
        const read = () => {
          if (elapsedMs > 0) {
            rate = (events * 1000) / elapsedMs;
            accounted += events;
            [events, elapsedMs] = [0, 0];
          }
          expect(numberOf(registry.read(NAME))).toBe(rate);
        };
        for (const step of steps) {
          if (step === 'read') read();
          else if ('pass' in step) {
            clock.pass(step.pass);
            elapsedMs += step.pass;
          } else if ('add' in step) {
            counter.inc(step.add);
            events += step.add;
            all += step.add;
          }
        }
        clock.pass(1);
        elapsedMs += 1;
        read();
        expect(accounted).toBe(all);
      }),
    );
  });

  it('RATE of a total: the same, and a total that was reset counts from 0', () => {
    const clock = fakeClock();
    const registry = perfCounterRegistry({ now: clock.now });
    let total = 1000;
    registry.rate(NAME, '', { collect: () => total });
    const readAfter = (ms: number, now: number) => {
      clock.pass(ms);
      total = now;
      return numberOf(registry.read(NAME));
    };
    expect(readAfter(2000, 1500)).toBe(250);
    expect(readAfter(0, 1600)).toBe(250);
    expect(readAfter(1000, 1600)).toBe(100);
    expect(readAfter(1000, 30)).toBe(30);
    expect(readAfter(1000, 30)).toBe(0);
  });

  it.each([1, 2, 3, 4])('PERCENTILE: by rank over this window and the one before, to %i digits', (digits) => {
    const windowMs = 1000;
    const resolution = 0.001;
    const samples = fc
      .oneof(fc.double({ min: 0, max: 1e5, noNaN: true }), fc.constantFrom(0, 1, 0.25))
      .map((add) => ({ add }));
    const windows = fc.integer({ min: 0, max: 2500 }).map((pass) => ({ pass }));
    const steps = fc.array(fc.oneof({ weight: 10, arbitrary: samples }, windows, reading), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, (given: Step[]) => {
        const clock = fakeClock();
        const registry = perfCounterRegistry({ now: clock.now });
        const counter = registry.percentile(NAME, '', { windowMs, resolution, digits });
        let nowMs = 0;
        let model: { value: number; window: number }[] = [];
        const window = () => Math.floor(nowMs / windowMs);
        const read = () => {
          model = model.filter((sample) => sample.window >= window() - 1);
          const sorted = model.map(({ value }) => value).sort((a, b) => a - b);
          const current = registry.read(NAME);
          if (current?.type !== 'PERCENTILE') throw new Error('not a PERCENTILE');
          for (const [read, thousandths] of [[current.p99, 990] as const, [current.p999, 999] as const]) {
            const rank = Math.ceil((sorted.length * thousandths) / 1000);
            const truth = sorted[rank - 1] ?? 0;
            expect(read).toBeGreaterThanOrEqual(truth - resolution);
            expect(read).toBeLessThanOrEqual(truth * (1 + 10 ** (1 - digits)) + 2 * resolution);
          }
        };
        for (const step of [...given, 'read' as const]) {
          if (step === 'read') read();
          else if ('pass' in step) {
            clock.pass(step.pass);
            nowMs += step.pass;
          } else if ('add' in step) {
            counter.observe(step.add);
            model.push({ value: step.add, window: window() });
          }
        }
      }),
    );
  });
});

describe('NUMBER', () => {
  it('goes up, down and to a value', () => {
    const registry = perfCounterRegistry();
    const { inc, dec, set } = registry.number(NAME, '');
    set(5.5);
    inc();
    inc(2);
    dec();
    dec(0.5);
    expect(numberOf(registry.read(NAME))).toBe(7);
  });

  it.each(['5', undefined, null, {}, 5n])('refuses the value %o, and keeps its own', (value) => {
    const registry = perfCounterRegistry();
    const { inc, dec, set } = registry.number(NAME, '');
    set(3);
    const updates = value === undefined ? [set] : [inc, dec, set];
    for (const update of updates) {
      expect(() => update(value as number)).toThrow(/^the value of a perf counter must be a number, not /);
    }
    if (value !== undefined)
      expect(() => registry.rate('a*b*rate', '').inc(value as number)).toThrow(TypeError);
    expect(numberOf(registry.read(NAME))).toBe(3);
  });
});

describe('PERCENTILE', () => {
  const percentiles = (registry: PerfCounterRegistry) => {
    const counter = registry.read(NAME);
    if (counter?.type !== 'PERCENTILE') throw new Error('not a PERCENTILE');
    return { p99: counter.p99, p999: counter.p999 };
  };

  it('is 0 without samples, and when all of them are old', () => {
    const clock = fakeClock();
    const registry = perfCounterRegistry({ now: clock.now });
    const counter = registry.percentile(NAME, '', { windowMs: 1000 });
    expect(percentiles(registry)).toEqual({ p99: 0, p999: 0 });
    counter.observe(7);
    expect(percentiles(registry)).toEqual({ p99: 7, p999: 7 });
    clock.pass(1000);
    expect(percentiles(registry)).toEqual({ p99: 7, p999: 7 });
    clock.pass(1000);
    expect(percentiles(registry)).toEqual({ p99: 0, p999: 0 });
  });

  it('keeps its window when the clock goes backwards', () => {
    const clock = fakeClock();
    const registry = perfCounterRegistry({ now: clock.now });
    const counter = registry.percentile(NAME, '', { windowMs: 1000 });
    clock.pass(1500);
    counter.observe(7);
    clock.pass(-1200);
    counter.observe(8);
    expect(percentiles(registry)).toEqual({ p99: 8, p999: 8 });
  });

  it('leaves at most one sample in a hundred above p99, and one in a thousand above p999', () => {
    const registry = perfCounterRegistry();
    const counter = registry.percentile(NAME, '', { digits: 4 });
    for (let value = 1; value <= 60; value++) counter.observe(value);
    expect(percentiles(registry)).toEqual({ p99: 60, p999: 60 });
    for (let value = 61; value <= 1000; value++) counter.observe(value);
    expect(percentiles(registry)).toEqual({ p99: 990, p999: 999 });
  });

  it('counts what is above the highest as the highest', () => {
    const registry = perfCounterRegistry();
    const counter = registry.percentile(NAME, '', { highest: 100 });
    counter.observe(1e12);
    counter.observe(Number.POSITIVE_INFINITY);
    expect(percentiles(registry)).toEqual({ p99: 100, p999: 100 });
  });

  it.each([-1, -0.001, Number.NaN, Number.NEGATIVE_INFINITY, 'fast', undefined])(
    'refuses a sample of %s',
    (value) => {
      const { observe } = perfCounterRegistry().percentile(NAME, '');
      expect(() => observe(value as number)).toThrow(/^a sample must be a number that is not negative, not/);
    },
  );

  it.each([
    [{ windowMs: 0 }, 'windowMs must be a number from 1 to 1000000000000, not 0'],
    [{ windowMs: 1e-320 }, 'windowMs must be a number from 1 to 1000000000000, not 1e-320'],
    [{ windowMs: Number.NaN }, 'windowMs must be a number from 1 to 1000000000000, not NaN'],
    [{ windowMs: '9' }, 'windowMs must be a number from 1 to 1000000000000, not "9"'],
    [{ resolution: -1 }, 'resolution must be a number from 1e-15 to 1000000000000000, not -1'],
    [{ resolution: 1e-320 }, 'resolution must be a number from 1e-15 to 1000000000000000, not 1e-320'],
    [{ resolution: 1e308 }, 'resolution must be a number from 1e-15 to 1000000000000000, not 1e+308'],
    [
      { highest: Number.POSITIVE_INFINITY },
      'highest must be a number from 1 to 1125899906842624, not Infinity',
    ],
    [{ resolution: 10, highest: 5 }, 'highest must be a number from 10 to 11258999068426240, not 5'],
    [{ digits: 0 }, 'digits must be an integer from 1 to 4, not 0'],
    [{ digits: 2.5 }, 'digits must be an integer from 1 to 4, not 2.5'],
    [
      { resolution: 1e-9, highest: 1e9 },
      'highest must be a number from 1e-9 to 1125899.906842624, not 1000000000',
    ],
  ])('refuses the options %o', (options, message) => {
    expect(() => perfCounterRegistry().percentile(NAME, '', options as object)).toThrow(
      new TypeError(`perf counter "${NAME}": ${message}`),
    );
  });
});

describe('extreme options of a PERCENTILE', () => {
  it.each([
    { windowMs: 1 },
    { windowMs: 1e12 },
    { resolution: 1e-15 },
    { resolution: 1e15 },
    { resolution: 1e-15, highest: 1e-15 },
    { resolution: 0.001, highest: 0.001 * 2 ** 50 },
  ])('%o are read as any others', (options) => {
    const registry = perfCounterRegistry();
    const { resolution = 1 } = options;
    const counter = registry.percentile(NAME, '', options);
    counter.observe(resolution);
    const read = registry.read(NAME);
    if (read?.type !== 'PERCENTILE') throw new Error('not a PERCENTILE');
    expect(read.p99 / resolution).toBeCloseTo(1, 6);
    counter.observe(1e300);
    expect(registry.read(NAME)).toMatchObject({ p999: expect.toSatisfy(Number.isFinite) });
  });
});

describe('registering', () => {
  it.each([
    'collector*app.pegasus*app.stat.read_qps#_all_',
    'replica*server*memused.res(MB)',
    'a*b*c*d',
    'a*b* ',
    'a*b*c+d&e=f%25?/\\"\'',
    '表*分片*读',
    'a*b*😀',
    `a*b*${'x'.repeat(508)}`,
  ])('takes %s', (name) => {
    const registry = perfCounterRegistry();
    registry.number(name, 'any').set(3);
    expect(registry.read(name)).toEqual({ name, type: 'NUMBER', value: 3, description: 'any' });
    expect(registry.names()).toEqual([name]);
  });

  it.each([
    ['', 'app*section*name'],
    ['qps', 'app*section*name'],
    ['a*b', 'app*section*name'],
    ['a*b*', 'app*section*name'],
    ['a*b**', 'app*section*name'],
    ['*b*c', 'app*section*name'],
    ['a**c', 'app*section*name'],
    ['a*b*c\n', 'control characters'],
    ['a*b*\u0000', 'control characters'],
    ['a*b*\ud83d', 'lone surrogates'],
    [`a*b*${'x'.repeat(509)}`, 'at most 512 characters'],
    [undefined, 'must be a string'],
    [Symbol('a*b*c'), 'must be a string'],
  ])('refuses the name %j', (name, why) => {
    const registry = perfCounterRegistry();
    const register = () => registry.number(name as string, '');
    expect(register).toThrow(TypeError);
    expect(register).toThrow(why);
    expect(registry.names()).toEqual([]);
  });

  const REGISTER = {
    NUMBER: (registry: PerfCounterRegistry) => registry.number(NAME, ''),
    VOLATILE_NUMBER: (registry: PerfCounterRegistry) => registry.volatileNumber(NAME, ''),
    RATE: (registry: PerfCounterRegistry) => registry.rate(NAME, ''),
    PERCENTILE: (registry: PerfCounterRegistry) => registry.percentile(NAME, ''),
  } as const;
  const TYPES = Object.keys(REGISTER) as (keyof typeof REGISTER)[];
  const PAIRS = TYPES.flatMap((first) => TYPES.map((second) => [first, second] as const));

  it.each(PAIRS)('a %s and then a %s of one name', (first, second) => {
    const registry = perfCounterRegistry();
    const counter = REGISTER[first](registry);
    if (first === second) expect(REGISTER[second](registry)).toBe(counter);
    else {
      const message = `perf counter "${NAME}" is a ${first} already, and cannot be a ${second} too`;
      expect(() => REGISTER[second](registry)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_STATE', message }),
      );
    }
    expect(registry.read(NAME)?.type).toBe(first);
  });

  const COLLECT = {
    number: (registry: PerfCounterRegistry) => registry.number(NAME, '', { collect: () => 5 }),
    rate: (registry: PerfCounterRegistry) => registry.rate(NAME, '', { collect: () => 5 }),
    percentile: (registry: PerfCounterRegistry) =>
      registry.percentile(NAME, '', { collect: () => ({ p99: 5, p999: 6 }) }),
  } as const;

  it.each([
    ['number', { type: 'NUMBER', value: 5 }],
    ['rate', { type: 'RATE', value: 0 }],
    ['percentile', { type: 'PERCENTILE', p99: 5, p999: 6 }],
  ] as const)('%s with collect reads elsewhere, and its name can only be taken once', (method, read) => {
    const registry = perfCounterRegistry();
    expect(COLLECT[method](registry)).toBeUndefined();
    expect(registry.read(NAME)).toMatchObject(read);
    const taken = `perf counter "${NAME}" is registered already`;
    expect(() => COLLECT[method](registry)).toThrow(taken);
    expect(() => registry[method](NAME, '')).toThrow(taken);
    expect(registry.remove(NAME)).toBe(true);
    const register = (options: unknown) => () => registry[method](NAME, '', options as never);
    expect(register({ collect: 5 })).toThrow(
      new TypeError(`perf counter "${NAME}": collect must be a function, not 5`),
    );
    expect(register(() => 5)).toThrow(
      new TypeError(`perf counter "${NAME}": pass { collect: function }, not the function itself`),
    );
    expect(register(5)).toThrow(new TypeError(`perf counter "${NAME}": options must be an object, not 5`));
    expect(register({ colect: () => 5 })).toThrow('unknown option "colect", did you mean "collect"?');
    expect(registry.names()).toEqual([]);
    // A counter that is kept here cannot be read elsewhere, too.
    registry[method](NAME, '');
    expect(() => COLLECT[method](registry)).toThrow(taken);
  });

  it('collect and the options of a percentile exclude each other', () => {
    const options = { collect: () => ({ p99: 5, p999: 6 }), windowMs: 1000 };
    expect(() => perfCounterRegistry().percentile(NAME, '', options)).toThrow(
      new TypeError(`perf counter "${NAME}": collect and windowMs exclude each other`),
    );
  });

  it('calls collect for every read, and once when a rate is registered', () => {
    const registry = perfCounterRegistry();
    let calls = 0;
    const collect = () => ++calls;
    registry.number('a*b*number', '', { collect });
    expect(calls).toBe(0);
    registry.read('a*b*number');
    registry.read('a*b*number');
    expect(calls).toBe(2);
    registry.rate('a*b*rate', '', { collect });
    expect(calls).toBe(3);
  });

  it('keeps the first description, and refuses one that is not a string', () => {
    const registry = perfCounterRegistry();
    registry.number(NAME, 'first');
    registry.number(NAME, 'second');
    expect(registry.read(NAME)?.description).toBe('first');
    expect(() => registry.number(NAME, undefined as unknown as string)).toThrow('description');
  });

  it('frees the name of a removed counter', () => {
    const registry = perfCounterRegistry();
    registry.number(NAME, '').inc();
    expect(registry.remove(NAME)).toBe(true);
    expect(registry.remove(NAME)).toBe(false);
    expect(registry.read(NAME)).toBeUndefined();
    registry.rate(NAME, '').inc();
    expect(registry.read(NAME)?.type).toBe('RATE');
  });

  it('refuses counters beyond maxCounters, but returns those that are registered', () => {
    const registry = perfCounterRegistry({ maxCounters: 1 });
    const counter = registry.number(NAME, '');
    expect(() => registry.number('a*b*c', '')).toThrow('there are 1 perf counters already');
    expect(registry.number(NAME, '')).toBe(counter);
    registry.remove(NAME);
    registry.number('a*b*c', '');
  });

  it('refuses percentiles beyond maxPercentileBytes, and counts what is removed as free', () => {
    const registry = perfCounterRegistry({ maxPercentileBytes: 200_000 });
    const percentile = (name: string, options?: object) => registry.percentile(name, '', options);
    const first = percentile('a*b*1');
    percentile('a*b*2');
    expect(() => percentile('a*b*3')).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_STATE',
        message: expect.stringMatching(
          /^perf counter "a\*b\*3" takes 7\d{4} bytes: maxPercentileBytes allows 200000, of which 14\d{4} are taken$/,
        ),
      }),
    );
    expect(percentile('a*b*1')).toBe(first);
    registry.number('a*b*4', '').inc();
    expect(registry.names()).toEqual(['a*b*1', 'a*b*2', 'a*b*4']);
    registry.remove('a*b*1');
    registry.remove('a*b*1');
    expect(() => percentile('a*b*3', { digits: 4 })).toThrow('maxPercentileBytes');
    percentile('a*b*3', { digits: 1 });
    percentile('a*b*5', { highest: 100 });
  });

  it.each([
    [{ maxPercentileBytes: 0.5 }, 'maxPercentileBytes must be an integer from 1, not 0.5'],
    [{ now: 5 }, 'now must be a function, not 5'],
    [{ maxCounters: 0 }, 'maxCounters must be an integer from 1, not 0'],
    [{ maxCounters: '9' }, 'maxCounters must be an integer from 1, not "9"'],
  ])('refuses the options %o', (options, message) => {
    expect(() => perfCounterRegistry(options as object)).toThrow(message);
  });

  it('has no counter by the name of an inherited property', () => {
    const registry = perfCounterRegistry();
    for (const name of ['__proto__', 'constructor', 'toString', ''])
      expect(registry.read(name)).toBeUndefined();
  });

  it('returns functions that need no this, and is a source', () => {
    const { rate, read } = perfCounterRegistry();
    const { inc } = rate(NAME, '');
    inc();
    expect(read(NAME)?.name).toBe(NAME);
    expect(createPegasusHandler({ perfCounters: perfCounterRegistry() })).toBeTypeOf('function');
  });
});
