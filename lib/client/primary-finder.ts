import { setTimeout as sleep } from 'node:timers/promises';
import { PegasusError } from '../model/errors.js';
import { parseNodes } from './parse-nodes.js';
import { redirectTarget, type ServerAddress } from './server-address.js';
import type { Transport } from './transport.js';

/** Finds the primary meta server, and remembers it. */
export interface PrimaryFinder {
  /** Returns the primary. Concurrent calls share one search. */
  find(signal: AbortSignal): Promise<ServerAddress>;
  /** Returns whether a server lists nodes, which only a primary does. */
  leads(server: ServerAddress, signal: AbortSignal): Promise<boolean>;
  /** Forgets the primary, if it is still this one. */
  forget(server: ServerAddress): void;
  /** Takes the meta servers that the primary lists. A redirect to one of them is followed. */
  learn(servers: readonly ServerAddress[]): void;
  /** Returns the primary of the last search; `undefined` if it is forgotten. */
  known(): ServerAddress | undefined;
}

/** How a candidate failed. */
interface Failure {
  readonly reason: string;
  readonly error?: PegasusError;
  /** Where it redirects to. */
  readonly redirect?: string | undefined;
}

/**
 * How long a new primary reads its tables before it is believed. After a failover, Pegasus lists a part of them for about 50 ms, in 2.6
 * after it lists its nodes already.
 */
const SETTLE_MS = 250;

const PROBE = { method: 'GET', target: '/meta/nodes' } as const;

/**
 * Makes a {@link PrimaryFinder}.
 *
 * All configured servers are asked for `/meta/nodes` at the same time, and the first that lists a node leads. Neither a 200 nor a
 * redirect proves more: a backup of 2.4 and 2.5 answers everything from an empty state, and a redirect may point to a dead primary. So a
 * redirect is only a hint, and nothing is sent to a server that is neither configured nor in the primary's `/meta/cluster`.
 */
export function createPrimaryFinder(
  configured: readonly ServerAddress[],
  transport: Transport,
  ended: AbortSignal,
): PrimaryFinder {
  let primary: ServerAddress | undefined;
  let learned: readonly ServerAddress[] = [];
  let search: Promise<ServerAddress> | undefined;
  let hadPrimary = false;

  async function probe(server: ServerAddress, signal: AbortSignal): Promise<Failure | undefined> {
    try {
      const reply = await transport.send(server, PROBE, signal);
      if (reply.status === 307) {
        const to = redirectTarget(reply.location);
        return { reason: `${server.name} redirects to ${to ?? 'no primary'}`, redirect: to };
      }
      if (reply.status !== 200) throw reply.error();
      return parseNodes(reply).length > 0 ? undefined : { reason: `${server.name} lists no nodes` };
    } catch (error) {
      return error instanceof PegasusError ? { reason: error.message, error } : Promise.reject(error);
    }
  }

  /** Returns the first server that leads, or why none does. */
  async function race(servers: readonly ServerAddress[]): Promise<ServerAddress | readonly Failure[]> {
    const losers = new AbortController();
    const signal = AbortSignal.any([losers.signal, ended]);
    const failures: Failure[] = [];
    const probes = servers.map(async (server) => {
      const failure = await probe(server, signal);
      if (failure === undefined) return server;
      failures.push(failure);
      throw failure;
    });
    const winner = await Promise.any(probes).catch(() => undefined);
    losers.abort();
    if (winner !== undefined && (hadPrimary || failures.some(isUnrest))) await settle(winner);
    return winner ?? failures;
  }

  /** Waits until a primary that may be new has read its tables. */
  async function settle(winner: ServerAddress): Promise<void> {
    await sleep(SETTLE_MS, undefined, { signal: ended, ref: false });
    const failure = await probe(winner, ended);
    if (failure !== undefined) throw failure.error ?? notLed([failure]);
  }

  async function findPrimary(): Promise<ServerAddress> {
    const found = await race(configured);
    if (!Array.isArray(found)) return found as ServerAddress;
    const hinted = learned.filter(({ name }) => found.some(({ redirect }) => redirect === name));
    const other = hinted.length === 0 ? found : await race(hinted);
    if (!Array.isArray(other)) return other as ServerAddress;
    throw notLed(other === found ? found : [...found, ...other]);
  }

  function startSearch(): Promise<ServerAddress> {
    const started = findPrimary().then((found) => {
      primary = found;
      hadPrimary = true;
      return found;
    });
    const done = () => {
      search = undefined;
    };
    started.then(done, done);
    return started;
  }

  return {
    async find(signal) {
      if (primary !== undefined) return primary;
      search ??= startSearch();
      return await until(signal, search);
    },
    async leads(server, signal) {
      const failure = await probe(server, signal);
      if (failure?.error?.code === 'ERR_TIMEOUT') throw failure.error;
      return failure === undefined;
    },
    forget(server) {
      if (primary === server) primary = undefined;
    },
    learn(servers) {
      learned = servers.filter(({ name }) => !configured.some((other) => other.name === name));
    },
    known: () => primary,
  };
}

/** Whether a failure hints at an election: a server is gone, or knows no primary. */
function isUnrest({ error, reason }: Failure): boolean {
  return error !== undefined || reason.endsWith('no primary');
}

/** Creates the error of a search in vain. */
function notLed(failures: readonly Failure[]): PegasusError {
  const isUnreachable = failures.every(({ error }) => error !== undefined);
  const code = isUnreachable ? (failures[0]?.error?.code ?? 'ERR_UNKNOWN') : 'ERR_FORWARD_TO_OTHERS';
  return new PegasusError(code, `no primary meta server: ${failures.map(({ reason }) => reason).join('; ')}`);
}

/** Waits for a shared promise, until the own signal aborts. */
export async function until<T>(signal: AbortSignal, shared: Promise<T>): Promise<T> {
  shared.catch(() => {});
  if (signal.aborted) throw signal.reason;
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([shared, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
