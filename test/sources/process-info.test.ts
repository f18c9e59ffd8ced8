import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { processInfo } from '../../lib/index.js';
import { ROOT, run } from '../support/child.js';
import { serve } from '../support/http.js';

const CALL = { signal: new AbortController().signal };

/** Creates a service in a folder of its own, which prints its process information. */
function service(files: Readonly<Record<string, string>>): { folder: string; main: string } {
  const folder = mkdtempSync(join(tmpdir(), 'pegasus-http-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, text] of Object.entries({ 'dist/main.mjs': MAIN, ...files })) {
    const path = join(folder, file);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }
  return { folder, main: join(folder, 'dist/main.mjs') };
}

const MAIN = `
  import { processInfo } from ${JSON.stringify(pathToFileURL(join(ROOT, 'dist/index.js')).href)};
  const info = processInfo(JSON.parse(process.env.OPTIONS ?? '{}'));
  console.log(JSON.stringify({ ...info.version(), startSecond: info.startSecond() }));
`;

const PACKAGE = JSON.stringify({ name: 'service', version: '7.8.9', gitHead: 'head' });

/** The variables of the machine that runs the tests must not show. */
const CLEAN = Object.fromEntries(
  [
    'GIT_COMMIT',
    'SOURCE_COMMIT',
    'HEROKU_SLUG_COMMIT',
    'RENDER_GIT_COMMIT',
    'RAILWAY_GIT_COMMIT_SHA',
    'VERCEL_GIT_COMMIT_SHA',
    'CI_COMMIT_SHA',
    'GITHUB_SHA',
  ].map((name) => [name, '']),
);

describe('version and commit', () => {
  it.each([
    ['its own package.json', { 'package.json': PACKAGE }, {}, { version: '7.8.9', gitCommit: 'head' }],
    [
      'the environment before the package',
      { 'package.json': PACKAGE },
      { CI_COMMIT_SHA: 'ci', GIT_COMMIT: 'own' },
      { version: '7.8.9', gitCommit: 'own' },
    ],
    [
      'the host before all',
      { 'package.json': PACKAGE },
      { GIT_COMMIT: 'own', OPTIONS: '{"version":"1.12.SNAPSHOT","gitCommit":"cf428dc"}' },
      { version: '1.12.SNAPSHOT', gitCommit: 'cf428dc' },
    ],
    [
      'the host for one of them',
      { 'package.json': PACKAGE },
      { OPTIONS: '{"version":"1.0"}' },
      { version: '1.0', gitCommit: 'head' },
    ],
    [
      'further up than a package.json that only names a type',
      { 'package.json': PACKAGE, 'dist/package.json': '{"type":"module"}' },
      {},
      { version: '7.8.9', gitCommit: 'head' },
    ],
    [
      'further up than one that cannot be read',
      { 'package.json': PACKAGE, 'dist/package.json': '{"version":' },
      {},
      { version: '7.8.9', gitCommit: 'head' },
    ],
    ['nothing', {}, {}, { version: 'unknown', gitCommit: 'unknown' }],
    [
      'nothing in the fields that it reads',
      { 'package.json': '{"version":"1.0.0","gitHead":5}' },
      {},
      { version: '1.0.0', gitCommit: 'unknown' },
    ],
  ])('from %s', async (_, files, env, expected) => {
    const { main } = service(files);
    const { stdout, stderr } = await run([main], { env: { ...CLEAN, ...env } });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });

  it('of the service that a command leads to by a link', async () => {
    const { folder, main } = service({ 'package.json': PACKAGE });
    const link = join(mkdtempSync(join(tmpdir(), 'pegasus-http-')), 'serve.mjs');
    symlinkSync(main, link);
    const { stdout } = await run([link], { cwd: folder, env: CLEAN });
    rmSync(join(link, '..'), { recursive: true });
    expect(JSON.parse(stdout)).toMatchObject({ version: '7.8.9' });
  });

  it.each<[how: string, cwd: string, main: string]>([
    ['node .', 'service', '.'],
    ['node ..', 'service/dist', '..'],
    ['node dist', 'service', 'dist'],
    ['node dist/server.js', 'service', 'dist/server.js'],
    ['node dist/server', 'service', 'dist/server'],
    ['node dist/server from above', '', 'service/dist/server'],
    ['node dir from above', '', 'service'],
    ['node dir/ from above', '', 'service/'],
    ['node on a link to the folder', '', 'link'],
    ['node on a link to the folder from within', 'link', '.'],
    ['node on a folder without main', '', 'plain'],
    ['node on a folder whose main is in a package of its own', '', 'outer'],
  ])('of the service, as %s finds it', async (_, cwd, main) => {
    const print = `${MAIN.replace(/import ({.*}) from (.*);/, 'import($2).then(($1) => {')}});`;
    const other = JSON.stringify({ name: 'monorepo', version: '0.0.0-monorepo' });
    const { folder } = service({
      'package.json': other,
      'service/package.json': JSON.stringify({ version: '7.8.9', gitHead: 'head', main: './dist/server' }),
      'service/dist/server.js': print,
      'service/dist/index.js': print,
      'plain/package.json': PACKAGE,
      'plain/index.js': print,
      'outer/package.json': JSON.stringify({ version: '0.0.0-outer', main: 'inner/main.js' }),
      'outer/inner/package.json': PACKAGE,
      'outer/inner/main.js': print,
    });
    symlinkSync(join(folder, 'service'), join(folder, 'link'));
    const relative = await run([main], { cwd: join(folder, cwd), env: CLEAN });
    expect(relative.stderr).toBe('');
    expect(JSON.parse(relative.stdout)).toMatchObject({ version: '7.8.9', gitCommit: 'head' });
    // The same by an absolute path, from a folder that has nothing to do with it.
    const absolute = await run([join(folder, cwd, main)], { cwd: tmpdir(), env: CLEAN });
    expect(JSON.parse(absolute.stdout)).toMatchObject({ version: '7.8.9', gitCommit: 'head' });
  });

  it('of the working folder when arguments stand where a main script would', async () => {
    const { folder } = service({ 'package.json': PACKAGE });
    const other = service({ 'package.json': '{"version":"0.0.0-other"}' });
    for (const argument of ['vitest', 'dist/main.mjs', other.main, '-']) {
      const args = ['--input-type=module', '--eval', MAIN, '--', argument];
      const { stdout, stderr } = await run(args, { cwd: folder, env: CLEAN });
      expect({ stderr, argument }).toEqual({ stderr: '', argument });
      expect(JSON.parse(stdout), argument).toMatchObject({ version: '7.8.9' });
    }
  });

  it('of the working folder when there is no main script', async () => {
    const { folder } = service({ 'package.json': PACKAGE });
    const { stdout } = await run(['--input-type=module', '--eval', MAIN], { cwd: folder, env: CLEAN });
    expect(JSON.parse(stdout)).toMatchObject({ version: '7.8.9' });
  });

  it('is found once', () => {
    const info = processInfo({ version: '1' });
    expect(info.version(CALL)).toBe(info.version(CALL));
  });

  it.each([{ version: 5 }, { gitCommit: null }])('refuses the options %o', (options) => {
    expect(() => processInfo(options as object)).toThrow(/^processInfo: \w+ must be a string, not (5|null)$/);
  });

  it('is served', async () => {
    const { get } = await serve({
      processInfo: processInfo({ version: '1.12.SNAPSHOT', gitCommit: 'cf428dc' }),
    });
    expect((await get('/version')).json()).toEqual({ Version: '1.12.SNAPSHOT', GitCommit: 'cf428dc' });
    expect((await get('/recentStartTime')).json()).toEqual({
      RecentStartTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    });
  });
});

describe('the start time', () => {
  it('is that of the process, as the operating system has it', () => {
    // The 22nd field is the start, in hundredths of a second since the machine's; the second may have blanks in it.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    const started = Date.now() / 1000 - (uptime - Number(fields[19]) / 100);
    expect(Math.abs((processInfo().startSecond(CALL) as number) - started)).toBeLessThan(1);
  });

  it('is the same at any time and in any thread', async () => {
    const script = `
      import { Worker } from 'node:worker_threads';
      import { setTimeout } from 'node:timers/promises';
      import { processInfo } from 'pegasus-http';
      await setTimeout(300);
      console.log(processInfo().startSecond());
      new Worker("import('pegasus-http').then((lib) => console.log(lib.processInfo().startSecond()))", { eval: true });
    `;
    const { stdout, stderr } = await run(['--input-type=module', '--eval', script]);
    const [main, worker] = stdout.trim().split('\n');
    expect(stderr).toBe('');
    expect(Number(main)).toBeGreaterThan(1e9);
    expect(worker).toBe(main);
  });
});
