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

/** Serves a profiler and otherwise only what a process information source must have. */
export function serveProfiler(profiler: Profiler, options?: HandlerOptions): ReturnType<typeof serve> {
  const processInfo = {
    version: () => ({ version: '1', gitCommit: 'x' }),
    startSecond: () => 0,
    profiler,
  };
  return serve({ processInfo }, options);
}

/** Creates a profiler of this process for the time of the test. */
export function profilerHere(options: ProcessProfilerOptions = {}): ReturnType<typeof processProfiler> {
  const profiler = processProfiler(options);
  onTestFinished(() => profiler.close());
  return profiler;
}

/** Keeps the thread busy most of the time until the test is over. */
export function keepBusy(): void {
  const timer = setInterval(() => workload.spin(), 15);
  onTestFinished(() => clearInterval(timer));
}

/** Sums up the own values of a function in a profile. */
export function ownValueOf(profile: Profile | string, name: string): number {
  if (typeof profile === 'string') throw new Error(profile);
  return flattenCallTree(profile)
    .filter(({ functions }) => functions[0]?.name === name)
    .reduce((sum, { value }) => sum + value, 0);
}
