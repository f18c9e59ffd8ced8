// Measures how long profiles hold the event loop and how large they are, beside other profilers. Each profiler runs in processes of its own,
// in turn with the others. The figures are medians over the turns.
//
//   npm run build && node bench/profiling.js [--quick] [--seconds 30] [--turns 3] [--functions 100000] [--megabytes 200] [--only TEXT]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contentOf, mount } from './profile-of.js';
import { createFunctions, fillHeap, keepCalling, recordStalls } from './profiled-program.js';
import { median } from './quantile.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    turns: { type: 'string' },
    functions: { type: 'string', default: '100000' },
    megabytes: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    measure: { type: 'string' },
  },
});
const SECONDS = Number(values.seconds ?? (values.quick ? 5 : 30));
const TURNS = Number(values.turns ?? (values.quick ? 1 : 3));
const SAMPLE_BYTES = 524_288;

/** Stalls that begin within this time belong to the start of a profile. */
const START_MS = 300;

/** @typedef {Record<string, number>} Figures */

/** Figures and the profilers that they are taken of. Each profiler returns a function that reads one profile. */
const TABLES = {
  [`/pprof/heap, ${values.megabytes} MB live`]: {
    columns: { stall: 'longest stall (ms)', took: 'response (ms)', bytes: 'bytes' },
    measure: measureHeap,
    profilers: {
      'pegasus, pprof': () => heapHandler([]),
      'pegasus, @datadog/pprof': () => heapHandler(['pprof']),
      'pegasus, node:inspector': () => heapHandler(['pprof', '@datadog/pprof']),
      async '@datadog/pprof'() {
        const { heap, encode } = await import('@datadog/pprof');
        heap.start(SAMPLE_BYTES, 64);
        return () => encode(heap.profile());
      },
    },
  },
  [`/pprof/profile, ${SECONDS} s, ${values.functions} functions`]: {
    columns: {
      start: 'stall at the start (ms)',
      during: 'longest during it (ms)',
      end: 'at the end (ms)',
      held: 'all over 10 ms (ms)',
      bytes: 'bytes',
      functions: 'functions in it',
      truncated: 'without callers (%)',
    },
    measure: measureCpu,
    profilers: {
      'no profile': async () => () => sleep(SECONDS * 1000),
      async pegasus() {
        const read = await mount([], {});
        return () => read(`/pprof/profile?seconds=${SECONDS}`);
      },
      async '@datadog/pprof'() {
        const { time, encode } = await import('@datadog/pprof');
        return async () => {
          time.start({ intervalMicros: 1000 });
          await sleep(SECONDS * 1000);
          return encode(time.stop());
        };
      },
      async 'node:inspector'() {
        const session = new Session();
        session.connect();
        await session.post('Profiler.enable');
        return async () => {
          await session.post('Profiler.start');
          await sleep(SECONDS * 1000);
          return (await session.post('Profiler.stop')).profile;
        };
      },
      'node --cpu-prof': async () => () => sleep(SECONDS * 1000),
    },
  },
};

if (values.measure === undefined) await compare();
else await measure(values.measure);

async function compare() {
  for (const [title, { columns, profilers }] of Object.entries(TABLES)) {
    if (!title.includes(values.only)) continue;
    print(
      `\n### ${title}\n\n| | ${Object.values(columns).join(' | ')} |\n|${'---|'.repeat(Object.keys(columns).length + 1)}`,
    );
    const results = new Map(Object.keys(profilers).map((name) => [name, /** @type {Figures[]} */ ([])]));
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const [name, runs] of results) runs.push(await run(title, name));
    }
    for (const [name, runs] of results) {
      const cells = Object.keys(columns).map((column) => {
        const figure = median(runs.map((figures) => figures[column] ?? Number.NaN));
        return Number.isNaN(figure) ? '' : figure.toFixed(figure < 10 ? 1 : 0);
      });
      print(`| ${name} | ${cells.join(' | ')} |`);
    }
  }
}

/** Runs one profiler in a process of its own. @param {string} title @param {string} name @returns {Promise<Figures>} */
async function run(title, name) {
  const folder = mkdtempSync(join(tmpdir(), 'profiling-'));
  const writesFile = name === 'node --cpu-prof';
  const execArgv = writesFile ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
  const child = fork(
    fileURLToPath(import.meta.url),
    [...process.argv.slice(2), '--measure', `${title}\n${name}`],
    {
      execArgv,
    },
  );
  const exited = once(child, 'exit').then(() => performance.now());
  const figures = await Promise.race([
    once(child, 'message').then(([sent]) => sent),
    exited.then(() => undefined),
  ]);
  if (figures === undefined) throw new Error(`${name} ended early`);
  const ended = performance.now();
  if (writesFile) {
    // The file is written when the process ends.
    figures.end = (await exited) - ended;
    const [file = ''] = readdirSync(folder);
    const text = readFileSync(join(folder, file), 'utf8');
    Object.assign(figures, contentOf(JSON.parse(text)), { bytes: text.length });
  }
  await exited;
  rmSync(folder, { recursive: true });
  return figures;
}

/** @param {string} what - The title of the table and the name of the profiler. */
async function measure(what) {
  for (const [title, { profilers, measure }] of Object.entries(TABLES)) {
    for (const [name, prepare] of Object.entries(profilers)) {
      if (what !== `${title}\n${name}`) continue;
      const figures = await measure(await prepare());
      process.send?.(figures, () => process.exit());
    }
  }
}

/** @param {() => Promise<unknown>} read @returns {Promise<Figures>} */
async function measureHeap(read) {
  const pages = fillHeap(Number(values.megabytes) * 1e6);
  const stalls = recordStalls();
  await sleep(1000);
  const from = performance.now();
  const bytes = /** @type {Buffer} */ (await read());
  const took = performance.now() - from;
  await sleep(50);
  return { stall: stalls.longest(from), took, bytes: bytes.length, pages: pages.length };
}

/** @param {() => Promise<unknown>} read @returns {Promise<Figures>} */
async function measureCpu(read) {
  keepCalling(createFunctions(Number(values.functions)));
  await sleep(1000);
  const stalls = recordStalls();
  await sleep(100);
  const from = performance.now();
  const end = from + SECONDS * 1000;
  const profile = await read();
  await sleep(50);
  return {
    start: stalls.longest(from - 5, from + START_MS),
    during: stalls.longest(from + START_MS, end - 5),
    end: stalls.longest(end - 5),
    held: stalls.sumOver(10, from - 5),
    ...contentOf(profile),
  };
}

/** @param {string[]} hidden */
async function heapHandler(hidden) {
  const read = await mount(hidden, { heapSampleBytes: SAMPLE_BYTES });
  return () => read('/pprof/heap?format=proto');
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
