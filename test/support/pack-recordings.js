/**
 * Packs a folder of recordings of a real cluster into one compressed fixture:
 * `node test/support/pack-recordings.js <folder> <version>`. What no test reads is left out: the raw heads and all headers but
 * `Location`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [folder = '', version = ''] = process.argv.slice(2);
const recordings = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
  .filter(({ exchanges }) => exchanges.length > 0)
  .map(({ state, znodes, exchanges }) => ({
    state,
    znodes,
    exchanges: exchanges.map((/** @type {any} */ { raw_head, headers, ...exchange }) => ({
      ...exchange,
      ...(headers?.location !== undefined && { location: headers.location }),
    })),
  }));
const text = JSON.stringify(recordings);
const params = {
  [constants.BROTLI_PARAM_LGWIN]: 24,
  [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
};
const file = new URL(`../fixtures/golden/${version}.json.br`, import.meta.url);
writeFileSync(file, brotliCompressSync(text, { params }));
