import type { CallTree, Frame } from './call-tree.js';
import type { HeapReading, SampledNode } from './heap-sampler.js';
import { toPosition } from './source-position.js';

/** Returns the ordinal of the newest sample. Later allocations have higher ones. */
export function newestOrdinal({ samples }: HeapReading): number {
  return samples.reduce((newest, { ordinal }) => Math.max(newest, ordinal), 0);
}

/**
 * Adds a reading to a tree. V8 has already scaled each sample to the bytes that it stands for. Objects are counted by the average
 * size at their node; without the addon that size is unknown, and each sample counts as one object. Yields where it may pause.
 *
 * @param after - Leaves out samples up to this ordinal.
 */
export function* addHeapReading(tree: CallTree, reading: HeapReading, after = 0): Generator<undefined, void> {
  const sums = new Map<number, { samples: number; bytes: number }>();
  for (const { nodeId, size, ordinal } of reading.samples) {
    if (ordinal <= after) continue;
    const { samples, bytes } = sums.get(nodeId) ?? { samples: 0, bytes: 0 };
    sums.set(nodeId, { samples: samples + 1, bytes: bytes + size });
  }
  const pending: Entry[] = [{ node: reading.head, caller: undefined }];
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const sum = sums.get(entry.node.id);
    if (sum !== undefined) {
      const size = reading.objectBytes.get(entry.node.id);
      const count = size === undefined ? sum.samples : Math.round(sum.bytes / size);
      tree.add(stackOf(entry), [{ line: 0, count, value: sum.bytes }]);
    }
    for (const node of entry.node.children) pending.push({ node, caller: entry });
    yield;
  }
}

/** A node on the way down the sampler's tree. */
interface Entry {
  readonly node: SampledNode;
  readonly caller: Entry | undefined;
}

/** Returns the functions of a node and its callers, the outermost first. The sampler's root is no function. */
function stackOf(entry: Entry): Frame[] {
  const stack: Frame[] = [];
  for (let at = entry; at.caller !== undefined; at = at.caller) {
    stack.push({ name: at.node.callFrame.functionName, ...toPosition(at.node.callFrame) });
  }
  return stack.reverse();
}
