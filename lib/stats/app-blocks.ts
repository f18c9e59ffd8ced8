import type { App } from '../model/cluster.js';
import { memoizeBlocks } from '../render/block-cache.js';

/** Ids of one range: 0 to 63, 64 to 127 and so on. */
const RANGE_SIZE = 64;

/** Tables that follow each other in a list, with ids of one range. */
export type AppBlock = readonly App[];

const blocksByList = new WeakMap<readonly App[], readonly AppBlock[]>();

const splitIntoBlocks = memoizeBlocks((apps: AppBlock) => apps, isFrozenObject, endOfBlock);

/**
 * Splits a list of tables into blocks. A block of frozen tables is the same object in the next list if its tables are, so that what is
 * computed of it can be kept in a `WeakMap`.
 *
 * The ids alone decide where a block ends: tables that are not listed, or not valid, do not move the blocks behind them.
 */
export function appBlocks(apps: readonly App[]): readonly AppBlock[] {
  let blocks = blocksByList.get(apps);
  if (blocks === undefined) {
    blocks = [...splitIntoBlocks(apps, undefined)];
    if (Object.isFrozen(apps)) blocksByList.set(apps, blocks);
  }
  return blocks;
}

function endOfBlock(apps: readonly App[], start: number, known: number): number {
  let range: number | undefined;
  for (let i = start; i < known && range === undefined; i += 1) range = rangeOf(apps[i]);
  for (let end = known; end < apps.length; end += 1) {
    const next = rangeOf(apps[end]);
    if (range !== undefined && next !== undefined && next !== range) return end;
    range ??= next;
  }
  return apps.length;
}

/** Returns the range that the id of a table is in; `undefined` if it has no valid id, so that it belongs to the block before it. */
function rangeOf(app: App | undefined): number | undefined {
  try {
    const id = app?.appId;
    return typeof id === 'number' && Number.isSafeInteger(id) ? Math.floor(id / RANGE_SIZE) : undefined;
  } catch {
    return undefined;
  }
}

function isFrozenObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.isFrozen(value);
}
