import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { unescape as percentDecode } from 'node:querystring';
import { pathToFileURL } from 'node:url';
import { parseSourceMap, type ScriptSourceMap } from './source-map.js';

export type { ScriptSourceMap } from './source-map.js';

/** Larger files are not read: parsing one would hold the process up for seconds. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * A comment that names the source map, at the end of any line: bundlers also write it behind code and in a block comment. As in
 * V8, the last one of a script counts.
 */
const COMMENT = /\/[/*][#@][ \t]+sourceMappingURL=([^\s'"`]+?)[ \t]*(?:\*\/[ \t]*)?$/gm;

/**
 * Reads the source map that a script names.
 *
 * @param url - The script, as a `file:` URL or a path.
 * @returns `undefined` when it names none.
 * @throws Error when the script or its map cannot be read.
 */
export async function loadSourceMap(url: string): Promise<ScriptSourceMap | undefined> {
  const script = url.startsWith('file:') ? new URL(url) : pathToFileURL(url);
  const named = [...(await readText(script)).matchAll(COMMENT)].at(-1)?.[1];
  if (named === undefined) return undefined;
  if (/^data:/i.test(named)) return parseSourceMap(decodeDataUrl(named), script.href);
  const mapUrl = new URL(named, script);
  return parseSourceMap(await readText(mapUrl), mapUrl.href);
}

/** Decodes a `data:` URL with or without base64, a media type and parameters. */
function decodeDataUrl(url: string): string {
  const comma = url.indexOf(',');
  const data = percentDecode(url.slice(comma + 1));
  return /;\s*base64\s*$/i.test(url.slice(0, comma)) ? Buffer.from(data, 'base64').toString() : data;
}

/**
 * Reads a regular file. Without `O_NONBLOCK`, opening a FIFO would wait for a writer, and keep one of the few threads that Node reads
 * files with.
 */
async function readText(url: URL): Promise<string> {
  const file = await open(url, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES) throw new Error(`${url} is no file that can be read`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
