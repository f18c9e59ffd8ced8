// Counts the instructions that servers execute for one request, by valgrind: `node bench/instructions.js [--only TEXT]`. The counts do not
// depend on how busy the machine is, as times do. The kernel's part is not in them, so that ratios are larger than those of CPU time.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startHost } from './hosts.js';
import { filledHeaders } from './response-of.js';
import { SCENARIOS } from './scenarios.js';

/** V8 has optimized the code after so many requests. */
const WARM_UP = 16_000;
const REQUESTS = 5_000;
/** The least count is taken: in the others V8 still compiles. */
const ROUNDS = 4;
const CONNECTIONS = 8;

const { only = '' } = parseArgs({ options: { only: { type: 'string' } } }).values;

for (const [title, hosts] of SCENARIOS) {
  const isCounted = /^(cached|mutable|one partition)/.test(title) && !/HTTP\/2|connections/.test(title);
  if (!isCounted || !title.includes(only)) continue;
  process.stdout.write(`\n### ${title}\n\n| host | instructions per request | relative |\n|---|---|---|\n`);
  /** @type {number | undefined} */
  let first;
  for (const host of hosts.filter(({ kind }) => kind !== 'express')) {
    const counted = await count(host);
    first ??= counted;
    process.stdout.write(
      `| ${host.kind} | ${Math.round(counted).toLocaleString('en')} | ${(counted / first).toFixed(2)} |\n`,
    );
  }
}

/** @param {import('./hosts.js').Host} host */
async function count(host) {
  const folder = mkdtempSync(join(tmpdir(), 'pegasus-http-instructions-'));
  const valgrind = ['--quiet', '--tool=callgrind', `--callgrind-out-file=${folder}/counts`];
  // In one thread, V8 compiles and collects garbage at the same requests in each run.
  const execArgv = [...valgrind, process.execPath, '--single-threaded', '--stack-size=900'];
  const { child, port, etag, stop } = await startHost(host, { execPath: 'valgrind', execArgv });
  const url = `http://127.0.0.1:${port}${host.target}`;
  const headers = filledHeaders(host.load?.headers ?? {}, etag);
  try {
    await ask(url, headers, WARM_UP);
    for (let round = 0; round <= ROUNDS; round += 1) {
      await promisify(execFile)('callgrind_control', ['--dump', String(child.pid)]);
      if (round < ROUNDS) await ask(url, headers, REQUESTS);
    }
    // The first dump holds the start and the warming up.
    const dumps = readdirSync(folder).filter((file) => /^counts\.[2-9]$/.test(file));
    const counts = dumps.map((file) =>
      /^(?:summary|totals): (\d+)/m.exec(readFileSync(join(folder, file), 'utf8')),
    );
    return Math.min(...counts.map((found) => Number(found?.[1]))) / REQUESTS;
  } finally {
    stop();
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

/**
 * Sends requests over {@link CONNECTIONS} connections, one after the other on each.
 *
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {number} requests
 */
async function ask(url, headers, requests) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const one = () =>
    new Promise((resolve, reject) => {
      get(url, { agent, headers }, (res) => res.resume().once('end', resolve)).once('error', reject);
    });
  let left = requests;
  const connection = async () => {
    while (left > 0) {
      left -= 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  agent.destroy();
}
