// Bundles the page of the console into dist/console/page: files with hashed names, each compressed by brotli and gzip too.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGE = `${ROOT}lib/console/page/`;
const OUT = `${ROOT}dist/console/page/`;

/** What all scripts but those of the flame graph may weigh, compressed by gzip. */
const MAX_SCRIPT_BYTES = 150 * 1024;

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const { metafile } = await build({
  entryPoints: { app: `${PAGE}main.tsx`, style: `${PAGE}styles/index.css`, theme: `${PAGE}theme-first.ts` },
  outdir: OUT,
  absWorkingDir: ROOT,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022', 'chrome110', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

/** @param {string} name */
function built(name) {
  const file = readdirSync(OUT).find((one) => one.startsWith(`${name}-`));
  if (file === undefined) throw new Error(`the build has no ${name}`);
  return file;
}

const html = readFileSync(`${PAGE}index.html`, 'utf8')
  .replace('app.js', built('app'))
  .replace('style.css', built('style'))
  .replace('theme.js', built('theme'));
writeFileSync(`${OUT}index.html`, html);

const names = readdirSync(OUT);
for (const name of names) {
  const content = readFileSync(OUT + name);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  // The file itself is not kept: what reads the page decompresses it.
  rmSync(OUT + name);
  writeFileSync(`${OUT}${name}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${OUT}${name}.gz`, gzipSync(content, { level: 9 }));
}
writeFileSync(`${OUT}files.json`, JSON.stringify(names));
writeFileSync(`${OUT}licences.txt`, licences(Object.keys(metafile.inputs)));

const scripts = names.filter((name) => name.endsWith('.js') && !name.startsWith('profile-view-'));
const bytes = scripts.reduce((sum, name) => sum + readFileSync(`${OUT}${name}.gz`).length, 0);
if (bytes > MAX_SCRIPT_BYTES)
  throw new Error(`the console has ${bytes} bytes of compressed script, more than ${MAX_SCRIPT_BYTES}`);
process.stdout.write(
  `console: ${names.length} files, ${(bytes / 1024).toFixed(1)} KB of compressed script\n`,
);

/**
 * Returns the licences of the packages that the bundle contains.
 *
 * @param {readonly string[]} inputs
 */
function licences(inputs) {
  const folders = inputs.flatMap((input) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${ROOT}${folder}/package.json`, 'utf8'));
    const file = readdirSync(ROOT + folder).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} has no file with its licence`);
    return `\n${name} ${version} (${license})\n\n${readFileSync(`${ROOT}${folder}/${file}`, 'utf8').trim()}\n`;
  });
  return `The scripts and styles beside this file contain these packages.\n${texts.join('\n')}`;
}
