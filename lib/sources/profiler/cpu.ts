import { type Session, type Profiler as V8, console as v8Console } from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Profile } from '../../model/profiler.js';
import { BUSY_SLICE_MS, runInSlices } from '../../render/time-slicing.js';
import { createCallTree } from './call-tree.js';
import { addCpuSlice } from './cpu-slice.js';
import { callInspector, openSession } from './inspector.js';
import type { SourceMaps } from './source-maps.js';

/** Samples of the first slice. A node of V8's answer takes 200 bytes of JSON, and a sample has up to 255 nodes of its own. */
const FIRST_SLICE_SAMPLES = 500;
const MIN_SLICE_MS = 100;
const MAX_SLICE_MS = 10_000;

/** Nodes that a slice should have: V8 takes some 20 ms for that many, in which the process answers nothing. */
const TARGET_NODES = 10_000;

/** Title of the profiles that keep V8's profiler running between two slices. */
const BRIDGE = 'pegasus-http';

/** A slice is at most so many times as long as the one before it. */
const MAX_GROWTH = 4;

/**
 * Samples the JavaScript thread that calls it, in slices that are merged into one bounded tree. V8 answers a slice in one go, on
 * this thread: the slices are short where stacks are deep and varied, and long elsewhere.
 *
 * It uses the inspector's profiler because that one has the time of each sample. Under load samples come late, so that their number
 * alone would understate the time.
 *
 * @param intervalMicros - Distance of two samples.
 * @throws The signal's reason, with the profiler stopped.
 */
export async function takeCpuProfile(
  seconds: number,
  intervalMicros: number,
  sourceMaps: SourceMaps,
  signal: AbortSignal,
): Promise<Profile> {
  signal.throwIfAborted();
  const tree = createCallTree();
  const startMs = Date.now();
  const start = performance.now();
  const session = openSession();
  try {
    callInspector(session, 'Profiler.enable');
    callInspector(session, 'Profiler.setSamplingInterval', { interval: intervalMicros });
    let sliceMs = clampSlice((FIRST_SLICE_SAMPLES * intervalMicros) / 1000);
    callInspector(session, 'Profiler.start');
    let sliceStart = performance.now();
    for (;;) {
      const leftMs = start + seconds * 1000 - performance.now();
      // No slice of a few samples at the end.
      const isLast = leftMs < 1.5 * sliceMs;
      const untilMs = isLast ? leftMs : sliceMs - (performance.now() - sliceStart);
      await sleep(Math.max(0, untilMs), undefined, { signal });
      const profile = isLast ? stopSlice(session) : nextSlice(session);
      sliceStart = performance.now();
      // What this takes is in the next slice.
      await runInSlices(addCpuSlice(tree, profile), BUSY_SLICE_MS);
      signal.throwIfAborted();
      if (isLast) break;
      sliceMs = nextSliceMs(profile);
    }
  } finally {
    // Stops a profile that is still running.
    session.disconnect();
  }
  const durationMs = performance.now() - start;
  const root = await runInSlices(tree.toCallNode(await sourceMaps.load(tree.urls(), signal)), BUSY_SLICE_MS);
  return { root, startMs, durationMs, period: intervalMicros };
}

function stopSlice(session: Session): V8.Profile {
  return callInspector<{ profile: V8.Profile }>(session, 'Profiler.stop').profile;
}

/**
 * Ends a slice and starts the next one. Meanwhile another profile keeps V8's profiler running: when it starts it lists all functions of the
 * program, which takes seconds where there are 100,000. It only lasts as long as this function runs.
 */
function nextSlice(session: Session): V8.Profile {
  v8Console.profile(BRIDGE);
  try {
    const profile = stopSlice(session);
    callInspector(session, 'Profiler.start');
    return profile;
  } finally {
    v8Console.profileEnd(BRIDGE);
  }
}

function nextSliceMs({ nodes, startTime, endTime }: V8.Profile): number {
  const ms = (endTime - startTime) / 1000;
  return clampSlice(ms * Math.min(MAX_GROWTH, TARGET_NODES / nodes.length));
}

function clampSlice(ms: number): number {
  return Math.min(MAX_SLICE_MS, Math.max(MIN_SLICE_MS, ms));
}
