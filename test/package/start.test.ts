import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, run } from '../support/child.js';

const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  exports: Record<string, string>;
};
const ENTRIES = Object.keys(exports).filter((subpath) => subpath !== './package.json');

/** The files of dist that the import of an entry loads. */
function loadedBy(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  const imports = readFileSync(ROOT + file, 'utf8').matchAll(/^(?:import|export) .*?"(\.[^"]+)";$/gm);
  for (const [, imported = ''] of imports) loadedBy(posix.join(posix.dirname(file), imported), loaded);
  return loaded;
}

it.each<[entry: string, files: string[]]>([
  ['.', ['common', 'core']],
  ['./client', ['client', 'common']],
  ['./console', ['common', 'console']],
  ['./contract', ['common', 'core']],
  ['./prom-client', ['common', 'core', 'prom-client']],
  ['./profiler', ['common', 'core', 'profiler']],
  ['./remote', ['client', 'common', 'remote']],
  ['./testing', ['common', 'core', 'testing']],
  ['./zookeeper', ['common', 'zookeeper']],
])('%s loads of dist/shared only %j, because each file costs a millisecond', (entry, files) => {
  const file = posix.normalize(exports[entry] ?? '');
  const names = [...loadedBy(file)].filter((one) => one !== file).map((one) => posix.basename(one, '.js'));
  expect(names.sort()).toEqual(files);
});

it.each(ENTRIES)('%s imports no CommonJS package, for which Node would start a parser', async (entry) => {
  const name = posix.join('pegasus-http', entry);
  const program = `
    await import(${JSON.stringify(name)});
    console.log(process.moduleLoadList.filter((one) => one.includes('cjs-module-lexer')).length);`;
  const { stdout, code, stderr } = await run(['--input-type=module', '--eval', program], { cwd: ROOT });
  expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: '0\n' });
});
