// Clients that poll a server, each over one connection, at an even pace.
import { Agent, get } from 'node:http';

/**
 * Starts clients, each of which knows the present ETags. The times at which they poll are spread over the interval.
 *
 * @param {{ port: number, targets: readonly string[], clients: number, intervalMs: number }} polling
 */
export async function startPollers({ port, targets, clients, intervalMs }) {
  /** @type {Record<string, number[]>} */
  let latencies = {};
  let isStopped = false;
  /** @type {Record<string, string>} */
  const known = {};
  for (const target of targets)
    known[target] = await ask({ port, path: target, agent: new Agent(), etag: undefined });

  /** @param {number} i */
  async function client(i) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const etags = { ...known };
    const start = performance.now() + (i / clients) * intervalMs;
    for (let poll = 0; !isStopped; poll += 1) {
      // By the pace of the client, and not after its last response: a slow server gets no fewer requests.
      const wait = start + (poll * intervalMs) / targets.length - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const target = targets[(i + poll) % targets.length] ?? '/';
      const since = performance.now();
      etags[target] = await ask({ port, path: target, agent, etag: etags[target] });
      const ms = performance.now() - since;
      latencies[target] ??= [];
      latencies[target].push(ms);
    }
    agent.destroy();
  }

  const done = Promise.all(Array.from({ length: clients }, (_, i) => client(i)));
  return {
    /** Forgets what was measured. */
    reset() {
      latencies = {};
    },
    /** Returns the latencies in milliseconds, by target. */
    async stop() {
      const measured = latencies;
      isStopped = true;
      await done;
      return measured;
    },
  };
}

/**
 * @param {{ port: number, path: string, agent: Agent, etag: string | undefined }} request
 * @returns {Promise<string>} the ETag
 */
function ask({ port, path, agent, etag }) {
  return new Promise((resolve, reject) => {
    const headers = etag === undefined ? {} : { 'if-none-match': etag };
    get({ port, path, agent, headers }, (res) => {
      res.resume().once('end', () => resolve(res.headers.etag ?? ''));
    }).once('error', reject);
  });
}
