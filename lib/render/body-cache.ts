/**
 * Answers and parts of answers that are kept for the next request. Everything here hangs on the snapshots that it was made of, by
 * `WeakMap`: it falls away with them, and there is nothing to invalidate. It is kept only where all of them are frozen.
 *
 * @module
 */
import { type BodyBlock, createBlock, type ResponseBody } from '../http/body.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { type Rendering, render, UNFROZEN } from './time-slicing.js';

const bodies = new WeakMap<object, Map<string, MaybePromise<ResponseBody>>>();

/**
 * The body that was made of a snapshot, or a new one. Requests that come while it is in the making share it.
 *
 * @param subject - What the answer follows from, alone.
 * @param variant - Which answer; the same subject may have several.
 * @param start - Begins the rendering.
 */
export function keptBody(
  subject: object,
  variant: string,
  start: () => Rendering,
): MaybePromise<ResponseBody> {
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

function keep(subject: object, variant: string, body: MaybePromise<ResponseBody>): void {
  const variants = bodies.get(subject);
  if (variants === undefined) bodies.set(subject, new Map([[variant, body]]));
  else variants.set(variant, body);
}

/** How many rows make a block: what is made anew when one of them changes. */
const BLOCK_ROWS = 64;

/** What was made of some rows. */
interface KeptBlock<Row, Context, Made> {
  readonly rows: readonly Row[];
  readonly context: Context;
  readonly isFirst: boolean;
  readonly made: Made;
}

/** Makes something of rows: yields where it may pause, and `UNFROZEN` when one of them, or what it looks at in it, may change. */
export type Making<Made> = Generator<'' | typeof UNFROZEN, Made, void>;

/**
 * Makes a function that goes through long lists in blocks of rows and keeps what it made of each. Where one row of a list has
 * changed, its block is made anew and the others are taken as they are, without so much as a look into their rows. It yields what it
 * made, block by block, where a rendering may pause, and `UNFROZEN`.
 *
 * @param make - Called for a block that is not kept. What it makes may follow from nothing but its arguments.
 */
export function blockMaker<Row extends object, Context, Made>(
  make: (rows: readonly Row[], context: Context, isFirst: boolean) => Making<Made>,
): (rows: readonly Row[], context: Context) => Generator<Made | '' | typeof UNFROZEN, void, void> {
  // By its first and its last row, so that it is found again when one of the two has changed.
  const kept = new WeakMap<Row, KeptBlock<Row, Context, Made>>();

  function find(rows: readonly Row[], start: number, end: number, context: Context): Made | undefined {
    for (const row of [rows[start], rows[end - 1]] as [Row, Row]) {
      const found = kept.get(row);
      if (found === undefined || found.context !== context || found.isFirst !== (start === 0)) continue;
      if (found.rows.length === end - start && found.rows.every((other, i) => other === rows[start + i]))
        return found.made;
    }
    return undefined;
  }

  return function* makeBlocks(rows, context) {
    for (let start = 0; start < rows.length; start += BLOCK_ROWS) {
      if (start > 0) yield '';
      const end = Math.min(start + BLOCK_ROWS, rows.length);
      const found = find(rows, start, end, context);
      if (found !== undefined) {
        yield found;
        continue;
      }
      const some = rows.slice(start, end);
      const isFirst = start === 0;
      const making = make(some, context, isFirst);
      let isFrozen = true;
      let step = making.next();
      for (; step.done !== true; step = making.next()) {
        // Once is enough: it goes up through every rendering that this one is a part of.
        if (step.value === '' || isFrozen) yield step.value;
        if (step.value === UNFROZEN) isFrozen = false;
      }
      const made = step.value;
      if (isFrozen) {
        const block = { rows: some, context, isFirst, made };
        kept.set(some[0] as Row, block);
        kept.set(some.at(-1) as Row, block);
      }
      yield made;
    }
  };
}

/**
 * Makes a writer of lists, comma-separated rows, by blocks that are kept. A list of one block is no block of its own but part of the
 * text around it.
 *
 * @param write - Writes one row. Called only for the rows of blocks that are not kept.
 * @param isFrozen - Whether a row, and all that `write` looks at in it, is frozen.
 */
export function blockWriter<Row extends object, Context extends string = string>(
  write: (row: Row, context: Context) => string,
  isFrozen: (row: Row) => boolean,
): (rows: readonly Row[], context: Context) => Rendering {
  function text(rows: readonly Row[], context: Context): string {
    // By `+`: the whole answer is flattened once at its end, where `join` would flatten each part.
    let all = '';
    for (const row of rows) all += all === '' ? write(row, context) : `,${write(row, context)}`;
    return all;
  }
  const blocks = blockMaker<Row, Context, BodyBlock>(function* makeBlock(rows, context, isFirst) {
    if (!rows.every(isFrozen)) yield UNFROZEN;
    return createBlock((isFirst ? '' : ',') + text(rows, context));
  });
  return function* writeRows(rows, context) {
    if (rows.length > BLOCK_ROWS) return yield* blocks(rows, context);
    if (!rows.every(isFrozen)) yield UNFROZEN;
    yield text(rows, context);
  };
}
