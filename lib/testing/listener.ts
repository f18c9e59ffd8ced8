import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinHostPort } from '../http/host.js';

/** A port that a server can leave and listen on again. */
export interface Listener {
  /** `host:port`. It stays the same. */
  readonly address: string;
  /** Whether it was started last, or stopped. */
  readonly isListening: boolean;
  /** Sets what answers the requests. Before that, every request gets 503. */
  setHandler(handler: RequestListener): void;
  /** Listens on the same port again. */
  start(): Promise<void>;
  /** Refuses new connections and breaks the open ones. */
  stop(): Promise<void>;
}

/** How often a listener tries to get its own port back, which a connection of another program can have taken meanwhile. */
const MAX_ATTEMPTS = 50;

const RETRY_MS = 100;

/**
 * Listens on a port.
 *
 * @param hostname - A host name or an IP address, without brackets.
 * @param port - 0 for a free one.
 */
export async function openListener(hostname: string, port: number): Promise<Listener> {
  let handler: RequestListener = (_, res) => res.writeHead(503).end();
  let server: Server | undefined = await listen(hostname, port, forward);
  const actualPort = (server.address() as AddressInfo).port;
  let isListening = true;
  /** The last start or stop. They run one after the other. */
  let last: Promise<void> = Promise.resolve();

  function forward(...[req, res]: Parameters<RequestListener>): void {
    handler(req, res);
  }

  function enqueue(action: () => Promise<void>): Promise<void> {
    const done = last.then(action);
    last = done.catch(() => {});
    return done;
  }

  return {
    address: joinHostPort(hostname, actualPort),
    get isListening() {
      return isListening;
    },
    setHandler(given) {
      handler = given;
    },
    start() {
      isListening = true;
      return enqueue(async () => {
        try {
          server ??= await retry(() => listen(hostname, actualPort, forward));
        } catch (error) {
          isListening = false;
          throw error;
        }
      });
    },
    stop() {
      isListening = false;
      return enqueue(async () => {
        const stopped = server;
        server = undefined;
        if (stopped !== undefined) await close(stopped);
      });
    },
  };
}

async function listen(hostname: string, port: number, handler: RequestListener): Promise<Server> {
  const server = createServer(handler);
  await once(server.listen(port, hostname), 'listening');
  return server;
}

async function retry<T>(action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await sleep(RETRY_MS);
    }
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
