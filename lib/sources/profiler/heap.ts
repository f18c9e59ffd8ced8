import { setTimeout as sleep } from 'node:timers/promises';
import type { CallNode, Profile } from '../../model/profiler.js';
import type { HeapAddon } from './heap-addon.js';
import { createHeapSampler, type HeapReading } from './heap-sampler.js';
import { heapTree, newestOrdinal, scriptsOf } from './heap-tree.js';
import { createHighWaterMarks } from './high-water-marks.js';
import type { SourceMaps } from './source-maps.js';

/** How often the heap is looked at for its growth: at most so often, and never for more than a thousandth of the time. */
const GROWTH_PERIOD_MS = 10_000;
const GROWTH_SHARE = 1000;

/** The profiles that are made of one sampler. */
export interface HeapProfiler {
  /** What lives. */
  live(): Promise<Profile | 'restarted'>;
  /** What is allocated from now on, for so long, and lives then. */
  allocated(seconds: number, signal: AbortSignal): Promise<Profile | 'restarted'>;
  /** The most that ever lived, stack by stack. */
  growth(): Promise<Profile>;
  stop(): void;
}

/** Starts sampling the heap. */
export function createHeapProfiler(
  sampleBytes: number,
  addon: HeapAddon | undefined,
  sourceMaps: SourceMaps,
): HeapProfiler {
  const sampler = createHeapSampler(sampleBytes, addon);
  const marks = createHighWaterMarks();
  let timer: NodeJS.Timeout | undefined;

  /** Of one moment, unless it says for how long. */
  function profile(root: CallNode, startMs = Date.now(), durationMs = 0): Profile {
    return { root, startMs, durationMs, period: sampleBytes };
  }

  async function treeOf(reading: HeapReading, after?: number): Promise<CallNode> {
    return heapTree(reading, await sourceMaps.locate(scriptsOf(reading)), after);
  }

  async function raiseMarks(): Promise<void> {
    const reading = sampler.read();
    if (reading !== 'restarted') marks.record(await treeOf(reading));
  }

  /** Without the addon every look is a collection: nobody would want that without having asked for it. */
  function watchGrowth(delayMs: number): void {
    if (addon === undefined) return;
    timer = setTimeout(async () => {
      const before = performance.now();
      // A look that fails is one less.
      await raiseMarks().catch(() => {});
      const tookMs = performance.now() - before;
      if (timer !== undefined) watchGrowth(Math.max(GROWTH_PERIOD_MS, tookMs * GROWTH_SHARE));
    }, delayMs);
    timer.unref();
  }

  watchGrowth(GROWTH_PERIOD_MS);
  return {
    async live() {
      const reading = sampler.read();
      return reading === 'restarted' ? reading : profile(await treeOf(reading));
    },
    async allocated(seconds, signal) {
      const before = sampler.read();
      if (before === 'restarted') return before;
      const startMs = Date.now();
      await sleep(seconds * 1000, undefined, { signal });
      const reading = sampler.read();
      return reading === 'restarted'
        ? reading
        : profile(await treeOf(reading, newestOrdinal(before)), startMs, Date.now() - startMs);
    },
    async growth() {
      await raiseMarks();
      return profile(marks.tree());
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      sampler.stop();
    },
  };
}
