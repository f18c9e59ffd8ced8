import { type BodyBlock, createBlock } from '../http/body.js';
import type { ChunkGenerator } from './chunk-buffer.js';

/** Rows per block. If one row changes, its block is computed again. */
export const BLOCK_SIZE = 64;

interface CachedBlock<Row, Context, Value> {
  readonly rows: readonly Row[];
  readonly context: Context;
  readonly isFirst: boolean;
  readonly value: Value;
}

/**
 * Tells where the block that begins at `start` ends: the index after its last row.
 *
 * @param known - The rows before this index are known to be in the block.
 */
export type EndOfBlock<Row> = (rows: readonly Row[], start: number, known: number) => number;

/**
 * Memoizes a computation over a long list, block by block. If one row of the list changes, only its block is computed again; the rows of
 * other blocks are compared by identity and not read.
 *
 * @param compute - Called for a block that is not cached. The value may depend only on the arguments.
 * @param isFrozen - Whether a row, and all that `compute` reads of it, is frozen. Blocks with other rows are not cached.
 * @param endOfBlock - Default: after {@link BLOCK_SIZE} rows.
 */
export function memoizeBlocks<Row extends object, Value, Context = undefined>(
  compute: (rows: readonly Row[], context: Context, isFirst: boolean) => Value,
  isFrozen: (row: Row) => boolean,
  endOfBlock: EndOfBlock<Row> = endOfFixedBlock,
): (rows: readonly Row[], context: Context) => Generator<Value, void, void> {
  type Block = CachedBlock<Row, Context, Value>;
  // Stored under its first row alone: under two rows, each block would lead to a later one, and an old snapshot that an application keeps
  // would keep every snapshot after it.
  const cache = new WeakMap<Row, Block>();

  function findBlock(all: readonly Row[], start: number, context: Context): Block | undefined {
    const found = cache.get(all[start] as Row);
    if (found === undefined || found.context !== context || found.isFirst !== (start === 0)) return undefined;
    const end = start + found.rows.length;
    // A loop, because a callback for each row takes most of the time of a long list that has not changed.
    for (let i = start; i < end; i += 1) if (found.rows[i - start] !== all[i]) return undefined;
    return endOfBlock(all, start, end) === end ? found : undefined;
  }

  function computeBlock(all: readonly Row[], start: number, context: Context): Block {
    const rows = all.slice(start, endOfBlock(all, start, start + 1));
    const isFirst = start === 0;
    const block = { rows, context, isFirst, value: compute(rows, context, isFirst) };
    if (rows.every(isFrozen)) cache.set(rows[0] as Row, block);
    return block;
  }

  return function* blocks(rows, context) {
    // V8 reads the items of a frozen array six times slower than those of a copy, and copies it at once.
    const all = [...rows];
    for (let start = 0; start < all.length; ) {
      const block = findBlock(all, start, context) ?? computeBlock(all, start, context);
      yield block.value;
      start += block.rows.length;
    }
  };
}

function endOfFixedBlock(rows: readonly unknown[], start: number): number {
  return Math.min(start + BLOCK_SIZE, rows.length);
}

/**
 * Creates a writer of comma-separated rows whose blocks are cached. A list that fits into one block becomes text and no block of its
 * own.
 *
 * @param write - Writes one row. Called only for rows of blocks that are not cached.
 * @param isFrozen - Whether a row, and all that `write` reads of it, is frozen.
 */
export function cachedRows<Row extends object, Context = undefined>(
  write: (row: Row, context: Context) => string,
  isFrozen: (row: Row) => boolean,
): (rows: readonly Row[], context: Context) => ChunkGenerator {
  const text = (rows: readonly Row[], context: Context) => joinRows(rows, (row) => write(row, context));
  const blocks = memoizeBlocks<Row, BodyBlock, Context>(
    (rows, context, isFirst) => createBlock((isFirst ? '' : ',') + text(rows, context)),
    isFrozen,
  );
  return function* writeRows(rows, context) {
    if (rows.length > BLOCK_SIZE) yield* blocks(rows, context);
    else yield text(rows, context);
  };
}

/**
 * Creates a writer of comma-separated rows that are in blocks already. The text of a block is cached as long as the block lives. One block
 * alone becomes text and no block of its own.
 *
 * @param write - Writes one row. Called only for rows of blocks that are not cached.
 */
export function cachedRowBlocks<Row>(
  write: (row: Row) => string,
): (blocks: readonly (readonly Row[])[]) => ChunkGenerator {
  const cache = new WeakMap<readonly Row[], { readonly isFirst: boolean; readonly block: BodyBlock }>();

  function blockOf(rows: readonly Row[], isFirst: boolean): BodyBlock {
    const cached = cache.get(rows);
    if (cached?.isFirst === isFirst) return cached.block;
    const block = createBlock((isFirst ? '' : ',') + joinRows(rows, write));
    cache.set(rows, { isFirst, block });
    return block;
  }

  return function* writeBlocks(blocks) {
    const [first = []] = blocks;
    if (blocks.length < 2) yield joinRows(first, write);
    else for (const rows of blocks) yield blockOf(rows, rows === first);
  };
}

function joinRows<Row>(rows: readonly Row[], write: (row: Row) => string): string {
  // Concatenated by `+`: the body is flattened once at its end, whereas `join` flattens each part.
  let all = '';
  for (const row of rows) all += all === '' ? write(row) : `,${write(row)}`;
  return all;
}
