import type { Socket } from 'node:net';
import { type AnyRequest, type AnyResponse, isDisconnected } from './exchange.js';

/** Callbacks by connection: one listener serves all requests that a client has pipelined on it. */
const callbacksBySocket = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `callback` when the client of a request disconnects.
 *
 * On Node 20 and 22 a response that waits behind an earlier one of its connection has no socket and never emits `close`, and a request
 * whose body was read has emitted it already. So HTTP/1 connections are observed by their socket as well.
 *
 * @returns Stops observing.
 */
export function onDisconnect(req: AnyRequest, res: AnyResponse, callback: () => void): () => void {
  res.on('close', callback);
  // The socket of a serverless adapter is an empty object, and that of HTTP/2 a proxy that rejects listeners.
  const socket = 'stream' in res ? undefined : req.socket;
  const callbacks = typeof socket?.on === 'function' ? callbacksOf(socket) : undefined;
  callbacks?.add(callback);
  if (isDisconnected(res) || socket?.destroyed === true) callback();
  return () => {
    res.off('close', callback);
    callbacks?.delete(callback);
  };
}

function callbacksOf(socket: Socket): Set<() => void> {
  let callbacks = callbacksBySocket.get(socket);
  if (callbacks === undefined) {
    const created = new Set<() => void>();
    callbacksBySocket.set(socket, created);
    socket.once('close', () => {
      for (const callback of created) callback();
    });
    callbacks = created;
  }
  return callbacks;
}
