import { readFileSync } from 'node:fs';
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { StaticFile } from '../routing/static-files.js';
import type { ConsoleCluster } from './options.js';

/** The built page, from `dist/console` and from `lib/console` alike. */
const BUILT = '../../dist/console/page/';

/** Empty in a bundle of CommonJS. */
const url: string | undefined = import.meta.url;

/** Allows nothing from another host, no inline script and no inline style. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

let loaded: ReadonlyMap<string, StaticFile> | undefined;

/** Returns the files of the page. They are read once. */
export function pageFiles(clusters: readonly ConsoleCluster[]): ReadonlyMap<string, StaticFile> {
  loaded ??= readFiles();
  const page = loaded.get('');
  if (clusters.length === 0 || page === undefined) return loaded;
  return new Map([...loaded, ['', withClusters(page, clusters)]]);
}

function withClusters(page: StaticFile, clusters: readonly ConsoleCluster[]): StaticFile {
  const list = escapeAttribute(JSON.stringify(clusters));
  // A function, because a replacement text would give meaning to $ in a name.
  const html = page.content
    .toString()
    .replace('name="pegasus-clusters" content=""', () => `name="pegasus-clusters" content="${list}"`);
  const content = Buffer.from(html);
  return { ...page, content, br: brotliCompressSync(content), gzip: gzipSync(content) };
}

function escapeAttribute(text: string): string {
  return text.replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function readFiles(): ReadonlyMap<string, StaticFile> {
  const names = JSON.parse(read('files.json').toString()) as readonly string[];
  return new Map(names.map((name) => [name === 'index.html' ? '' : name, readFile(name)]));
}

function readFile(name: string): StaticFile {
  const isPage = name === 'index.html';
  const gzip = read(`${name}.gz`);
  return {
    contentType: CONTENT_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    isImmutable: !isPage,
    content: gunzipSync(gzip),
    br: read(`${name}.br`),
    gzip,
    headers: isPage ? { 'content-security-policy': CONTENT_SECURITY_POLICY } : {},
  };
}

function read(name: string): Buffer {
  try {
    return readFileSync(new URL(BUILT + name, url));
  } catch (cause) {
    throw new Error(
      'webConsole: the files of the console are missing: run npm run build, or leave pegasus-http/console out of your bundle (external)',
      { cause },
    );
  }
}
