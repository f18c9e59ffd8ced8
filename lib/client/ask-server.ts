import { PegasusError } from '../model/errors.js';
import type { Answer } from './answer.js';
import { parseNamed } from './ask-primary.js';
import type { HttpRequest } from './http-request.js';
import { withRetries } from './retry.js';
import type { ServerAddress } from './server-address.js';
import type { Transport } from './transport.js';

/** Asks one server, whether it leads or not. */
export interface AskServer {
  /** Reads, and tries again where that may help. */
  read<T>(target: string, signal: AbortSignal, parse: (answer: Answer) => T): Promise<T>;
  /** Reads once, because reading has effects. */
  readOnce<T>(target: string, signal: AbortSignal, parse: (answer: Answer) => T): Promise<T>;
  /** Sends a request once, over a connection of its own: a kept one may be dead already. */
  once<T>(request: HttpRequest, signal: AbortSignal, parse: (answer: Answer) => T): Promise<T>;
}

/** Makes an {@link AskServer}. */
export function createAskServer(transport: Transport, server: ServerAddress, retries: number): AskServer {
  async function send<T>(
    request: HttpRequest,
    signal: AbortSignal,
    parse: (answer: Answer) => T,
    ownConnection: boolean,
  ): Promise<T> {
    const reply = await transport.send(server, request, signal, ownConnection);
    if (reply.status === 307)
      throw new PegasusError('ERR_FORWARD_TO_OTHERS', `${server.name} redirects ${request.target} elsewhere`);
    return parseNamed(reply, request.target, parse);
  }
  return {
    read: (target, signal, parse) =>
      withRetries(retries, signal, () => send({ method: 'GET', target }, signal, parse, false)),
    readOnce: (target, signal, parse) => send({ method: 'GET', target }, signal, parse, false),
    once: (request, signal, parse) => send(request, signal, parse, true),
  };
}
