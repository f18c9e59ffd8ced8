// Joins the modules of lib into the programs of dist, because Node's loader takes about a millisecond for each file: a file for each
// entry of package.json, and in dist/shared what the entries share. Comments stay, and the name of each module stands before it.
import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { exports, imports, bin } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));

/** The entries, without `dist/` and `.js`. */
const entries = [
  ...Object.values(exports),
  ...Object.values(imports).map((conditions) => conditions['module-sync']),
  ...Object.values(bin),
]
  .filter((target) => target.endsWith('.js'))
  .map((target) => target.replace('./dist/', '').replace('.js', ''));

const folders = entries.map((entry) => `lib/${dirname(entry)}/`).filter((folder) => folder !== 'lib/./');

/** What the client and the sources use without the handler. */
const COMMON = /^lib\/(model\/|validate\/|sources\/[\w-]+\.ts)/;

/**
 * Returns the shared file of a module; `null` where the file of its entry has it.
 *
 * @param {string} id
 */
function sharedName(id) {
  const path = relative(ROOT, id).replaceAll('\\', '/');
  if (COMMON.test(path)) return 'common';
  return folders.some((folder) => path.startsWith(folder)) ? null : 'core';
}

const bundle = await rolldown({
  cwd: ROOT,
  input: Object.fromEntries(entries.map((entry) => [entry, `lib/${entry}.ts`])),
  platform: 'node',
  tsconfig: false,
  // Packages, also those that package.json imports as `#name`. A name of Windows' drives is a path.
  external: /^[@#\w](?!:\\)/,
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  transform: { target: 'es2023' },
});
await bundle.write({
  dir: 'dist',
  format: 'esm',
  chunkFileNames: 'shared/[name].js',
  codeSplitting: { groups: [{ debugName: 'shared', name: sharedName }] },
});
await bundle.close();
