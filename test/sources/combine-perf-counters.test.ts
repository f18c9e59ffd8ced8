import { describe, expect, it } from 'vitest';
import {
  combinePerfCounters,
  PegasusError,
  type PerfCounterSource,
  perfCounterRegistry,
} from '../../lib/index.js';
import { serve } from '../support/http.js';

const NAME = 'replica*app.pegasus*get_qps@1.0';
const CALL = { signal: new AbortController().signal };

/** A source of one NUMBER. */
const one = (name: string, value: number): PerfCounterSource => ({
  read: (asked) => (asked === name ? { name, type: 'NUMBER', value, description: '' } : undefined),
});
const later = (source: PerfCounterSource): PerfCounterSource => ({
  read: async (name, call) => source.read(name, call),
});
const NONE: PerfCounterSource = { read: () => undefined };

describe('several sources in one', () => {
  const [a, b] = [one(NAME, 1), one(NAME, 2)];
  const nothing = { read: () => null } as unknown as PerfCounterSource;

  it.each([
    ['the first that has it', [a, b], 1],
    ['the second when the first has none', [NONE, b], 2],
    ['the second when the first says null', [nothing, b], 2],
    ['a promise, and nothing behind it', [later(a), b], 1],
    ['behind a promise of nothing', [later(NONE), later(NONE), NONE, b], 2],
    ['before a promise', [a, later(b)], 1],
  ])('%s answers', async (_, sources, value) => {
    expect(await combinePerfCounters(...sources).read(NAME, CALL)).toMatchObject({ value });
  });

  it.each([[[]], [[NONE]], [[later(NONE), NONE, later(NONE)]]])('none answers', async (sources) => {
    expect(await combinePerfCounters(...sources).read(NAME, CALL)).toBeUndefined();
  });

  it('is synchronous when the sources are', () => {
    expect(combinePerfCounters(NONE, a).read(NAME, CALL)).toMatchObject({ value: 1 });
  });

  it('reads one counter only, so that no other is reset', async () => {
    const [first, second] = [perfCounterRegistry(), perfCounterRegistry()];
    first.volatileNumber(NAME, '').set(3);
    second.volatileNumber(NAME, '').set(5);
    const both = combinePerfCounters(first, second);
    expect(await both.read(NAME, CALL)).toMatchObject({ value: 3 });
    expect(await both.read(NAME, CALL)).toMatchObject({ value: 0 });
    expect(second.read(NAME)).toMatchObject({ value: 5 });
  });

  it.each(['throws', 'rejects'])(
    'does not treat a source that %s as one without the counter',
    async (how) => {
      const error = new PegasusError('ERR_SERVICE_NOT_ACTIVE', 'still loading');
      const broken: PerfCounterSource = {
        read() {
          if (how === 'throws') throw error;
          return Promise.reject(error);
        },
      };
      const { get } = await serve({ perfCounters: combinePerfCounters(NONE, broken, a) });
      expect((await get(`/perfCounter?name=${NAME}`)).status).toBe(503);
    },
  );

  it('passes the context on', async () => {
    const seen: unknown[] = [];
    const source: PerfCounterSource = {
      async read(_, call) {
        seen.push(call);
        return undefined;
      },
    };
    await combinePerfCounters(source, combinePerfCounters(source)).read(NAME, CALL);
    expect(seen).toEqual([CALL, CALL]);
  });

  it('has the names of all sources that tell theirs, each once', async () => {
    const [first, second] = [perfCounterRegistry(), perfCounterRegistry()];
    for (const name of ['a*b*1', 'a*b*2']) first.number(name, '');
    for (const name of ['a*b*2', 'a*b*3']) second.number(name, '');
    const all = ['a*b*1', 'a*b*2', 'a*b*3'];
    expect(await combinePerfCounters(NONE, first, second).names()).toEqual(all);
    const asynchronous = { ...NONE, names: async () => second.names() };
    const combined = combinePerfCounters(first, NONE, combinePerfCounters(asynchronous));
    expect(await combined.names(CALL)).toEqual(all);
    expect(await combinePerfCounters().names()).toEqual([]);
    expect(await combinePerfCounters(NONE).names()).toEqual([]);
  });

  it('passes the context on to names, or one that is never aborted', async () => {
    const seen: unknown[] = [];
    const source = {
      ...NONE,
      names(context: typeof CALL) {
        seen.push(context.signal.aborted, context);
        return [];
      },
    };
    await combinePerfCounters(source).names();
    await combinePerfCounters(source).names(CALL);
    expect(seen).toEqual([false, { signal: expect.any(AbortSignal) }, false, CALL]);
    expect(seen[3]).toBe(CALL);
  });

  it.each(['throws', 'rejects'])('has no names when one source %s', async (how) => {
    const error = new Error('no names');
    const broken: PerfCounterSource = {
      ...NONE,
      names() {
        if (how === 'throws') throw error;
        return Promise.reject(error);
      },
    };
    const { names } = combinePerfCounters(perfCounterRegistry(), broken);
    await expect(names()).rejects.toBe(error);
  });

  it('refuses names that are no function', () => {
    const source = { ...NONE, names: ['a*b*c'] } as unknown as PerfCounterSource;
    expect(() => combinePerfCounters(source)).toThrow(
      new TypeError('combinePerfCounters: names of source 1 must be a function, not an array of 1'),
    );
  });

  it.each([[undefined], [null], [{}], [{ read: 5 }]])('refuses %o', (source) => {
    expect(() => combinePerfCounters(NONE, source as PerfCounterSource)).toThrow(
      /^combinePerfCounters: source 2 must have a function read, and .* has none$/,
    );
  });
});
