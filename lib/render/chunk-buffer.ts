import { type BodyBlock, bodyFromBlocks, createBlock, jsonBody, type ResponseBody } from '../http/body.js';

/**
 * Chunks of a response in order. Rendering may pause after any of them; an empty chunk is only a pause. Returns `false` if the body must
 * not be cached although all that it shows is frozen.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: most generators return nothing
export type ChunkGenerator = Generator<string | BodyBlock, boolean | void, void>;

/** Text is collected up to this length, so that a small response is one block. */
const MAX_TEXT_LENGTH = 64 * 1024;

/** Collects the chunks of one body. */
export class ChunkBuffer {
  readonly #blocks: BodyBlock[] = [];
  #text = '';

  add(chunk: string | BodyBlock): void {
    if (typeof chunk === 'string') {
      this.#text += chunk;
      if (this.#text.length > MAX_TEXT_LENGTH) this.#endText();
    } else {
      this.#endText();
      this.#blocks.push(chunk);
    }
  }

  toBody(): ResponseBody {
    if (this.#blocks.length === 0) return jsonBody(this.#text);
    this.#endText();
    return bodyFromBlocks(this.#blocks);
  }

  #endText(): void {
    if (this.#text !== '') this.#blocks.push(createBlock(this.#text));
    this.#text = '';
  }
}
