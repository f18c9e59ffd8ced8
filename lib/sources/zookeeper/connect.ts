import { PegasusError } from '../../model/errors.js';
import type { ClientLibrary } from './client-library.js';
import type { Connection, End, Session } from './connection.js';
import { packetReader } from './framing.js';
import { callsOver } from './operations.js';
import { type Moment, now } from './timestamp.js';

export interface DialOptions {
  readonly library: ClientLibrary;
  /** `host:port` */
  readonly server: string;
  readonly sessionTimeoutMs: number;
  readonly session: Session | undefined;
  /**
   * A path that is never there, for whom it matters that the session lives: trying to remove it is a write, which the leader of ZooKeeper checks,
   * while a server that is cut off from the others still answers reads for a while. Without it the heartbeat is a read.
   */
  readonly quorumProbe: string | undefined;
  /** Called when the session stands, at most once. */
  onOpen(connection: Connection): void;
  /** Called exactly once, unless it was ended from here. */
  onEnd(end: End): void;
}

const LOST = 'has closed the connection, or cannot be reached';

/** How long a polite goodbye may take. */
const CLOSE_MS = 1000;

/**
 * Opens a connection.
 *
 * The library is used for one connection only, and a new client is made for the next, because its own way to reconnect does not
 * hold: it carries half a packet over to the new connection, sends all watches in one packet that ZooKeeper refuses beyond 1 MB (25,000
 * partitions), never notices a server that has fallen silent, and knows no backoff. So its connection manager is told here not to
 * reconnect, an exception that it throws while it reads ends the connection and not the process, and a heartbeat sees to the rest.
 *
 * @returns A function that gives up.
 */
export function dial(options: DialOptions): () => void {
  const { library, server, session } = options;
  const client = library.createClient(server, {
    sessionTimeout: options.sessionTimeoutMs,
    retries: 0,
    ...(session === undefined ? {} : { sessionId: session.id, sessionPassword: session.password }),
  });
  const manager = client.connectionManager;
  const calls = callsOver(client, library, (cause) => lose(LOST, { cause }));
  let ended: PegasusError | undefined;
  let timer = setTimeout(() => lose('does not answer'), Math.min(options.sessionTimeoutMs / 2, 5000));
  let heard: Moment = now();

  function cut(error: PegasusError): void {
    if (ended !== undefined) return;
    ended = error;
    clearTimeout(timer);
    const destroy = () => {
      clearTimeout(manager.connectTimeoutHandler ?? undefined);
      manager.socket?.destroy();
    };
    destroy();
    // The socket is made a tick after the library was told to connect.
    if (manager.socket === undefined) setImmediate(destroy);
    calls.end(error);
  }

  function lose(what: string, { cause, isExpired = false }: { cause?: unknown; isExpired?: boolean } = {}) {
    if (ended !== undefined) return;
    const error = networkFailure(`ZooKeeper at ${server} ${what}`, cause);
    cut(error);
    options.onEnd({ error, isExpired });
  }

  function heartbeat(connection: Connection): void {
    const sent = now();
    const { sessionTimeoutMs } = connection;
    let isAnswered = false;
    const giveUp = () => {
      if (!isAnswered) lose('has fallen silent');
    };
    // When this process itself has stood still, the answer is there already: it is read before the verdict.
    timer = setTimeout(() => setImmediate(giveUp), (sessionTimeoutMs * 2) / 3);
    const { quorumProbe } = options;
    const probe = quorumProbe === undefined ? connection.exists('/') : connection.remove(quorumProbe);
    probe.then(
      () => {
        isAnswered = true;
        clearTimeout(timer);
        heard = sent;
        if (ended === undefined) timer = setTimeout(heartbeat, sessionTimeoutMs / 5, connection);
      },
      () => {},
    );
  }

  function open(): Connection {
    const { end: _, ...operations } = calls;
    return {
      ...operations,
      sessionTimeoutMs: client.getSessionTimeout(),
      session: () => ({
        id: client.getSessionId(),
        password: client.getSessionPassword(),
        zxid: manager.zxid,
      }),
      heard: () => heard,
      cut: () => cut(networkFailure('the connection is closed')),
      async close() {
        const { socket } = manager;
        if (ended === undefined && socket !== undefined) {
          client.close();
          await new Promise<void>((resolve) => {
            const late = setTimeout(resolve, CLOSE_MS);
            socket.once('close', () => {
              clearTimeout(late);
              resolve();
            });
          });
        }
        cut(networkFailure('the connection is closed'));
      },
    };
  }

  client.on('state', (state) => {
    if (state === library.State.EXPIRED) lose('has let the session expire', { isExpired: true });
    else if (state === library.State.AUTH_FAILED) lose('refuses the authentication');
    else if (state === library.State.SYNC_CONNECTED && ended === undefined) {
      clearTimeout(timer);
      const connection = open();
      heartbeat(connection);
      options.onOpen(connection);
    }
  });

  const read = packetReader(manager.onSocketData.bind(manager));
  manager.onSocketData = (chunk) => {
    try {
      read(chunk);
    } catch (cause) {
      lose('sent what cannot be read', { cause });
    }
  };
  if (session !== undefined) manager.zxid = session.zxid;
  client.connect();
  manager.connect = () => lose(LOST);

  return () => cut(networkFailure('the connection is closed'));
}

function networkFailure(message: string, cause?: unknown): PegasusError {
  return new PegasusError('ERR_NETWORK_FAILURE', message, cause === undefined ? undefined : { cause });
}
