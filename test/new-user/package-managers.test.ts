import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { node } from '../support/child.js';
import { run as command, installed, temporaryDirectory } from '../support/commands.js';
import { emptyFolder, run } from '../support/consumer.js';
import { ANSWERED, SERVICE } from '../support/every-entry.js';

const GO = installed('go', 'golang-go');
const PERL = installed('google-pprof', 'google-perftools');

const PROFILED = `import { createServer } from 'node:http';
import { createPegasusHandler, processInfo } from 'pegasus-http';
import { processProfiler } from 'pegasus-http/profiler';

const profiler = processProfiler({ heapSampleBytes: 16_384 });
function cachePages(depth) {
  return depth > 0 ? cachePages(depth - 1) : Array.from({ length: 5_000 }, () => new Array(126).fill(0.5));
}
globalThis.pages = cachePages(3);
const handler = createPegasusHandler({ processInfo: { ...processInfo(), profiler } });
const server = createServer(handler).listen(0, '127.0.0.1', () => {
  console.log(\`\${profiler.engine} http://127.0.0.1:\${server.address().port}\`);
});
`;

describe('pnpm, without build scripts, and yarn', () => {
  it.each([
    ['pnpm@10', 'pnpm/bin/pnpm.cjs', ['add', '--ignore-scripts', '--silent']],
    [
      'yarn@1',
      'yarn/bin/yarn.js',
      ['add', '--ignore-scripts', '--ignore-optional', '--silent', '--non-interactive'],
    ],
  ])('%s', async (name, program, args) => {
    const tools = await emptyFolder();
    await writeFile(join(tools, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', name], { cwd: tools });
    const home = await emptyFolder();
    await writeFile(
      join(home, 'package.json'),
      '{ "private": true, "type": "module", "name": "service", "version": "1.0.0" }',
    );
    await run(
      process.execPath,
      [
        join(tools, 'node_modules', program),
        ...args,
        inject('tarball'),
        'prom-client@15',
        'node-zookeeper-client@1',
      ],
      {
        cwd: home,
      },
    );
    await writeFile(join(home, 'service.mjs'), SERVICE);
    const { stdout } = await run(process.execPath, ['service.mjs'], { cwd: home });
    expect(stdout).toBe(ANSWERED);
  });

  // pnpm runs no install script that was not approved.
  it.skipIf(!GO || !PERL).each([
    [[], 'inspector'],
    [['@datadog/pprof@5'], '@datadog/pprof'],
  ])('pnpm without build scripts, with %j: profiles by %s have names', async (packages, engine) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    await writeFile(join(folder, 'service.js'), PROFILED);
    const installing = run('npx', ['--yes', 'pnpm@10', 'add', inject('tarball'), ...packages], {
      cwd: folder,
    });
    expect((await installing).stdout).toMatch(/Ignored build scripts: .*pprof/);
    const child = node([join(folder, 'service.js')], { cwd: folder });
    const [, ran, origin] = /(\S+) (http:\S+)\n/.exec(await child.says(/http:\S+\n/)) ?? [];
    expect(ran).toBe(engine);
    const env = { PPROF_TMPDIR: temporaryDirectory() };
    const name = ` cachePages ${join(folder, 'service.js')}:`;
    for (const [reader = '', ...args] of [
      ['go', 'tool', 'pprof', '-top'],
      ['google-pprof', '--text'],
    ]) {
      const { stdout, stderr } = await command(reader, [...args, `${origin}/pprof/heap`], env);
      expect(stdout, stderr).toContain(name);
    }
  });
});
