// Measures what the start of a process costs: the import of a package and one host made. Each start is a process of its own, in turns.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from './side-by-side.js';

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
 * Measures the time and the memory of each start, in turns.
 *
 * @param {number} rounds
 */
export async function startSideBySide(rounds) {
  const results = Object.keys(HOSTS).map((kind) => ({
    kind,
    ms: /** @type {number[]} */ ([]),
    megabytes: /** @type {number[]} */ ([]),
  }));
  // The first round fills the file cache.
  for (let round = -1; round < rounds; round += 1) {
    for (const { kind, ms, megabytes } of results) {
      const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), kind]);
      const one = JSON.parse(stdout);
      if (round < 0) continue;
      ms.push(one.ms);
      megabytes.push(one.megabytes);
    }
  }
  return results.map(({ kind, ms, megabytes }) => ({ kind, ms: median(ms), megabytes: median(megabytes) }));
}

const start = HOSTS[process.argv[2] ?? ''];
if (start !== undefined) {
  const [time, memory] = [performance.now(), process.memoryUsage().rss];
  const host = await start();
  const ms = performance.now() - time;
  process.stdout.write(
    JSON.stringify({ ms, megabytes: (process.memoryUsage().rss - memory) / 1e6, host: typeof host }),
  );
}
