import { setTimeout as sleep } from 'node:timers/promises';
import type { CallNode, Profile } from '../../model/profiler.js';
import { BUSY_SLICE_MS, runInSlices } from '../../render/time-slicing.js';
import { createCallTree } from './call-tree.js';
import type { HeapAddon } from './heap-addon.js';
import { createHeapSampler, type HeapReading } from './heap-sampler.js';
import { addHeapReading, newestOrdinal } from './heap-tree.js';
import { createHighWaterMarks } from './high-water-marks.js';
import type { SourceMaps } from './source-maps.js';

/** Minimum distance of two readings for the growth profile. They also take at most a thousandth of the time. */
const GROWTH_PERIOD_MS = 10_000;
const GROWTH_SHARE = 1000;

/** The profiles that are made from one sampler. */
export interface HeapProfiler {
  /** Takes a profile of all live objects. */
  live(signal: AbortSignal): Promise<Profile | 'restarted'>;
  /** Takes a profile of the objects that are allocated in so many seconds from now on and are live at the end. */
  allocated(seconds: number, signal: AbortSignal): Promise<Profile | 'restarted'>;
  /** Takes a profile of the most that was ever live of each stack. */
  growth(signal: AbortSignal): Promise<Profile>;
  /** Stops sampling. */
  stop(): void;
}

/**
 * Starts sampling the heap.
 *
 * @throws PegasusError when the inspector is needed and the process must not use it.
 */
export function createHeapProfiler(
  sampleBytes: number,
  addon: HeapAddon | undefined,
  sourceMaps: SourceMaps,
): HeapProfiler {
  const sampler = createHeapSampler(sampleBytes, addon);
  const marks = createHighWaterMarks();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  function toProfile(root: CallNode, startMs = Date.now(), durationMs = 0): Profile {
    return { root, startMs, durationMs, period: sampleBytes };
  }

  async function toTree(reading: HeapReading, signal: AbortSignal, after?: number): Promise<CallNode> {
    const tree = createCallTree();
    await runInSlices(addHeapReading(tree, reading, after), BUSY_SLICE_MS);
    return runInSlices(tree.toCallNode(await sourceMaps.load(tree.urls(), signal)), BUSY_SLICE_MS);
  }

  async function raiseMarks(signal: AbortSignal): Promise<void> {
    const reading = sampler.read();
    if (reading !== 'restarted') marks.record(await toTree(reading, signal));
  }

  /** Reads the heap from time to time. Without the addon each reading would collect garbage, which no client has asked for. */
  function watchGrowth(delayMs: number): void {
    if (addon === undefined) return;
    timer = setTimeout(async () => {
      const before = performance.now();
      // A reading that fails is left out.
      await raiseMarks(stopping.signal).catch(() => {});
      const tookMs = performance.now() - before;
      if (!stopping.signal.aborted) watchGrowth(Math.max(GROWTH_PERIOD_MS, tookMs * GROWTH_SHARE));
    }, delayMs);
    timer.unref();
  }

  watchGrowth(GROWTH_PERIOD_MS);
  return {
    async live(signal) {
      const reading = sampler.read();
      return reading === 'restarted' ? reading : toProfile(await toTree(reading, signal));
    },
    async allocated(seconds, signal) {
      const before = sampler.read();
      if (before === 'restarted') return before;
      const startMs = Date.now();
      await sleep(seconds * 1000, undefined, { signal });
      const reading = sampler.read();
      if (reading === 'restarted') return reading;
      const durationMs = Date.now() - startMs;
      return toProfile(await toTree(reading, signal, newestOrdinal(before)), startMs, durationMs);
    },
    async growth(signal) {
      await raiseMarks(signal);
      return toProfile(marks.tree());
    },
    stop() {
      stopping.abort();
      clearTimeout(timer);
      sampler.stop();
    },
  };
}
