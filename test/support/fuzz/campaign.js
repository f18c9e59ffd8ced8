// A campaign: a server process, hostile clients, a judge of all that comes back, and what it cost the server.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { conversation } from './conversations.js';
import { talkHttp2 } from './http2.js';
import { randomOf } from './random.js';
import { talkFrames } from './raw-http2.js';
import { talk } from './talk.js';
import { VALID } from './targets.js';
import { judgeConversation } from './verdict.js';

/**
 * @typedef {object} Campaign
 * @property {number} seed
 * @property {number} requests - How many at least.
 * @property {number} [only] - The number of the one conversation to repeat.
 * @property {(text: string) => void} [report]
 */

/**
 * @typedef {object} Memory - In bytes, after a full collection.
 * @property {number} rss
 * @property {number} heapUsed
 * @property {number} external
 * @property {number} handles - What keeps the event loop going.
 */

/**
 * @typedef {object} Summary
 * @property {number} seed
 * @property {Record<string, number>} requests - By protocol.
 * @property {number} connections
 * @property {Record<string, number>} statuses
 * @property {Record<string, number>} kinds - Of conversations.
 * @property {number} seconds
 * @property {readonly Memory[]} memory - Before; when warm (after a fifth), at half of the requests, and after all.
 * @property {readonly string[]} complaints - Each with what is needed to see it again.
 */

const HOST = fileURLToPath(new URL('host.js', import.meta.url));

/** How many connections at a time; a few of them only wait until the server loses patience. */
const CLIENTS = 96;

/** Far above the server's own limits, for a machine that has other work. */
const PATIENCE_MS = 30_000;

/** After so many nothing new will be learned. */
const MOST_COMPLAINTS = 10;

/** In bytes, over a whole campaign: what is compiled and remembered for good is there when the server is warm. */
const MOST_GROWTH = 3 * 2 ** 20;

/** Connections that HTTP/2 clients have torn down and that Node has not noticed yet. */
const MOST_HANDLES = 5;

const ROLES = /** @type {const} */ (['primary', 'primary', 'backup', 'guarded', 'local']);

/**
 * @param {Campaign} campaign
 * @returns {Promise<Summary>}
 */
export async function campaign({ seed, requests: wanted, only, report = () => {} }) {
  const child = fork(HOST, { execArgv: ['--expose-gc'] });
  /** @type {string[]} */
  const complaints = [];
  let isOver = false;
  child.on('exit', (code, signal) => {
    if (!isOver) complaints.push(`the server process has ended: ${code ?? signal}`);
    isOver = true;
  });
  const started = Date.now();
  try {
    const [{ ports, primaryUrl }] = await once(child, 'message');
    const references = await noteAnswers(`http://127.0.0.1:${ports['http primary']}`);
    /** @type {Memory[]} */
    const memory = [];
    const counts = /** @returns {Record<string, number>} */ () => ({});
    const [requests, statuses, kinds] = [counts(), counts(), counts()];
    let connections = 0;

    /** @param {number} index */
    async function converse(index) {
      const random = randomOf(seed, index);
      const role = random.pick(ROLES);
      const rules = { role, primaryUrl, references };
      const share = random.next();
      const protocol = share < 0.7 ? 'http' : share < 0.9 ? 'http2' : 'http2, raw frames';
      const port = ports[`${protocol.slice(0, share < 0.7 ? 4 : 5)} ${role}`];
      let kind = protocol;
      try {
        let talked;
        if (protocol === 'http') {
          const one = conversation(random);
          kind = one.kind;
          const heard = await talk(port, one, PATIENCE_MS);
          talked = { requests: one.requests.length, statuses: judgeConversation(one, heard, rules) };
        } else {
          const talkAs = protocol === 'http2' ? talkHttp2 : talkFrames;
          talked = await talkAs(random, port, rules, PATIENCE_MS);
        }
        requests[protocol] = (requests[protocol] ?? 0) + talked.requests;
        for (const status of talked.statuses) statuses[status] = (statuses[status] ?? 0) + 1;
      } catch (error) {
        const message = error instanceof Error ? error.message : error;
        const complaint = `${kind} at the ${role}: ${message} (--seed ${seed} --only ${index})`;
        complaints.push(complaint);
        report(complaint);
      }
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      connections += 1;
    }

    const done = () => Object.values(requests).reduce((sum, count) => sum + count, 0);
    const mayGoOn = () => !isOver && complaints.length < MOST_COMPLAINTS;
    let next = 0;
    /** @param {number} until */
    async function conversations(until) {
      while (done() < until && mayGoOn()) {
        next += 1;
        await converse(next);
      }
    }

    memory.push(await memoryOf(child));
    if (only !== undefined) await converse(only);
    else {
      for (const share of [0.2, 0.5, 1]) {
        await Promise.all(Array.from({ length: CLIENTS }, () => conversations(wanted * share)));
        if (!mayGoOn()) break;
        memory.push(await memoryOf(child));
        report(`${done()} requests, ${complaints.length} complaints`);
      }
    }
    if (!isOver) complaints.push(...(await ask(child, 'problems')).problems, ...growth(memory));
    const seconds = (Date.now() - started) / 1000;
    return { seed, requests, connections, statuses, kinds, seconds, memory, complaints };
  } finally {
    isOver = true;
    child.kill('SIGKILL');
  }
}

/**
 * What the server has kept of the requests since it was warm.
 *
 * @param {readonly Memory[]} memory
 * @returns {string[]}
 */
function growth([, warm, ...later]) {
  if (warm === undefined) return [];
  const heap = Math.max(...later.map(({ heapUsed }) => heapUsed)) - warm.heapUsed;
  const handles = (later.at(-1)?.handles ?? 0) - warm.handles;
  return [
    ...(heap > MOST_GROWTH ? [`the heap has grown by ${heap} bytes since it was warm`] : []),
    ...(handles > MOST_HANDLES ? [`${handles} handles more than when it was warm`] : []),
  ];
}

/** @param {string} origin */
async function noteAnswers(origin) {
  /** @type {Map<string, Buffer>} */
  const references = new Map();
  for (const target of VALID) {
    const answer = await fetch(origin + target);
    if (answer.status !== 200)
      throw new Error(`${target} is ${answer.status} before the first hostile request`);
    references.set(target, Buffer.from(await answer.arrayBuffer()));
  }
  return references;
}

/**
 * Measures what the server holds without connections.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<Memory>}
 */
async function memoryOf(child) {
  // What clients left open is closed by the server's own time-outs.
  for (let tries = 0; tries < 40; tries += 1) {
    await sleep(250);
    const memory = await ask(child, 'memory');
    if (memory.handles <= IDLE_HANDLES) return memory;
  }
  return ask(child, 'memory');
}

/** The listening servers, and the channels to the parent. */
const IDLE_HANDLES = 11;

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} question
 */
async function ask(child, question) {
  const answered = once(child, 'message');
  child.send(question);
  const [answer] = await answered;
  return answer;
}
