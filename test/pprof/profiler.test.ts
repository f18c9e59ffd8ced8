import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Profile } from '../../lib/index.js';
import { flattenCallTree } from '../../lib/pprof/stacks.js';
import { createHeapProfiler } from '../../lib/sources/profiler/heap.js';
import { ADDON_PACKAGES, loadBindings, loadHeapAddon } from '../../lib/sources/profiler/heap-addon.js';
import { processProfiler } from '../../lib/sources/profiler/index.js';
import { resolveProfilerOptions } from '../../lib/sources/profiler/options.js';
import { NO_SOURCE_MAPS } from '../../lib/sources/profiler/source-maps.js';
import { run } from '../support/child.js';
import { temporaryDirectory } from '../support/commands.js';
import { ownValueOf, profilerHere, serveProfiler, WORKLOAD_FILE, workload } from '../support/profiled.js';

const CALL = { signal: new AbortController().signal };
const heapSampleBytes = 16_384;

/** Starts and stops V8's one sampler, as other code of the process may. */
function meddle(...methods: ('HeapProfiler.startSampling' | 'HeapProfiler.stopSampling')[]): void {
  const session = new Session();
  session.connect();
  for (const method of methods) session.post(method);
  onTestFinished(() => session.disconnect());
}

// `npm install` has built the addon of pprof, so that both can be loaded here.
const ENGINES = [
  ['pprof', loadHeapAddon(['pprof'])?.addon],
  ['@datadog/pprof', loadHeapAddon(['@datadog/pprof'])?.addon],
  ['inspector', undefined],
] as const;

describe.each(ENGINES)('the heap, by %s', (engine, addon) => {
  function sampling() {
    const heap = createHeapProfiler(heapSampleBytes, addon, NO_SOURCE_MAPS);
    onTestFinished(() => heap.stop());
    return heap;
  }

  it('has the addon that it is meant to have', () => {
    expect(addon !== undefined).toBe(engine !== 'inspector');
  });

  it('shows live objects and where they were allocated', async () => {
    const heap = sampling();
    const kept = workload.retain();
    const profile = (await heap.live(CALL.signal)) as Profile;
    const pages = ownValueOf(profile, 'cachePages') / 1e6;
    const logs = ownValueOf(profile, 'bufferLogs') / 1e6;
    expect(pages).toBeGreaterThan(12);
    expect(pages).toBeLessThan(17);
    expect(Math.abs(pages / (pages + logs) - 0.7)).toBeLessThan(0.1);
    const stack = flattenCallTree(profile).find(({ functions }) => functions[0]?.name === 'cachePages');
    expect(stack?.functions.map(({ name }) => name).slice(0, 5)).toEqual([
      ...Array(4).fill('cachePages'),
      'retain',
    ]);
    expect(stack?.functions[0]?.url).toContain(WORKLOAD_FILE);
    // 14,000 arrays of 1 KB. V8 allocates an array and its elements at once, or as two objects. Without the addon these are samples.
    if (addon !== undefined) {
      const perArray = (stack?.count ?? 0) / 14_000;
      expect(perArray).toBeGreaterThan(0.78);
      expect(perArray).toBeLessThan(2.44);
    }
    expect(profile).toMatchObject({ durationMs: 0, period: heapSampleBytes });
    expect(kept).toBeDefined();
  });

  it('shows what was allocated in a time span and is still live', async () => {
    const heap = sampling();
    const before = workload.retain();
    const spanned = heap.allocated(1, CALL.signal);
    const kept = workload.retain();
    const megabytes = ownValueOf(await spanned, 'cachePages') / 1e6;
    expect(megabytes).toBeGreaterThan(12);
    expect(megabytes).toBeLessThan(17);
    expect([before, kept].length).toBe(2);
  });

  it('ends a time span when the client disconnects', async () => {
    const heap = sampling();
    await expect(heap.allocated(100, AbortSignal.timeout(50))).rejects.toThrow();
    expect(await heap.live(CALL.signal)).toMatchObject({ period: heapSampleBytes });
  });

  it('reports a stop by other code, and restarts', async () => {
    const heap = sampling();
    await heap.live(CALL.signal);
    meddle('HeapProfiler.startSampling', 'HeapProfiler.stopSampling');
    expect(await heap.live(CALL.signal)).toBe('restarted');
    const kept = workload.retain();
    expect(ownValueOf(await heap.live(CALL.signal), 'cachePages')).toBeGreaterThan(12e6);

    meddle('HeapProfiler.startSampling', 'HeapProfiler.stopSampling');
    expect(await heap.allocated(1, CALL.signal)).toBe('restarted');
    meddle('HeapProfiler.startSampling', 'HeapProfiler.stopSampling');
    expect(await heap.growth(CALL.signal)).toMatchObject({ period: heapSampleBytes });

    const spanned = heap.allocated(1, CALL.signal);
    meddle('HeapProfiler.startSampling', 'HeapProfiler.stopSampling');
    expect(await spanned).toBe('restarted');
    expect(kept).toBeDefined();
  });

  it('shares the sampler with other code that starts it', async () => {
    meddle('HeapProfiler.startSampling');
    const heap = sampling();
    meddle('HeapProfiler.startSampling');
    const kept = workload.retain();
    expect(ownValueOf(await heap.live(CALL.signal), 'cachePages')).toBeGreaterThan(12e6);
    expect(kept).toBeDefined();
  });

  it('keeps what has left the heap in the growth profile', async () => {
    const heap = sampling();
    let kept: unknown = workload.retain();
    const full = ownValueOf(await heap.growth(CALL.signal), 'cachePages');
    expect(full).toBeGreaterThan(12e6);
    expect(kept).toBeDefined();
    kept = undefined;
    await collectGarbage();
    expect(ownValueOf(await heap.live(CALL.signal), 'cachePages')).toBeLessThan(full / 2);
    expect(ownValueOf(await heap.growth(CALL.signal), 'cachePages')).toBeGreaterThanOrEqual(full);
  });
});

