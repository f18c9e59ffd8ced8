import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { MaybePromise } from '../model/maybe-promise.js';
import { CLIENT_DISCONNECTED } from './deadline.js';
import type { AnyRequest, AnyResponse } from './exchange.js';

/** Pipelined requests of one connection that are handled at a time. */
const MAX_PIPELINED = 8;

/** The responses of one connection. */
interface Turns {
  /**
   * The response that Node is sending, or one promise for each of the last responses, settled when that one is done. `undefined` after a
   * response that has been sent: a thousand idle connections would keep a thousand of them, and each garbage collection copies them.
   */
  latest: ServerResponse | Promise<void>[] | undefined;
}

const turnsBySocket = new WeakMap<Socket, Turns>();

/** For each response that Node has queued, when the one before it is done. */
const previousDone = new WeakMap<AnyResponse, Promise<void>>();

/**
 * Waits while too many pipelined requests are before this one. Node keeps the responses behind an unread one in memory, so rendering
 * all of them would let one client fill the memory.
 *
 * Only responses of this library are waited for. A response that never gets a socket, such as that of a serverless adapter, counts as
 * done.
 *
 * @throws CLIENT_DISCONNECTED if the client disconnects meanwhile.
 */
export function waitForTurn(req: AnyRequest, res: AnyResponse): MaybePromise<undefined> {
  const { socket } = req;
  if ('stream' in res || typeof socket !== 'object' || socket === null) return undefined;
  const turns = turnsBySocket.get(socket);
  if (res.socket !== null || turns === undefined) {
    if (res.socket !== socket) return undefined;
    if (turns === undefined) turnsBySocket.set(socket, { latest: res });
    else turns.latest = res;
    return undefined;
  }
  const { latest } = turns;
  const queue = Array.isArray(latest) ? latest : [untilDone(latest)];
  turns.latest = queue;
  const previous = queue.at(-1) ?? Promise.resolve();
  const turn = queue.length < MAX_PIPELINED ? undefined : queue.shift();
  queue.push(previous.then(() => untilDone(res)));
  previousDone.set(res, previous);
  return turn?.then(() => {
    if (socket.destroyed) throw CLIENT_DISCONNECTED;
    return undefined;
  });
}

/** Returns the time from which Node sends a response: `undefined` for now. */
export function untilSending(res: AnyResponse): MaybePromise<void> {
  return res.socket === null ? previousDone.get(res) : undefined;
}

/** Forgets a response that the operating system has taken whole. */
export function endTurn(res: AnyResponse): void {
  const { socket } = res;
  const turns = typeof socket === 'object' && socket !== null ? turnsBySocket.get(socket) : undefined;
  if (turns?.latest === res) turns.latest = undefined;
}

/** Node takes the socket from a response when it is done. A response that never gets one counts as done. */
function untilDone(res: ServerResponse | undefined): Promise<void> {
  // Node gives the socket of a response that has been sent to the next one in this turn of the event loop.
  if (res === undefined) return new Promise((resolve) => setImmediate(resolve));
  if (res.socket === null || res.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    res.once('finish', resolve);
    res.once('close', resolve);
  });
}
