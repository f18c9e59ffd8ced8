import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CallNode, Profile, Profiler } from '../../lib/index.js';
import { installed, run, temporaryDirectory } from '../support/commands.js';
import { freePort } from '../support/ports.js';
import { keepBusy, profilerHere, serveProfiler, WORKLOAD_FILE, workload } from '../support/profiled.js';

const GO = installed('go', 'golang-go');
const PERL = installed('google-pprof', 'google-perftools');

/** An interval at which the sampler is exact to a few percent. */
const heapSampleBytes = 16_384;

/** An interval that gives many samples in a few seconds. */
const cpuIntervalMicros = 250;

/** Shares are estimates, which other processes on the machine can distort; twice in a row is unlikely. */
const ESTIMATE = { retry: 1 };

const CPU = ['renderPage', 'compactLog', 'repeat'] as const;
const HEAP = ['cachePages', 'bufferLogs', 'retain'] as const;

/** `12.3% ... name file:line` of a table, as a number. */
function share(table: string, name: string, column: RegExp): number {
  const row = table.split('\n').find((line) => line.includes(` ${name} ${WORKLOAD_FILE}:`));
  expect(row, `${name} in\n${table}`).toBeDefined();
  return Number(column.exec(row ?? '')?.[1]);
}

/** flat flat% sum% cum cum% name */
const FLAT = /^\s*\S+\s+([\d.]+)%/;

/** Expects the first function of the workload to have 70% of the two. Other code runs too and is left out. */
function expectSeventyThirty(
  table: string,
  [first, second, caller]: readonly [string, string, string],
): void {
  const [a, b] = [share(table, first, FLAT), share(table, second, FLAT)];
  expect(Math.abs((100 * a) / (a + b) - 70), table).toBeLessThan(10);
  expect(table).toContain(` ${caller} ${WORKLOAD_FILE}:`);
}

async function host(options?: Parameters<typeof serveProfiler>[1]): Promise<string> {
  const profiler = profilerHere({ heapSampleBytes, cpuIntervalMicros });
  const kept = workload.retain();
  onTestFinished(() => void kept);
  keepBusy();
  return (await serveProfiler(profiler, options)).origin;
}

function goPprof(...args: string[]) {
  return run('go', ['tool', 'pprof', ...args], { PPROF_TMPDIR: temporaryDirectory() });
}

const TARGETS = [
  ['/pprof/heap', HEAP],
  ['/pprof/heap?format=gperftools', HEAP],
  ['/pprof/heap?format=proto', HEAP],
  ['/pprof/growth', HEAP],
  ['/pprof/growth?format=gperftools', HEAP],
  ['/pprof/growth?format=proto', HEAP],
  ['/pprof/profile?seconds=3', CPU],
  ['/pprof/profile?seconds=3&format=gperftools', CPU],
] as const;

