import type { App, Partition } from '../../model/cluster.js';
import { isSamePartition } from '../../model/structural-sharing.js';

const NO_SECONDARIES: readonly string[] = Object.freeze([]);

/**
 * Adds the children of a split whose znodes are not written yet, as Pegasus shows them: ballot -1, no replica of 0. The child of
 * partition n has the number n + `splitFrom`.
 *
 * @param partitions - The partitions with a znode, by ascending pidx.
 * @param splitFrom - The number of partitions before the split; `undefined` without a split.
 * @param last - The table as it was last shown. Its children are reused.
 */
export function addSplitChildren(
  partitions: readonly Partition[],
  splitFrom: number | undefined,
  last: App | undefined,
): readonly Partition[] {
  if (splitFrom === undefined) return partitions;
  const present = new Set(partitions.map(({ pidx }) => pidx));
  // Only a parent with a znode has a child, so that a number in a znode cannot make a million of them.
  const missing = partitions
    .map(({ pidx }) => pidx + splitFrom)
    .filter((pidx) => pidx < splitFrom * 2 && !present.has(pidx));
  if (missing.length === 0) return partitions;
  const known = new Map(last?.partitions.map((partition) => [partition.pidx, partition]));
  const children = missing.map((pidx) => unwrittenChild(pidx, known.get(pidx)));
  return [...partitions, ...children].sort((a, b) => a.pidx - b.pidx);
}

function unwrittenChild(pidx: number, known: Partition | undefined): Partition {
  const child: Partition = {
    pidx,
    ballot: -1,
    primary: null,
    secondaries: NO_SECONDARIES,
    maxReplicaCount: 0,
  };
  return isSamePartition(known, child) ? known : Object.freeze(child);
}
