import type { App } from '../model/cluster.js';

/** Ids per block: 0 to 63, 64 to 127 and so on. */
const BLOCK_SIZE = 64;

/** Tables that follow each other in a list, with ids of one range. */
export type AppBlock = readonly App[];

const blocksByList = new WeakMap<readonly App[], readonly AppBlock[]>();

/**
 * Stored under its first table alone: under two, each block would lead to a later one, and an old snapshot that an application keeps
 * would keep every snapshot after it.
 */
const blocksByFirstApp = new WeakMap<App, AppBlock>();

/**
 * Splits a list of tables into blocks. A block of frozen tables is the same object in the next list if its tables are, so that what is
 * computed of it can be kept in a `WeakMap`.
 *
 * The ids alone decide where a block ends: tables that are not listed, or not valid, do not move the blocks behind them.
 */
export function appBlocks(apps: readonly App[]): readonly AppBlock[] {
  let blocks = blocksByList.get(apps);
  if (blocks === undefined) {
    // V8 reads the items of a frozen array six times slower than those of a copy, and copies it at once.
    blocks = splitIntoBlocks([...apps]);
    if (Object.isFrozen(apps)) blocksByList.set(apps, blocks);
  }
  return blocks;
}

function splitIntoBlocks(apps: readonly App[]): readonly AppBlock[] {
  const blocks: AppBlock[] = [];
  for (let start = 0; start < apps.length; ) {
    const block = findBlock(apps, start) ?? createBlock(apps, start);
    blocks.push(block);
    start += block.length;
  }
  return blocks;
}

/** Finds the block of an earlier list, if it is a block of this one as well. */
function findBlock(apps: readonly App[], start: number): AppBlock | undefined {
  const found = blocksByFirstApp.get(apps[start] as App);
  if (found === undefined) return undefined;
  const end = start + found.length;
  // A loop, because a callback for each table takes most of the time of a long list that has not changed.
  for (let i = start; i < end; i += 1) if (found[i - start] !== apps[i]) return undefined;
  return endOfBlock(apps, start, end) === end ? found : undefined;
}

function createBlock(apps: readonly App[], start: number): AppBlock {
  const block = apps.slice(start, endOfBlock(apps, start, start + 1));
  if (block.every(isFrozenObject)) blocksByFirstApp.set(apps[start] as App, block);
  return block;
}

/** @param known - Tables up to this index are in the block. */
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
    return typeof id === 'number' && Number.isSafeInteger(id) ? Math.floor(id / BLOCK_SIZE) : undefined;
  } catch {
    return undefined;
  }
}

function isFrozenObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.isFrozen(value);
}
