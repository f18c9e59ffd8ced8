/**
 * Answers and parts of answers that are kept for the next request. Everything here hangs on the snapshots that it was made of, by
 * `WeakMap`: it falls away with them, and there is nothing to invalidate. It is kept only where all of them are frozen.
 *
 * @module
 */
import { type Block, type Body, blockOf } from './body.js';
import type { MaybePromise } from './contracts.js';
import { type Rendering, render, UNFROZEN } from './render.js';

const bodies = new WeakMap<object, Map<string, MaybePromise<Body>>>();

/**
 * The body that was made of a snapshot, or a new one. Requests that come while it is in the making share it.
 *
 * @param subject - What the answer follows from, alone.
 * @param variant - Which answer; the same subject may have several.
 * @param start - Begins the rendering.
 */
export function keptBody(subject: object, variant: string, start: () => Rendering): MaybePromise<Body> {
  const kept = bodies.get(subject)?.get(variant);
  if (kept !== undefined) return kept;
  const rendered = render(start);
  if (!(rendered instanceof Promise)) {
    if (rendered.isFrozen) keep(subject, variant, rendered.body);
    return rendered.body;
  }
  const body = rendered.then(
    ({ body, isFrozen }) => {
      if (isFrozen) keep(subject, variant, body);
      else bodies.get(subject)?.delete(variant);
      return body;
    },
    (error) => {
      bodies.get(subject)?.delete(variant);
      throw error;
    },
  );
  keep(subject, variant, body);
  return body;
}

function keep(subject: object, variant: string, body: MaybePromise<Body>): void {
  const variants = bodies.get(subject);
  if (variants === undefined) bodies.set(subject, new Map([[variant, body]]));
  else variants.set(variant, body);
}

/** How many rows make a block: what is rendered anew when one of them changes. */
const BLOCK_ROWS = 64;

/** A block, and what it was made of. */
interface KeptBlock<Row> {
  readonly rows: readonly Row[];
  readonly context: string;
  readonly isFirst: boolean;
  readonly block: Block;
}

/**
 * Makes a writer of long lists: comma-separated rows, in blocks that are kept. Where one row of a list has changed, its block is written
 * anew and the others are taken as they are.
 *
 * @param write - Writes one row. Called only for the rows of blocks that are not kept.
 * @param isFrozen - Whether a row, and all that `write` looks at in it, is frozen.
 */
export function blockWriter<Row extends object>(
  write: (row: Row, context: string) => string,
  isFrozen: (row: Row) => boolean,
): (rows: readonly Row[], context: string) => Rendering {
  // By its first and its last row, so that it is found again when one of the two has changed.
  const kept = new WeakMap<Row, KeptBlock<Row>>();

  function find(rows: readonly Row[], context: string, isFirst: boolean): Block | undefined {
    for (const row of [rows[0], rows.at(-1)] as [Row, Row]) {
      const found = kept.get(row);
      if (found === undefined || found.context !== context || found.isFirst !== isFirst) continue;
      if (found.rows.length === rows.length && found.rows.every((other, i) => other === rows[i]))
        return found.block;
    }
    return undefined;
  }

  return function* writeRows(rows, context) {
    for (let start = 0; start < rows.length; start += BLOCK_ROWS) {
      yield '';
      const some = rows.slice(start, start + BLOCK_ROWS);
      const isFirst = start === 0;
      const found = find(some, context, isFirst);
      if (found !== undefined) {
        yield found;
        continue;
      }
      const text = (isFirst ? '' : ',') + some.map((row) => write(row, context)).join();
      const areFrozen = some.every(isFrozen);
      if (!areFrozen) yield UNFROZEN;
      // A short list is no longer than one block, and is part of the text around it.
      if (rows.length <= BLOCK_ROWS) {
        yield text;
        continue;
      }
      const block = blockOf(text);
      if (areFrozen) {
        const keptBlock = { rows: some, context, isFirst, block };
        kept.set(some[0] as Row, keptBlock);
        kept.set(some.at(-1) as Row, keptBlock);
      }
      yield block;
    }
  };
}
