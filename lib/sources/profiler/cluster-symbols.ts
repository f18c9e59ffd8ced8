import cluster, { type Worker } from 'node:cluster';
import type { SharedSymbols } from '../../model/profiler.js';

/**
 * Types of the messages between the workers of a `node:cluster` and their primary. Each message of a worker has a number, which the
 * reply repeats.
 */
const ADD = 'pegasus-http:symbols:add';
const FIND = 'pegasus-http:symbols:find';
const REPLY = 'pegasus-http:symbols:reply';

/** How long a worker waits for the primary, which may be busy or may not have loaded this module. */
const REPLY_TIMEOUT_MS = 1000;

/** Maximum number of names that the primary keeps; the oldest are evicted. As many as a symbol table has. */
const MAX_NAMES = 100_000;

type Names = readonly (readonly [address: number, name: string])[];

interface Request {
  readonly type: typeof ADD | typeof FIND;
  readonly id: number;
  readonly names?: Names;
  readonly addresses?: readonly number[];
}

interface Reply {
  readonly type: typeof REPLY;
  readonly id: number;
  readonly names?: readonly (string | undefined)[];
}

/** A worker as its primary sees it; {@link Worker} is one. */
export type WorkerChannel = Pick<Worker, 'isConnected' | 'send'>;

/** The connection of a worker to its primary; `process` is one. */
export interface PrimaryChannel {
  readonly connected: boolean;
  send?(
    message: unknown,
    handle: undefined,
    options: undefined,
    callback: (error: Error | null) => void,
  ): boolean;
  on(event: 'message', listener: (message: Partial<Reply> | null) => void): unknown;
}

/** Keeps the names that the workers of a `node:cluster` share. Called once, in the primary. */
export function keepSymbolsOfWorkers(): void {
  const answer = createSymbolKeeper();
  cluster.on('message', answer);
}

/** Creates the function that takes the messages of the workers. It ignores those of other code. */
export function createSymbolKeeper(
  maxNames = MAX_NAMES,
): (worker: WorkerChannel, message: Partial<Request> | null) => void {
  const kept = new Map<number, string>();
  return (worker, message) => {
    const { type, id, names, addresses } = message ?? {};
    if (type === ADD && Array.isArray(names)) {
      for (const [address, name] of names.filter(isName)) {
        kept.delete(address);
        kept.set(address, name);
      }
      for (const address of kept.keys()) {
        if (kept.size <= maxNames) break;
        kept.delete(address);
      }
      reply(worker, { type: REPLY, id: Number(id) });
    } else if (type === FIND && Array.isArray(addresses)) {
      const found = (addresses as readonly number[]).map((address) => kept.get(address));
      reply(worker, { type: REPLY, id: Number(id), names: found });
    }
  };
}

function isName(value: unknown): value is Names[number] {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string';
}

function reply(worker: WorkerChannel, message: Reply): void {
  // A worker that has gone needs no reply.
  if (worker.isConnected()) worker.send(message, () => {});
}

/** Returns the names that all workers of a `node:cluster` share by their primary; `undefined` in a process that is no worker. */
export function clusterSymbols(): SharedSymbols | undefined {
  return cluster.isWorker ? symbolsOfPrimary(process as PrimaryChannel) : undefined;
}

/** Returns the names that a primary keeps. */
export function symbolsOfPrimary(primary: PrimaryChannel): SharedSymbols {
  const pending = new Map<number, (reply: Reply | undefined) => void>();
  let lastId = 0;
  /** Whether the primary has not replied in time. Then no profile waits for it any more. */
  let isSilent = false;

  function onMessage(message: Partial<Reply> | null): void {
    if (message?.type !== REPLY) return;
    isSilent = false;
    pending.get(Number(message.id))?.(message as Reply);
  }

  function ask(request: Omit<Request, 'id'>, signal: AbortSignal): Promise<Reply | undefined> {
    if (!primary.connected) return Promise.resolve(undefined);
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      const end = (given?: Reply) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        pending.delete(id);
        resolve(given);
      };
      const onAbort = () => end();
      const timer = setTimeout(() => {
        isSilent = true;
        end();
      }, REPLY_TIMEOUT_MS);
      signal.addEventListener('abort', onAbort);
      if (lastId === 1) primary.on('message', onMessage);
      pending.set(id, end);
      primary.send?.({ ...request, id }, undefined, undefined, (error: Error | null) => {
        if (error !== null) end();
      });
    });
  }

  return {
    async add(names, { signal }) {
      const shared = ask({ type: ADD, names: [...names] }, signal);
      // The client asks for the names as soon as it has the profile, and perhaps another worker.
      if (!isSilent) await shared;
    },
    async find(addresses, { signal }) {
      const given = isSilent ? undefined : await ask({ type: FIND, addresses }, signal);
      return addresses.map((_, i) => given?.names?.[i] ?? undefined);
    },
  };
}
