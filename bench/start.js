// Measures what the start of a process costs: the import of a package and one host made. Each start is a process of its own, in turns.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from './quantile.js';

const PROGRAM = fileURLToPath(import.meta.url);

/** @type {Record<string, () => Promise<unknown>>} */
const HOSTS = {
  async express() {
    const { default: express } = await import('express');
    return express().get('/meta/app', (_req, res) => void res.json({}));
  },
  async fastify() {
    const { default: Fastify } = await import('fastify');
    const schema = { response: { 200: { type: 'object', properties: { general: { type: 'string' } } } } };
    const app = Fastify();
    app.get('/meta/app', { schema }, () => ({}));
    return app.ready();
  },
  async pegasus() {
    const { createPegasusHandler, memoryCluster } = await import('pegasus-http');
    return createPegasusHandler(memoryCluster({ apps: [{ appName: 'temp' }] }));
  },
};

/**
 * Measures the time, the CPU time and the memory of each start, in turns: from the modules as they are installed, and bundled.
 *
 * @param {number} rounds
 */
export async function startSideBySide(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'pegasus-http-start-'));
  try {
    const bundle = await bundled(folder);
    const results = Object.keys(HOSTS).flatMap((kind) => [
      { kind, command: [PROGRAM, kind], starts: /** @type {Start[]} */ ([]) },
      { kind: `${kind}, bundled`, command: [bundle, kind], starts: /** @type {Start[]} */ ([]) },
    ]);
    // The first round fills the file cache.
    for (let round = -1; round < rounds; round += 1) {
      for (const { command, starts } of results) {
        const { stdout } = await promisify(execFile)(process.execPath, command);
        if (round >= 0) starts.push(JSON.parse(stdout));
      }
    }
    return results.map(({ kind, starts }) => ({
      kind,
      ms: median(starts.map(({ ms }) => ms)),
      cpuMs: median(starts.map(({ cpuMs }) => cpuMs)),
      megabytes: median(starts.map(({ megabytes }) => megabytes)),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Bundles this program, with one file for each host.
 *
 * @param {string} folder
 */
async function bundled(folder) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [PROGRAM],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    outExtension: { '.js': '.mjs' },
    external: ['esbuild'],
    banner: {
      js: "import { createRequire as from } from 'node:module'; const require = from(import.meta.url);",
    },
    logLevel: 'error',
  });
  return join(folder, 'start.mjs');
}

/**
 * What one process measured.
 *
 * @typedef {{ ms: number, cpuMs: number, megabytes: number }} Start
 */

const start = HOSTS[process.argv[2] ?? ''];
if (start !== undefined) {
  const [time, cpu, memory] = [performance.now(), process.cpuUsage(), process.memoryUsage().rss];
  const host = await start();
  const ms = performance.now() - time;
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(
    JSON.stringify({
      ms,
      cpuMs: (user + system) / 1000,
      megabytes: (process.memoryUsage().rss - memory) / 1e6,
      host: typeof host,
    }),
  );
}
