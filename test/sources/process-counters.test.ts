import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type PerfCounter, type ProcessCountersOptions, processCounters } from '../../lib/index.js';
import { eventLoopDelay } from '../../lib/sources/process/event-loop-delay.js';
import { type Collector, runWhileRead } from '../../lib/sources/process/on-demand.js';
import { run } from '../support/child.js';
import { serve } from '../support/http.js';

const CALL = { signal: new AbortController().signal };

function started(options?: ProcessCountersOptions) {
  const counters = processCounters(options);
  onTestFinished(counters.close);
  const read = async (name: string): Promise<PerfCounter> => {
    const counter = await counters.read(`replica*server*${name}`, CALL);
    if (counter === undefined) throw new Error(`no ${name}`);
    return counter;
  };
  const value = async (name: string): Promise<number> => {
    const counter = await read(name);
    return counter.type === 'PERCENTILE' ? counter.p999 : counter.value;
  };
  return { counters, read, value };
}

/** Blocks the event loop. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 60));

describe('the metrics of the process', () => {
  const TYPES = [
    ['memused.virt(MB)', 'NUMBER'],
    ['memused.res(MB)', 'NUMBER'],
    ['heap.used(MB)', 'NUMBER'],
    ['heap.total(MB)', 'NUMBER'],
    ['heap.limit(MB)', 'NUMBER'],
    ['external(MB)', 'NUMBER'],
    ['cpu.user(%)', 'RATE'],
    ['cpu.system(%)', 'RATE'],
    ['handle.count', 'NUMBER'],
    ['event_loop.delay(ms)', 'PERCENTILE'],
    ['gc.pause(ms)', 'PERCENTILE'],
    ['gc.time(%)', 'RATE'],
    ['recent.gc.count', 'VOLATILE_NUMBER'],
  ] as const;

  it('have these names and types', async () => {
    const { counters, read } = started();
    expect(counters.names().sort()).toEqual(TYPES.map(([name]) => `replica*server*${name}`).sort());
    for (const [name, type] of TYPES) expect((await read(name)).type, name).toBe(type);
  });

  it('are served under the names of Pegasus', async () => {
    const { get } = await serve({ perfCounters: started().counters });
    for (const name of ['memused.res(MB)', 'memused.virt(MB)']) {
      const answer = await get(`/perfCounter?name=replica*server*${name}`);
      expect(answer.json()).toEqual({
        name: `replica*server*${name}`,
        value: expect.stringMatching(/^\d+\.\d\d$/),
        type: 'NUMBER',
        description: expect.stringContaining('memory usages in MB'),
      });
    }
  });

  it('agree with the operating system about memory', async () => {
    const { value } = started();
    const field = (name: string) =>
      Number(
        new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1],
      ) / 1024;
    expect((await value('memused.res(MB)')) / field('VmRSS')).toBeCloseTo(1, 1);
    expect((await value('memused.virt(MB)')) / field('VmSize')).toBeCloseTo(1, 1);
  });

  it('follow the memory and the handles of the process', async () => {
    const { value } = started();
    const [external, handles] = [await value('external(MB)'), await value('handle.count')];
    const held = Buffer.alloc(32 * 2 ** 20);
    const timers = Array.from({ length: 50 }, () => setTimeout(() => {}, 60_000));
    expect((await value('external(MB)')) - external).toBeGreaterThan(31);
    expect((await value('handle.count')) - handles).toBeGreaterThanOrEqual(50);
    expect(held.length).toBe(2 ** 25);
    for (const timer of timers) clearTimeout(timer);
    const [used, total, limit] = [
      await value('heap.used(MB)'),
      await value('heap.total(MB)'),
      await value('heap.limit(MB)'),
    ];
    expect(used).toBeGreaterThan(1);
    expect(total).toBeGreaterThanOrEqual(used);
    expect(limit).toBeGreaterThan(total);
  });

  it('show CPU time since the last read', async () => {
    const { value } = started();
    await value('cpu.user(%)');
    const before = process.cpuUsage().user;
    const startMs = performance.now();
    block(200);
    const rate = await value('cpu.user(%)');
    const truth = (process.cpuUsage().user - before) / 10 / (performance.now() - startMs);
    // Both read the same clocks, a few microseconds apart.
    expect(rate / truth).toBeGreaterThan(0.9);
    expect(rate / truth).toBeLessThan(1.1);
  });

  it('show the delay of the event loop, from the first read on', async () => {
    const { value } = started();
    expect(await value('event_loop.delay(ms)')).toBe(0);
    await pause();
    block(300);
    await pause();
    const delay = await value('event_loop.delay(ms)');
    expect(delay).toBeGreaterThan(250);
  });

  it('show garbage collections, from the first read on', async () => {
    const { value } = started();
    expect(await value('recent.gc.count')).toBe(0);
    expect(await value('gc.time(%)')).toBe(0);
    for (let i = 0; i < 60; i++) {
      Array.from({ length: 30_000 }, (_, j) => ({ j, i }));
      await new Promise(setImmediate);
    }
    await pause();
    expect(await value('gc.time(%)')).toBeGreaterThan(0);
    expect(await value('gc.pause(ms)')).toBeGreaterThan(0);
    expect(await value('recent.gc.count')).toBeGreaterThan(0);
  });

  it('are removed by close, which may be called twice', async () => {
    const { counters } = started();
    await counters.read('replica*server*event_loop.delay(ms)', CALL);
    counters.close();
    counters.close();
    expect(counters.names()).toEqual([]);
    for (const [name] of TYPES) {
      expect(await counters.read(`replica*server*${name}`, CALL)).toBeUndefined();
    }
  });

  it.each([0, -1, Number.NaN, '5'])('refuse an idleMs of %s', (idleMs) => {
    expect(() => processCounters({ idleMs: idleMs as number })).toThrow(
      /^processCounters: idleMs must be a positive number, not/,
    );
  });
});

describe('collecting on demand', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function logged(): { log: string[]; collector: Collector } {
    const log: string[] = [];
    const collector = {
      start: () => log.push('start'),
      rotate: () => log.push('rotate'),
      stop: () => log.push('stop'),
    };
    return { log, collector: collector as unknown as Collector };
  }

  it('starts at the first read, rotates with every window, and stops without reads', () => {
    const { log, collector } = logged();
    const onDemand = runWhileRead(collector, 1000, 3);
    vi.advanceTimersByTime(10_000);
    expect(log).toEqual([]);
    onDemand.touch();
    vi.advanceTimersByTime(2000);
    onDemand.touch();
    vi.advanceTimersByTime(2000);
    expect(log).toEqual(['start', 'rotate', 'rotate', 'rotate', 'rotate']);
    vi.advanceTimersByTime(60_000);
    expect(log.slice(5)).toEqual(['stop']);
    expect(vi.getTimerCount()).toBe(0);
    onDemand.touch();
    expect(log.slice(6)).toEqual(['start']);
    onDemand.close();
    expect(log.slice(7)).toEqual(['stop']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not start after it was closed', () => {
    const { log, collector } = logged();
    const onDemand = runWhileRead(collector, 1000, 3);
    onDemand.close();
    onDemand.touch();
    expect(log).toEqual([]);
  });
});

describe('the delay of the event loop', () => {
  it('is of this window and the one before', async () => {
    const delay = eventLoopDelay();
    onTestFinished(delay.stop);
    expect(delay.read()).toEqual({ p50: 0, p90: 0, p95: 0, p99: 0, p999: 0 });
    delay.start();
    await pause();
    block(300);
    await pause();
    expect(delay.read().p999).toBeGreaterThan(250);
    delay.rotate();
    expect(delay.read().p999).toBeGreaterThan(250);
    await pause();
    delay.rotate();
    expect(delay.read().p999).toBeLessThan(250);
    delay.stop();
    expect(delay.read()).toEqual({ p50: 0, p90: 0, p95: 0, p99: 0, p999: 0 });
  });
});

it('the process ends while everything runs and nothing is closed', async () => {
  const script = `
    import * as lib from 'pegasus-http';
    import { promClientCounters } from 'pegasus-http/prom-client';
    const call = { signal: new AbortController().signal };
    const own = lib.processCounters();
    const requests = lib.requestCounters();
    const registry = lib.perfCounterRegistry();
    registry.percentile('a*b*c', '').observe(5);
    const all = lib.combinePerfCounters(own, requests, registry, promClientCounters());
    requests.observe(lib.createPegasusHandler({ perfCounters: all, processInfo: lib.processInfo() }));
    for (const name of [...own.names(), ...requests.names(), ...registry.names()]) await all.read(name, call);
    console.log('read');
  `;
  const { code, stdout, stderr } = await run(['--input-type=module', '--eval', script]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'read\n', stderr: '' });
});
