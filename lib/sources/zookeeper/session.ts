import type { ClientLibrary } from './client-library.js';
import { dial } from './connect.js';
import type { Connection, End, Session } from './connection.js';

export interface SessionKeeperOptions {
  readonly library: ClientLibrary;
  /** `host:port` of each server. */
  readonly servers: readonly string[];
  readonly sessionTimeoutMs: number;
  /** See {@link dial}; when there is none, heartbeats are reads. */
  readonly quorumProbe?: string;
  /** Called for every connection that is made. Nothing is left of an earlier one: neither watches nor promises. */
  onConnected(connection: Connection): void;
  /** Called when a connection is over, or could not be made. The next attempt follows by itself. */
  onLost(end: End): void;
}

/** Keeps a session with ZooKeeper over as many connections as it takes. */
export interface SessionKeeper {
  /** Ends the session; the promise is kept when nothing is left of it. */
  close(): Promise<void>;
}

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 5000;

/**
 * Connects to one server after the other, starting with any of them, so that many clients spread. Between the attempts it waits
 * twice as long each time, up to 5 s, and cuts up to half of that off by chance: when ZooKeeper comes back, its clients do not come all at once.
 */
export function keepSession(options: SessionKeeperOptions): SessionKeeper {
  const { library, servers, sessionTimeoutMs } = options;
  let next = Math.floor(Math.random() * servers.length);
  let failures = 0;
  let session: Session | undefined;
  let connection: Connection | undefined;
  let giveUp: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function attempt(): void {
    const server = servers[next++ % servers.length] as string;
    giveUp = dial({
      library,
      server,
      sessionTimeoutMs,
      session,
      quorumProbe: options.quorumProbe,
      onOpen(opened) {
        failures = 0;
        connection = opened;
        options.onConnected(opened);
      },
      onEnd(end) {
        // The goodbye was not answered in time.
        if (isClosed) return;
        session = end.isExpired ? undefined : (connection?.session() ?? session);
        connection = undefined;
        // Scheduled first: whatever the listener does, closing included, finds it in order.
        timer = setTimeout(attempt, delayAfter(failures++));
        options.onLost(end);
      },
    });
  }

  attempt();
  return {
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(timer);
      await connection?.close();
      giveUp?.();
    },
  };
}

/** Milliseconds to wait after so many attempts that failed one after the other. */
export function delayAfter(failures: number, random: () => number = Math.random): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 20));
  return delay * (1 - random() / 2);
}