it.each([
  ['by itself', ''],
  ['by process.exit()', 'process.exit()'],
])('a process whose heap is sampled ends cleanly %s', async (_, end) => {
  const program = `import { processProfiler } from 'pegasus-http/profiler';
    processProfiler({ heapSampleBytes: 512 });
    globalThis.kept = Array.from({ length: 100_000 }, (_, i) => ({ i }));
    ${end}`;
  // Node 24 died of it: https://github.com/DataDog/pprof-nodejs/pull/212
  expect(await run(['--input-type=module', '--eval', program])).toMatchObject({
    code: 0,
    signal: null,
    stderr: '',
  });
});

it.each(ADDON_PACKAGES)('reads the growth by itself where that is cheap, by %s', async (engine) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const heap = createHeapProfiler(heapSampleBytes, loadHeapAddon([engine])?.addon, NO_SOURCE_MAPS);
  onTestFinished(() => heap.stop());
  let kept: unknown = workload.retain();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(kept).toBeDefined();
  kept = undefined;
  await vi.advanceTimersByTimeAsync(20_000);
  await collectGarbage();
  expect(ownValueOf(await heap.live(CALL.signal), 'cachePages')).toBeLessThan(6e6);
  expect(ownValueOf(await heap.growth(CALL.signal), 'cachePages')).toBeGreaterThan(12e6);
});

it('tries one addon after the other', () => {
  expect(loadHeapAddon()?.engine).toBe('pprof');
  expect(loadHeapAddon(['@datadog/pprof', 'pprof'])?.engine).toBe('@datadog/pprof');
  expect(loadHeapAddon([])).toBeUndefined();
});

it('works without an addon where none is installed', () => {
  expect(loadBindings('pprof/not-here.js')).toBeUndefined();
  expect(loadBindings('node:path')).toBeUndefined();
});

