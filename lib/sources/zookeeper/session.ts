import type { ClientLibrary } from './client-library.js';
import { openConnection } from './connect.js';
import type { Connection, ConnectionEnd, Session } from './connection.js';

/** Parameters of {@link createSessionManager}. */
export interface SessionManagerOptions {
  readonly library: ClientLibrary;
  /** `host:port` of each server. */
  readonly servers: readonly string[];
  readonly sessionTimeoutMs: number;
  /** See `ConnectOptions.quorumProbe`. */
  readonly quorumProbe?: string;
  /** Called for every new connection. Watches and promises of the previous connection are gone then. */
  onConnected(connection: Connection, server: string): void;
  /** Called when a connection ends or cannot be made. The next attempt follows without a call. */
  onLost(end: ConnectionEnd): void;
}

/** Keeps a session with ZooKeeper over any number of connections. */
export interface SessionManager {
  /** Ends the session and the current connection. */
  close(): Promise<void>;
}

const MIN_DELAY_MS = 50;
const MAX_DELAY_MS = 5000;

/** Connects to one server after the other. Starts with a random one, so that many clients spread over the servers. */
export function createSessionManager(options: SessionManagerOptions): SessionManager {
  const { library, servers, sessionTimeoutMs } = options;
  let next = Math.floor(Math.random() * servers.length);
  let failures = 0;
  let session: Session | undefined;
  let connection: Connection | undefined;
  let cancel: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function connect(): void {
    const server = servers[next++ % servers.length] as string;
    cancel = openConnection({
      library,
      server,
      sessionTimeoutMs,
      session,
      quorumProbe: options.quorumProbe,
      onOpen(opened) {
        failures = 0;
        connection = opened;
        options.onConnected(opened, server);
      },
      onEnd(end) {
        // The server did not answer close() in time.
        if (isClosed) return;
        session = end.isExpired ? undefined : (connection?.session() ?? session);
        connection = undefined;
        // The timer comes before the callback, because the callback can call close().
        timer = setTimeout(connect, backoffDelay(failures++));
        options.onLost(end);
      },
    });
  }

  connect();
  return {
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(timer);
      await connection?.close();
      cancel?.();
    },
  };
}

/**
 * Returns the wait in milliseconds after a number of failed attempts in a row. The wait doubles up to 5 s. A random part of up to
 * half is taken off, so that not all clients return at the same time.
 */
export function backoffDelay(failures: number, random: () => number = Math.random): number {
  const delay = Math.min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** Math.min(failures, 20));
  return delay * (1 - random() / 2);
}
