import { setImmediate } from 'node:timers/promises';
import { type BodyBlock, bodyFromBlocks, createBlock, jsonBody, type ResponseBody } from '../http/body.js';

/** Says that something is not frozen: it may change, so that nothing that comes from it can be kept. */
export const UNFROZEN: unique symbol = Symbol('unfrozen');

/**
 * An answer in the making: texts and blocks in their order. An empty text is a place to pause. It throws what is to be
 * answered instead.
 */
export type Rendering = Generator<string | BodyBlock | typeof UNFROZEN, void, void>;

/** A body, and whether all that it was made of is frozen. */
export interface Rendered {
  readonly body: ResponseBody;
  readonly isFrozen: boolean;
}

/** How long, in milliseconds, a rendering may hold the event loop at a time. */
const SLICE_MS = 2;

/** Texts are gathered up to this length, so that a small answer is one block. */
const LONGEST_TEXT = 64 * 1024;

/**
 * Renders an answer: at once when that does not take long, else in slices with other work between them, for what is frozen
 * cannot change meanwhile. What turns out not to be frozen is rendered in one go, from the start again if there has been a pause.
 *
 * @param start - Begins the rendering. Called once, or once more for that second start.
 */
export function render(start: () => Rendering): Rendered | Promise<Rendered> {
  const collector = collect(start());
  const body = collector.run(performance.now() + SLICE_MS);
  return body === undefined ? renderInSlices(collector, start) : { body, isFrozen: collector.isFrozen() };
}

async function renderInSlices(collector: Collector, start: () => Rendering): Promise<Rendered> {
  for (;;) {
    await setImmediate();
    const body = collector.run(performance.now() + SLICE_MS);
    if (!collector.isFrozen())
      return { body: collect(start()).run(Number.POSITIVE_INFINITY) as ResponseBody, isFrozen: false };
    if (body !== undefined) return { body, isFrozen: true };
  }
}

interface Collector {
  /** @returns The whole body, or `undefined` when it is past `until`. What is not frozen is never left half done. */
  run(until: number): ResponseBody | undefined;
  isFrozen(): boolean;
}

function collect(rendering: Rendering): Collector {
  const blocks: BodyBlock[] = [];
  let text = '';
  let isFrozen = true;

  function endText(): void {
    if (text !== '') blocks.push(createBlock(text));
    text = '';
  }

  return {
    isFrozen: () => isFrozen,
    run(until) {
      for (;;) {
        const { done, value: piece } = rendering.next();
        if (done === true) break;
        if (piece === UNFROZEN) isFrozen = false;
        else if (piece === '') {
          if (isFrozen && performance.now() > until) return undefined;
        } else if (typeof piece === 'string') {
          text += piece;
          if (text.length > LONGEST_TEXT) endText();
        } else {
          endText();
          blocks.push(piece);
        }
      }
      if (blocks.length === 0) return jsonBody(text);
      endText();
      return bodyFromBlocks(blocks);
    },
  };
}
