import { Agent } from 'node:http';
import { type Answer, createAnswer } from './answer.js';
import { type HttpAnswer, type HttpRequest, sendRequest } from './http-request.js';
import type { ResolvedClientOptions } from './options.js';
import type { ServerAddress } from './server-address.js';

/** An {@link Answer} with what the search for the primary needs of its transport. */
export interface Reply extends Answer {
  readonly location: string | undefined;
  readonly isNewConnection: boolean;
}

/** Sends requests over the connections of one client. */
export interface Transport {
  /**
   * Sends one request, once.
   *
   * @param ownConnection - Whether the request gets a connection of its own, which closes behind it.
   */
  send(
    server: ServerAddress,
    request: HttpRequest,
    signal: AbortSignal,
    ownConnection?: boolean,
  ): Promise<Reply>;
  /** How many requests were sent. */
  requests(): number;
  /** Closes all connections. */
  close(): void;
}

/** Makes a {@link Transport}. */
export function createTransport(options: ResolvedClientOptions): Transport {
  const { maxConnections, requestTimeoutMs: timeoutMs, maxResponseBytes, toUnix } = options;
  // The last connection used comes first, so that the others close when few are needed.
  const agent = new Agent({ keepAlive: true, maxSockets: maxConnections, scheduling: 'lifo' });
  let requests = 0;
  return {
    async send(server, request, signal, ownConnection = false) {
      requests += 1;
      const limits = { agent: ownConnection ? (false as const) : agent, timeoutMs, maxResponseBytes, signal };
      const answer: HttpAnswer = await sendRequest(server, request, limits);
      const { location, isNewConnection } = answer;
      return { ...createAnswer(server, request, answer, toUnix), location, isNewConnection };
    },
    requests: () => requests,
    close: () => agent.destroy(),
  };
}