describe('the engine', () => {
  /** Runs a program in a process that cannot load some packages, as if they were not installed or not built. */
  async function engineWithout(missing: readonly string[], program: string) {
    const hide = `const { Module } = require('node:module');
      const load = Module._load;
      Module._load = (id, ...rest) => {
        if (${JSON.stringify(missing)}.some((name) => id.startsWith(name + '/'))) throw new Error('not built: ' + id);
        return load(id, ...rest);
      };`;
    const preload = join(temporaryDirectory(), 'hide.cjs');
    writeFileSync(preload, hide);
    const { stdout, stderr, code } = await run([
      '--require',
      preload,
      '--input-type=module',
      '--eval',
      program,
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    return JSON.parse(stdout);
  }

  it.each([
    [[], 'pprof'],
    [['pprof'], '@datadog/pprof'],
    [['@datadog/pprof'], 'pprof'],
    [['pprof', '@datadog/pprof'], 'inspector'],
  ])('without %j is %s, says so once and samples the heap', async (missing, engine) => {
    const program = `import { createRequire } from 'node:module';
      import { subscribe } from 'node:diagnostics_channel';
      import { processProfiler } from 'pegasus-http/profiler';
      const events = [];
      subscribe('pegasus-http:profiler', (event) => events.push(event));
      const profiler = processProfiler({ heapSampleBytes: 16384 });
      globalThis.kept = createRequire(import.meta.url)(${JSON.stringify(WORKLOAD_FILE)}).retain();
      const { signal } = new AbortController();
      const text = JSON.stringify(await profiler.heap(undefined, { signal }));
      console.log(JSON.stringify({
        engine: profiler.engine,
        events: events.map(({ engine }) => engine),
        same: events[0].profiler === profiler,
        names: ['cachePages', 'bufferLogs'].filter((name) => text.includes(name)),
      }));`;
    expect(await engineWithout(missing, program)).toEqual({
      engine,
      events: [engine],
      same: true,
      names: ['cachePages', 'bufferLogs'],
    });
  });

  it('is undefined where the heap is not sampled', () => {
    expect(profilerHere({ heapSampleBytes: false }).engine).toBeUndefined();
  });
});

it('reads the heap 1,000 times in flat memory', { timeout: 120_000 }, async () => {
  const { get } = await serveProfiler(profilerHere({ heapSampleBytes: 65_536 }));
  async function readAndMeasure(times: number): Promise<number> {
    for (let i = 0; i < times; i += 1) expect((await get('/pprof/heap')).status).toBe(200);
    await collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 1e6;
  }
  const before = await readAndMeasure(100);
  expect((await readAndMeasure(1000)) - before).toBeLessThan(5);
});

describe('options of the profiler', () => {
  it.each([
    [{}, {}, undefined],
    [{}, { TCMALLOC_SAMPLE_PARAMETER: '524288' }, 524_288],
    [{}, { TCMALLOC_SAMPLE_PARAMETER: '0' }, undefined],
    [{}, { TCMALLOC_SAMPLE_PARAMETER: '' }, undefined],
    [{ heapSampleBytes: 4096 }, { TCMALLOC_SAMPLE_PARAMETER: '524288' }, 4096],
    [{ heapSampleBytes: false }, { TCMALLOC_SAMPLE_PARAMETER: '524288' }, undefined],
  ] as const)('%j with %j in the environment', (options, env, expected) => {
    expect(resolveProfilerOptions(options, env).heapSampleBytes).toBe(expected);
  });

  it.each([
    [{ heapSampleBytes: 0 }, {}, 'heapSampleBytes must be an integer from 1 to 4294967295, not 0'],
    [{ heapSampleBytes: true }, {}, 'heapSampleBytes must be an integer from 1 to 4294967295, not true'],
    [{ cpuIntervalMicros: 10 }, {}, 'cpuIntervalMicros must be an integer from 50 to 1000000, not 10'],
    [{ sourceMaps: 'dist' }, {}, 'sourceMaps must be true or false, not "dist"'],
    [null, {}, 'options must be an object, not null'],
    [
      {},
      { TCMALLOC_SAMPLE_PARAMETER: 'yes' },
      'TCMALLOC_SAMPLE_PARAMETER must be an integer from 1 to 4294967295, not "yes"',
    ],
  ])('%j with %j in the environment is refused', (options, env, message) => {
    expect(() => resolveProfilerOptions(options as never, env)).toThrow(
      new TypeError(`processProfiler: ${message}`),
    );
  });

  it('names the variable to set where the heap is not sampled', async () => {
    const { get } = await serveProfiler(profilerHere({ heapSampleBytes: false }));
    for (const target of ['/pprof/heap', '/pprof/heap?seconds=1', '/pprof/growth']) {
      expect((await get(target)).body).toContain('TCMALLOC_SAMPLE_PARAMETER=524288');
    }
  });
});

it('works in a worker thread, where only the prebuilt addon can be loaded', async () => {
  const script = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(new URL('../../dist/sources/profiler/index.js', import.meta.url).href)}).then(async ({ processProfiler }) => {
      const profiler = processProfiler({ heapSampleBytes: 16384 });
      const { retain } = require(${JSON.stringify(WORKLOAD_FILE)});
      globalThis.kept = retain();
      const { signal } = new AbortController();
      parentPort.postMessage([await profiler.heap(undefined, { signal }), await profiler.cpu(1, { signal }), profiler.engine]);
      profiler.close();
    });`;
  const worker = new Worker(script, { eval: true });
  onTestFinished(async () => void (await worker.terminate()));
  const [heap, cpu, engine] = await new Promise<[Profile, Profile, string]>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  expect(ownValueOf(heap, 'cachePages')).toBeGreaterThan(12e6);
  expect(cpu.durationMs).toBeGreaterThan(900);
  expect(engine).toBe('@datadog/pprof');
});

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose_gc');
  const gc: () => void = runInNewContext('gc');
  await sleep(20);
  gc();
  await sleep(20);
  gc();
}

it('stops sampling when it is closed', async () => {
  const profiler = processProfiler({ heapSampleBytes });
  profiler.close();
  expect(await profiler.heap(undefined, CALL)).toBe('disabled');
  expect(await profiler.growth(CALL)).toBe('disabled');
});
