import type { Profiler as V8 } from 'node:inspector';
import type { CallTree, Frame, LineMeasure, Measure } from './call-tree.js';
import { toPosition } from './source-position.js';

/** Time in which the thread had nothing to do. */
const IDLE = '(idle)';

/** Adds the samples of one of V8's CPU profiles to a tree, without the time in which nothing ran. Yields where it may pause. */
export function* addCpuSlice(tree: CallTree, profile: V8.Profile): Generator<undefined, void> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, V8.ProfileNode>();
  for (const node of profile.nodes) {
    for (const child of node.children ?? []) parents.set(child, node);
  }
  const [root] = profile.nodes;
  const frames = new Map<V8.ProfileNode, Frame>();
  yield;
  for (const [id, measure] of sumSamples(profile)) {
    const sampled = nodes.get(id);
    if (sampled === undefined || sampled.callFrame.functionName === IDLE) continue;
    const stack: Frame[] = [];
    for (let node: V8.ProfileNode | undefined = sampled; node !== undefined; node = parents.get(node.id)) {
      if (node === root) break;
      let frame = frames.get(node);
      if (frame === undefined) {
        frame = { name: node.callFrame.functionName, ...toPosition(node.callFrame) };
        frames.set(node, frame);
      }
      stack.push(frame);
    }
    tree.add(stack.reverse(), toLines(measure, sampled.positionTicks));
    yield;
  }
}

/** Sums up the samples of each node. A sample stands for the time until the next one. */
function sumSamples({ samples = [], timeDeltas = [], startTime, endTime }: V8.Profile): Map<number, Measure> {
  let at = startTime;
  const taken = samples.map((id, i) => {
    at += timeDeltas[i] ?? 0;
    return { id, at };
  });
  // Two threads of V8 take samples, so that some deltas are negative.
  taken.sort((a, b) => a.at - b.at);
  const sums = new Map<number, Measure>();
  for (const [i, { id, at }] of taken.entries()) {
    const { count, value } = sums.get(id) ?? { count: 0, value: 0 };
    const micros = Math.max(0, (taken[i + 1]?.at ?? endTime) - at);
    sums.set(id, { count: count + 1, value: value + micros });
  }
  return sums;
}

/**
 * Distributes the samples of a node over its lines. V8 counts the samples of each line but does not tell which ones they are, so
 * each line gets its share of the time.
 */
function toLines(
  { count, value }: Measure,
  positionTicks: readonly V8.PositionTickInfo[] = [],
): LineMeasure[] {
  const total = positionTicks.reduce((sum, { ticks }) => sum + ticks, 0);
  if (total === 0) return [{ line: 0, count, value }];
  let ticksBefore = 0;
  return positionTicks.map(({ line, ticks }) => {
    const share = (whole: number) =>
      Math.round((whole * (ticksBefore + ticks)) / total) - Math.round((whole * ticksBefore) / total);
    const measure = { line, count: share(count), value: share(value) };
    ticksBefore += ticks;
    return measure;
  });
}
