// More requests than a slow source can serve: what becomes of those that are answered, of those that are not, and of those that come after.
import { Agent, createServer, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPegasusHandler, memoryCluster } from 'pegasus-http';

/**
 * @typedef {object} Timed
 * @property {number} status
 * @property {string | undefined} retryAfter
 * @property {string} body
 * @property {number} ms
 */

/**
 * @typedef {object} Outcome
 * @property {number} capacity - Calls that the source can serve in a second.
 * @property {readonly Timed[]} unloaded - One at a time, before.
 * @property {readonly Timed[]} loaded
 * @property {number} seconds - That the load took.
 * @property {readonly Timed[]} after - All at once, as many as may wait, when the last of the load was answered.
 * @property {number} mostAtATime - Calls that the source was asked at the same time.
 */

/** Calls that the source works on at the same time, and how long on each: 200 calls a second. */
const [WORKERS, CALL_MS] = [4, 20];

/** Twice what it works on: an accepted request waits for at most two calls. */
const MAX_WAITING = 2 * WORKERS;

/**
 * @param {{ readonly times: number, readonly seconds: number }} load - How many times what the source can serve, and for how long.
 * @returns {Promise<Outcome>}
 */
export async function overload({ times, seconds }) {
  const capacity = (WORKERS * 1_000) / CALL_MS;
  const slow = slowSource();
  const server = createServer(createPegasusHandler(slow.source, { maxPendingRequests: MAX_WAITING }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  let table = 0;
  const ask = () => {
    // Each another table: those that ask for the same share one call.
    table += 1;
    return timed(agent, port, `/meta/app?name=table${table}`);
  };
  try {
    /** @type {Timed[]} */
    const unloaded = [];
    for (let i = 0; i < 20; i += 1) unloaded.push(await ask());

    /** @type {Promise<Timed>[]} */
    const asked = [];
    const startMs = performance.now();
    for (let passedMs = 0; passedMs < seconds * 1_000; passedMs = performance.now() - startMs) {
      // However late the timer is: the load is the same.
      const due = (passedMs / 1_000) * capacity * times;
      while (asked.length < due) asked.push(ask());
      await sleep(2);
    }
    const loaded = await Promise.all(asked);
    const took = (performance.now() - startMs) / 1_000;
    const after = await Promise.all(Array.from({ length: MAX_WAITING }, ask));
    return { capacity, unloaded, loaded, seconds: took, after, mostAtATime: slow.mostAtATime() };
  } finally {
    agent.destroy();
    server.close();
    server.closeAllConnections();
  }
}

/** A source that works on so many calls at a time, and lets the others queue up. */
function slowSource() {
  const { metaState } = memoryCluster({ apps: [{ appName: 'table' }] });
  const table = metaState.app('table');
  let [asked, mostAtATime, working] = [0, 0, 0];
  /** @type {(() => void)[]} */
  const queue = [];

  async function app() {
    asked += 1;
    mostAtATime = Math.max(mostAtATime, asked);
    if (working === WORKERS) await new Promise((resolve) => queue.push(() => resolve(undefined)));
    else working += 1;
    await sleep(CALL_MS);
    const next = queue.shift();
    if (next === undefined) working -= 1;
    else next();
    asked -= 1;
    return table;
  }

  return { source: { metaState: { ...metaState, app } }, mostAtATime: () => mostAtATime };
}

/**
 * @param {Agent} agent
 * @param {number} port
 * @param {string} path
 * @returns {Promise<Timed>}
 */
function timed(agent, port, path) {
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    const req = request({ agent, port, path, host: '127.0.0.1' }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      res.on('end', () => {
        const { statusCode: status = 0, headers } = res;
        resolve({ status, retryAfter: headers['retry-after'], body, ms: performance.now() - startMs });
      });
    });
    req.on('error', reject);
    req.end();
  });
}

/** @param {readonly Timed[]} answers */
export function medianMs(answers) {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