describe.skipIf(!GO)('go tool pprof', () => {
  it.each(TARGETS)('-top %s', ESTIMATE, async (target, names) => {
    const { stdout, stderr } = await goPprof(
      '-top',
      '-nodecount=400',
      '-nodefraction=0',
      (await host()) + target,
    );
    expect(stdout, stderr).toMatch(/^File: /);
    expectSeventyThirty(stdout, names);
  });

  it.each(TARGETS)('-peek %s shows the caller', async (target, [hot, , caller]) => {
    const { stdout } = await goPprof('-peek', hot, (await host()) + target);
    const rows = stdout.split('\n');
    const at = rows.findIndex((row) => row.includes(`| ${hot} ${WORKLOAD_FILE}:`));
    const callers = rows.slice(rows.findLastIndex((row, i) => i < at && row.startsWith('---')) + 1, at);
    expect(callers.join('\n'), stdout).toContain(` ${caller} ${WORKLOAD_FILE}:`);
  });

  it('shows what was allocated meanwhile', async () => {
    const profiler = profilerHere({ heapSampleBytes });
    const before = workload.retain();
    const kept: unknown[] = [];
    const { origin } = await serveProfiler({
      ...profiler,
      heap(seconds, call) {
        setTimeout(() => kept.push(workload.retain()), 100);
        return profiler.heap(seconds, call);
      },
    });
    const { stdout } = await goPprof('-top', '-unit=MB', '-nodefraction=0', `${origin}/pprof/heap?seconds=1`);
    expectSeventyThirty(stdout, HEAP);
    const megabytes = Number(/([\d.]+)MB\s.* cachePages /.exec(stdout)?.[1]);
    expect(Math.abs(megabytes - 14), stdout).toBeLessThan(3);
    expect([before, kept].length).toBe(2);
  });

  it('prints the reason for a refused request', async () => {
    const { stderr, status } = await goPprof('-top', `${await host()}/pprof/profile?seconds=301`);
    expect(status).not.toBe(0);
    expect(stderr).toContain('seconds must be an integer from 1 to 300, not "301"');
  });

  it.each([
    ['/pprof/profile?seconds=3', CPU],
    ['/pprof/heap?format=proto', HEAP],
    ['/pprof/growth?format=proto', HEAP],
  ])('reads %s that was saved, when the process is gone', ESTIMATE, async (target, names) => {
    const profiler = profilerHere({ heapSampleBytes, cpuIntervalMicros });
    const kept = workload.retain();
    keepBusy();
    const { origin } = await serveProfiler(profiler);
    const saved = join(temporaryDirectory(), 'saved.pb.gz');
    writeFileSync(saved, Buffer.from(await (await fetch(origin + target)).arrayBuffer()));
    const { stdout } = await goPprof('-top', '-nodecount=400', '-nodefraction=0', saved);
    expectSeventyThirty(stdout, names);
    expect(kept).toBeDefined();
  });

  it.each(['/pprof/heap', '/pprof/growth'])(
    'saves %s with its names, whichever process answers the next request',
    ESTIMATE,
    async (target) => {
      const profiler = profilerHere({ heapSampleBytes });
      const kept = workload.retain();
      const { origin, send } = await serveProfiler(profiler);
      const directory = temporaryDirectory();
      const args = ['tool', 'pprof', '-proto', '-output', join(directory, 'saved.pb.gz'), origin + target];
      await run('go', args, { PPROF_TMPDIR: directory });
      const { stdout } = await goPprof(
        '-top',
        '-nodefraction=0',
        '-nodecount=400',
        join(directory, 'saved.pb.gz'),
      );
      expectSeventyThirty(stdout, HEAP);
      // Without any of this process's symbols.
      const saved = await send('GET', target, { 'user-agent': 'Go-http-client/1.1' });
      expect(saved.headers['content-type']).toBe('application/octet-stream');
      expect(kept).toBeDefined();
    },
  );

  it('-list shows the lines where the time was spent', async () => {
    const directory = temporaryDirectory();
    const script = join(directory, 'two-lines.cjs');
    const loop = (call: string) => `  for (let i = 0; i < 4e5; i += 1) sum += ${call};\n`;
    writeFileSync(
      script,
      `exports.twoLines = function twoLines() {\n  let sum = 0;\n${loop('Math.sqrt(i)')}\n${loop('Math.cbrt(i)')}  return sum;\n};\n`,
    );
    const { twoLines } = createRequire(import.meta.url)(script);
    const timer = setInterval(() => twoLines(), 5);
    onTestFinished(() => clearInterval(timer));
    const target = `${await host()}/pprof/profile?seconds=1`;
    const { stdout } = await goPprof('-list', '^exports.twoLines |^twoLines ', target);
    const lines = Array.from(stdout.matchAll(/^\s+\d\S*m?s\s+\S+\s+(\d+):/gm), ([, line]) => Number(line));
    expect(lines, stdout).toEqual(expect.arrayContaining([3, 5]));
  });

  it('has file, line, units, period, duration and time of a profile', async () => {
    const { stdout } = await goPprof('-raw', `${await host()}/pprof/profile?seconds=1`);
    expect(stdout).toContain('PeriodType: cpu nanoseconds\nPeriod: 250000\n');
    expect(stdout).toMatch(/^Time: /m);
    expect(stdout).toMatch(/^Duration: 1\.\d+\n/m);
    expect(stdout).toMatch(/^samples\/count cpu\/nanoseconds/m);
    expect(stdout).toMatch(new RegExp(`renderPage ${WORKLOAD_FILE}:\\d+ ${WORKLOAD_FILE}:\\d+ s=\\d+`));
  });

  it('-http shows the flame graph', async () => {
    const port = await freePort();
    const args = ['tool', 'pprof', '-no_browser', `-http=127.0.0.1:${port}`, `${await host()}/pprof/heap`];
    const web = spawn('go', args, {
      env: { ...process.env, PPROF_TMPDIR: temporaryDirectory() },
      stdio: 'ignore',
      detached: true,
    });
    // `go tool` starts another process, which would outlive it: the whole group is killed.
    onTestFinished(() => void process.kill(-(web.pid ?? 0), 'SIGKILL'));
    const page = await firstAnswer(`http://127.0.0.1:${port}/ui/flamegraph`);
    for (const name of HEAP) expect(page).toContain(`${name} ${WORKLOAD_FILE}:`);
  });
});

describe.skipIf(!PERL)('google-pprof', () => {
  it.each([
    ['/pprof/heap', HEAP],
    ['/pprof/growth', HEAP],
    ['/pprof/profile', CPU],
  ] as const)('--text %s', ESTIMATE, async (target, names) => {
    const origin = await host({ pprof: { defaultFormat: 'gperftools' } });
    const { stdout, stderr } = await run('google-pprof', ['--text', '--seconds=3', origin + target], {
      PPROF_TMPDIR: temporaryDirectory(),
    });
    expect(stdout, stderr).toMatch(/^Total: /);
    expectSeventyThirty(stdout, names);
  });
});

