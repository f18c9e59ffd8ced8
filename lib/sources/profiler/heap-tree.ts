import type { CallNode } from '../../model/profiler.js';
import type { HeapReading, SampledNode } from './heap-sampler.js';
import { type ResolvePosition, toPosition } from './source-position.js';

/** The ordinal of the newest sample: what is allocated from now on has a higher one. */
export function newestOrdinal({ samples }: HeapReading): number {
  return samples.reduce((newest, { ordinal }) => Math.max(newest, ordinal), 0);
}

/** The scripts that a reading names. */
export function scriptsOf({ head }: HeapReading): string[] {
  const urls = new Set<string>();
  const ahead = [head];
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    urls.add(node.callFrame.url);
    ahead.push(...node.children);
  }
  return [...urls];
}

/**
 * The call tree of a reading. V8 has scaled its samples to what they stand for. Objects are counted by their average size; where
 * that is unknown (no addon) each sample counts as one.
 *
 * @param after - Only of samples with a higher ordinal.
 */
export function heapTree(reading: HeapReading, locate: ResolvePosition, after = 0): CallNode {
  const bytes = new Map<number, number>();
  const samples = new Map<number, number>();
  for (const { nodeId, size, ordinal } of reading.samples) {
    if (ordinal <= after) continue;
    bytes.set(nodeId, (bytes.get(nodeId) ?? 0) + size);
    samples.set(nodeId, (samples.get(nodeId) ?? 0) + 1);
  }

  function toCallNode({ id, callFrame, children }: SampledNode): CallNode {
    const value = bytes.get(id) ?? 0;
    const size = reading.objectBytes.get(id);
    const { url, line } = locate(toPosition(callFrame));
    return {
      name: callFrame.functionName,
      url,
      line,
      count: size === undefined ? (samples.get(id) ?? 0) : Math.round(value / size),
      value,
      children: children.map(toCallNode),
    };
  }

  return toCallNode(reading.head);
}
