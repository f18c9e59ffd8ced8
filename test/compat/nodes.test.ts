import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ROOT } from '../support/child.js';
import { emptyFolder, run } from '../support/consumer.js';
import { NODES } from './versions.js';

/**
 * The tests that ask something of Node: its servers, streams, inspector, addons, processes and module loader. The others are about
 * our own arithmetic, or wait for a ZooKeeper that fails; the suite itself runs them, on the Node of the machine.
 */
const CHOSEN = [
  'sources/contract',
  'docs/examples',
  'http/source-failures',
  'http/golden',
  'http/handler',
  'http/unread',
  'frameworks/mounts',
  'unit/sources/profiler/cpu',
  'pprof/endpoints',
  'unit/sources/profiler/native',
  'pprof/profiler',
  'pprof/source-maps',
  'sources/process-counters',
  'sources/process-info',
  'sources/prom-client',
  'http/redirect',
  'sources/request-counters',
  'http/requests',
  'zookeeper/zookeeper',
].map((name) => `test/${name}.test.ts`);

/** A copy of the project, whose addon can be built for another Node without side effects. */
let project: string;

beforeAll(async () => {
  project = await emptyFolder();
  const unwanted = new Set(['.git', 'coverage', 'docs/api'].map((path) => join(ROOT, path)));
  await cp(ROOT, project, { recursive: true, verbatimSymlinks: true, filter: (path) => !unwanted.has(path) });
});

it.each(NODES)('what asks something of Node, on Node %s', async (version) => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  // The package of this platform alone holds the binary; `node` itself would fetch it by a script.
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${platform}@${version}`], {
    cwd: folder,
  });
  const home = join(folder, 'node_modules', platform);
  const env = environment(join(home, 'bin'));
  const node = join(home, 'bin/node');
  expect((await run(node, ['--version'], { env })).stdout).toBe(`v${version}\n`);
  await run('npm', ['rebuild', 'pprof'], { cwd: project, env: { ...env, npm_config_nodedir: home } });

  const vitest = [
    join(project, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'test/vitest.config.ts',
  ];
  // A machine that does all this beside other things is slow.
  const patience = ['--testTimeout=120000', '--hookTimeout=120000'];
  const answers = join(project, 'coverage/results.json');
  await rm(answers, { force: true });
  await run(node, [...vitest, ...patience, ...CHOSEN], { cwd: project, env, maxBuffer: 1e9 }).catch(() => {});
  const results = JSON.parse(await readFile(answers, 'utf8'));
  expect(failures(results)).toEqual([]);
  expect(results).toMatchObject({ success: true, numPendingTests: 0 });
  expect(results.testResults).toHaveLength(CHOSEN.length);
});

/** With that Node first, and nothing of the vitest that runs this. */
function environment(bin: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|TEST$|NODE_ENV$|npm_)/.test(name),
  );
  return { ...Object.fromEntries(inherited), PATH: `${bin}:${process.env['PATH']}` };
}

interface Results {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function failures({ testResults }: Results): string[] {
  return testResults.flatMap(({ message, assertionResults }) => [
    ...(message === '' ? [] : [message]),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join('\n')}`),
  ]);
}