describe.skipIf(!PERL)('google-pprof with a user and a password in the URL', () => {
  const right = `Basic ${Buffer.from('pprof:open-sesame').toString('base64')}`;
  const guard = {
    pprof: { defaultFormat: 'gperftools' },
    authorize: ({ headers }: { headers: { authorization?: string | undefined } }) =>
      headers.authorization === right ? 'allow' : { challenge: 'Basic realm="pegasus"' },
  } as const;

  it.each([
    ['/pprof/heap', HEAP],
    ['/pprof/profile', CPU],
  ] as const)('--text %s', ESTIMATE, async (target, names) => {
    const origin = (await host(guard)).replace('//', '//pprof:open-sesame@');
    const { stdout, stderr } = await run('google-pprof', ['--text', '--seconds=3', origin + target], {
      PPROF_TMPDIR: temporaryDirectory(),
    });
    expect(stdout, stderr).toMatch(/^Total: /);
    expectSeventyThirty(stdout, names);
  });
});

const ODD = [
  ['free', 'free /app/odd.js:3'],
  ['runtime.gc', 'js:runtime.gc /app/odd.js:3'],
  ['tcmalloc::x', 'js:tcmalloc::x /app/odd.js:3'],
  ['_Zone', 'js:_Zone /app/odd.js:3'],
  ['a(b)<c>', 'a[b][c] /app/odd.js:3'],
  ['un--do', 'un-%2Ddo /app/odd.js:3'],
  ['tab\tnew\nline', 'tab new line /app/odd.js:3'],
  ['<T>.map', '[T].map /app/odd.js:3'],
  ['größe', 'größe /app/odd.js:3'],
  ['', '[anonymous] /app/odd.js:3'],
] as const;

/** Has one caller that all functions share, which the tools may take for a signal handler. */
const oddProfiler: Profiler = (() => {
  const odd = (name: string): CallNode => ({
    name,
    url: 'file:///app/odd.js',
    line: 3,
    count: 10,
    value: 10_000,
    children: [],
  });
  const profileOf = (children: CallNode[]): Profile => {
    const caller = { name: 'sharedCaller', url: '/app/main.js', line: 1, count: 0, value: 0, children };
    const root = { name: '(root)', url: '', line: 0, count: 0, value: 0, children: [caller] };
    return { root, startMs: 0, durationMs: 1000, period: 1000 };
  };
  const all = profileOf(ODD.map(([name]) => odd(name)));
  return {
    cpu: (seconds) => (seconds === 1 ? profileOf([odd('alone')]) : all),
    heap: () => all,
    growth: () => all,
    symbolCount: () => 0,
    symbols: (addresses) => addresses.map(() => undefined),
    mappedLibraries: () => [],
    commandLine: () => ['/usr/bin/node'],
  };
})();

describe('odd names, and a caller that all rows share', () => {
  const HEAP_NAMES = ODD.map(([, shown]) => shown);
  const TARGETS_OF_GO = [
    ['/pprof/heap?format=gperftools', HEAP_NAMES],
    ['/pprof/heap?format=proto', HEAP_NAMES],
    ['/pprof/profile?seconds=2', HEAP_NAMES],
    ['/pprof/profile?seconds=2&format=gperftools', HEAP_NAMES],
    ['/pprof/profile?seconds=1', ['alone /app/odd.js:3']],
    ['/pprof/profile?seconds=1&format=gperftools', ['alone /app/odd.js:3']],
  ] as const;

  it.skipIf(!GO).each(TARGETS_OF_GO)('go tool pprof %s', async (target, names) => {
    const { origin } = await serveProfiler(oddProfiler);
    const { stdout } = await goPprof('-top', '-nodefraction=0', origin + target);
    for (const name of [...names, 'sharedCaller /app/main.js:1']) expect(stdout).toContain(`  ${name}\n`);
  });

  it.skipIf(!PERL).each([
    ['/pprof/heap', 2, HEAP_NAMES],
    ['/pprof/profile', 2, HEAP_NAMES],
    ['/pprof/profile', 1, ['alone /app/odd.js:3']],
  ] as const)('google-pprof %s of %i seconds', async (target, seconds, names) => {
    const { origin } = await serveProfiler(oddProfiler, { pprof: { defaultFormat: 'gperftools' } });
    const { stdout } = await run(
      'google-pprof',
      ['--text', '--nodefraction=0', `--seconds=${seconds}`, origin + target],
      {
        PPROF_TMPDIR: temporaryDirectory(),
      },
    );
    for (const name of [...names, 'sharedCaller /app/main.js:1']) expect(stdout).toContain(`% ${name}\n`);
  });
});

async function firstAnswer(url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return answer.text();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
