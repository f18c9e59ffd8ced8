import { Session, type Profiler as V8 } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallNode, Profile } from '../../model/profiler.js';
import type { SourceMaps } from './source-maps.js';
import { type ResolvePosition, toPosition } from './source-position.js';

/** A node under construction. */
type MutableNode = { -readonly [Key in keyof CallNode]: CallNode[Key] } & { children: MutableNode[] };

/**
 * Samples the JavaScript thread that this is called on. Of the two profilers at hand this one tells when each sample was taken,
 * and so how long it stands for: under load samples come late, and their number says too little.
 *
 * @param intervalMicros - Between two samples.
 * @throws The signal's reason; the profiler is off then.
 */
export async function takeCpuProfile(
  seconds: number,
  intervalMicros: number,
  sourceMaps: SourceMaps,
  signal: AbortSignal,
): Promise<Profile> {
  signal.throwIfAborted();
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: intervalMicros });
    await session.post('Profiler.start');
    const startMs = Date.now();
    await sleep(seconds * 1000, undefined, { signal });
    const { profile } = await session.post('Profiler.stop');
    const locate = await sourceMaps.locate(profile.nodes.map(({ callFrame }) => callFrame.url));
    return {
      root: callTree(profile, locate),
      startMs,
      durationMs: (profile.endTime - profile.startTime) / 1000,
      period: intervalMicros,
    };
  } finally {
    // Ends the profile as well, if it still runs.
    session.disconnect();
  }
}

/** V8's list of nodes as a tree, each with the time that its samples stand for. Time in which nothing ran is left out. */
export function callTree(profile: V8.Profile, locate: ResolvePosition): CallNode {
  const nodes = new Map<number, MutableNode>();
  const idle = new Set<number>();
  for (const { id, callFrame } of profile.nodes) {
    if (callFrame.functionName === '(idle)') idle.add(id);
    const { url, line } = locate(toPosition(callFrame));
    nodes.set(id, { name: callFrame.functionName, url, line, count: 0, value: 0, children: [] });
  }
  for (const { id, children = [] } of profile.nodes) {
    for (const child of children) nodes.get(id)?.children.push(nodes.get(child) as MutableNode);
  }
  for (const { id, micros } of weightSamples(profile)) {
    const node = nodes.get(id);
    if (node === undefined || idle.has(id)) continue;
    node.count += 1;
    node.value += micros;
  }
  return nodes.get(profile.nodes[0]?.id ?? 0) as MutableNode;
}

/** A sample stands for the time until the next. */
function weightSamples({
  samples = [],
  timeDeltas = [],
  startTime,
  endTime,
}: V8.Profile): { readonly id: number; readonly micros: number }[] {
  let at = startTime;
  const taken = samples.map((id, i) => {
    at += timeDeltas[i] ?? 0;
    return { id, at };
  });
  // Samples of two threads' making: some deltas are negative.
  taken.sort((a, b) => a.at - b.at);
  return taken.map(({ id, at }, i) => ({ id, micros: Math.max(0, (taken[i + 1]?.at ?? endTime) - at) }));
}
