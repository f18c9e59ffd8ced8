import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { HandlerOptions, Profile, Profiler } from '../../lib/index.js';
import { flattenCallTree } from '../../lib/pprof/stacks.js';
import { type ProcessProfilerOptions, processProfiler } from '../../lib/sources/profiler/index.js';
import { serve } from './http.js';

/** The functions of `workload.cjs`. */
interface Workload {
  spin(): void;
  retain(): unknown;
  churn(kilobytes: number): unknown;
}

export const workload: Workload = createRequire(import.meta.url)('./workload.cjs');

export const WORKLOAD_FILE = fileURLToPath(new URL('workload.cjs', import.meta.url));

/** A replica server that has a profiler and nothing else to tell. */
export function serveProfiler(profiler: Profiler, options?: HandlerOptions): ReturnType<typeof serve> {
  const processInfo = {
    version: () => ({ version: '1', gitCommit: 'x' }),
    startSecond: () => 0,
    profiler,
  };
  return serve({ processInfo }, options);
}

/** A profiler of this process until the test is over. */
export function profilerHere(options: ProcessProfilerOptions = {}): ReturnType<typeof processProfiler> {
  const profiler = processProfiler(options);
  onTestFinished(() => profiler.close());
  return profiler;
}

/** Works most of the time until the test is over. */
export function keepBusy(): void {
  const timer = setInterval(() => workload.spin(), 15);
  onTestFinished(() => clearInterval(timer));
}

/** Sums up what a profile says of a function of its own. */
export function ownValueOf(profile: Profile | string, name: string): number {
  if (typeof profile === 'string') throw new Error(profile);
  return flattenCallTree(profile)
    .filter(({ functions }) => functions[0]?.name === name)
    .reduce((sum, { value }) => sum + value, 0);
}
