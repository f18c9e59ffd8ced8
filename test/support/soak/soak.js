// A soak: mixed load on a server process whose sources fail and whose cluster changes, and how the process is after it.
import { fork } from 'node:child_process';
import { Agent } from 'node:http';
import { connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { history } from './history.js';
import { ask, complaintOf, pipelineAndLeave, sendHttp, sendHttp2 } from './traffic.js';

/**
 * @typedef {object} Stats - How the server process is, after a full collection.
 * @property {number} rss
 * @property {number} heapUsed
 * @property {number} external
 * @property {readonly string[]} resources - What keeps its event loop going.
 * @property {Record<string, number>} delay - Of the event loop, in milliseconds, by percentile.
 * @property {Record<string, number>} faults - How often a source has failed, by how.
 * @property {number} reported - How often `onError` was called.
 * @property {number} changes - Of the cluster.
 * @property {readonly string[]} problems
 */

/**
 * @typedef {object} Summary
 * @property {number} seconds
 * @property {number} requests
 * @property {number} left - Of these, clients that went away.
 * @property {number} profiles - CPU profiles that were taken.
 * @property {Record<string, number>} answers - By status.
 * @property {number} compared - Answers that were compared with states of the cluster.
 * @property {readonly Stats[]} stats - When warm, at half of the time, and at rest.
 * @property {readonly string[]} complaints
 */

const HOST = fileURLToPath(new URL('host.js', import.meta.url));

const CLIENTS = 16;

const MOST_COMPLAINTS = 10;

const nowMs = () => Number(process.hrtime.bigint() / 1000n) / 1000;

/**
 * @param {{ readonly seconds: number, readonly report?: (text: string) => void }} wishes
 * @returns {Promise<Summary>}
 */
export async function soak({ seconds, report = () => {} }) {
  const child = fork(HOST, { execArgv: ['--expose-gc'] });
  const states = history();
  /** @type {string[]} */
  const complaints = [];
  /** @type {Map<string, string>} */
  const etags = new Map();
  /** @type {Record<string, number>} */
  const answers = {};
  const counted = { requests: 0, left: 0, profiles: 0, compared: 0 };
  let beatMs = 0;
  let isOver = false;
  /** @type {(stats: Stats) => void} */
  let onStats = () => {};
  const statsOf = () => {
    const told = new Promise((/** @type {(stats: Stats) => void} */ resolve) => {
      onStats = resolve;
    });
    child.send('stats');
    return told;
  };

  child.on('exit', (code, signal) => {
    if (!isOver) complaints.push(`the server process has ended: ${code ?? signal}`);
    isOver = true;
  });
  const { ports, metas } = await new Promise((/** @type {(started: any) => void} */ resolve) => {
    child.on('message', (/** @type {any} */ message) => {
      if (message.state !== undefined) states.add(message.state);
      if (message.beatMs !== undefined) beatMs = message.beatMs;
      if (message.stats !== undefined) onStats(message.stats);
      if (message.ports !== undefined) resolve(message);
    });
  });
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const session = connect(`http://127.0.0.1:${ports.http2}`);
  session.on('error', () => {});
  const mayGoOn = () => !isOver && complaints.length < MOST_COMPLAINTS;

  async function client() {
    while (mayGoOn()) {
      const asked = ask(etags);
      const leaveMs = Math.random() < 0.05 ? Math.random() * 15 : undefined;
      const fromMs = nowMs();
      counted.requests += 1;
      if (leaveMs !== undefined) counted.left += 1;
      try {
        const answer = await (asked.server === 'http2'
          ? sendHttp2(session, asked, leaveMs)
          : sendHttp(agent, ports[asked.server], asked, leaveMs));
        const toMs = nowMs();
        if (answer !== undefined) await check(asked, answer, fromMs, toMs);
      } catch (error) {
        complaints.push(`${asked.server} ${asked.target}: ${error}`);
      }
      await sleep(Math.random() * 20);
    }
  }

  /**
   * @param {import('./traffic.js').Asked} asked
   * @param {import('./traffic.js').Answer} answer
   * @param {number} fromMs
   * @param {number} toMs
   */
  async function check(asked, answer, fromMs, toMs) {
    answers[answer.status] = (answers[answer.status] ?? 0) + 1;
    const etag = answer.headers['etag'];
    if (typeof etag === 'string') etags.set(asked.target, etag);
    const expected = async () => {
      // Its beat comes behind all the states that were before.
      while (beatMs < toMs && !isOver) await sleep(20);
      counted.compared += 1;
      return states.between(asked.target, fromMs, toMs);
    };
    const complaint = await complaintOf(asked, answer, expected, metas);
    if (complaint !== undefined) complaints.push(`${asked.server} ${asked.target}: ${complaint}`);
  }

  async function profile() {
    while (mayGoOn()) {
      const asked = {
        server: /** @type {const} */ ('replica'),
        target: '/pprof/profile?seconds=1',
        headers: {},
      };
      const answer = await sendHttp(agent, ports.replica, asked, undefined).catch(() => undefined);
      const isProfile = answer?.status === 200 && answer.body.length > 0;
      if (isProfile) counted.profiles += 1;
      else if (mayGoOn()) complaints.push(`${asked.target}: ${answer?.status} ${answer?.body.slice(0, 200)}`);
      await sleep(1_500);
    }
  }

  /** @param {boolean} isUnread */
  async function leave(isUnread) {
    while (mayGoOn()) {
      const count = await pipelineAndLeave(ports.failing, isUnread);
      counted.requests += count;
      counted.left += 1;
      await sleep(Math.random() * 200);
    }
  }

  const started = Date.now();
  /** @type {Stats[]} */
  const stats = [];
  try {
    const clients = [
      ...Array.from({ length: CLIENTS }, () => client()),
      profile(),
      leave(false),
      leave(true),
    ];
    for (const share of [0.2, 0.5, 1]) {
      while (Date.now() - started < seconds * 1000 * share && mayGoOn()) await sleep(100);
      if (share === 1 || !mayGoOn()) break;
      stats.push(await statsOf());
      report(`${counted.requests} requests, ${complaints.length} complaints`);
    }
    const ended = isOver;
    isOver = true;
    await Promise.race([Promise.all(clients), sleep(15_000)]);
    isOver = ended;
    agent.destroy();
    session.close();
    if (!ended) {
      child.send('rest');
      // Keep-alive connections of the clients are gone at once; what the last time-outs hold is gone soon.
      await sleep(1_000);
      stats.push(await statsOf());
      complaints.push(...(stats.at(-1)?.problems ?? []));
    }
    return { seconds: (Date.now() - started) / 1000, ...counted, answers, stats, complaints };
  } finally {
    isOver = true;
    child.kill('SIGKILL');
  }
}
