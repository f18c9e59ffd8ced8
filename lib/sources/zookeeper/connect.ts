import type { PegasusError } from '../../model/errors.js';
import { now, type Timestamp } from '../timestamp.js';
import type { ClientLibrary } from './client-library.js';
import type { Connection, ConnectionEnd, Session } from './connection.js';
import { networkFailure } from './errors.js';
import { createFrameReader } from './framing.js';
import { createOperations } from './operations.js';
import { createWatchRegistry } from './watch-registry.js';

/** Parameters of {@link openConnection}. */
export interface ConnectOptions {
  readonly library: ClientLibrary;
  /** `host:port` */
  readonly server: string;
  readonly sessionTimeoutMs: number;
  readonly session: Session | undefined;
  /**
   * A path that never exists. The heartbeat tries to remove it: that is a write, which ZooKeeper's leader must confirm. A server that
   * is cut off from the others still answers reads for a while. Without a path the heartbeat is a read.
   */
  readonly quorumProbe: string | undefined;
  /** Called at most once, when the session is established. */
  onOpen(connection: Connection): void;
  /** Called once, when the connection ends or cannot be made. Not called after `cancel`, `destroy` and `close`. */
  onEnd(end: ConnectionEnd): void;
}

const LOST = 'has closed the connection, or cannot be reached';
const CLOSED_HERE = 'the connection is closed';

/** Longest wait for the server's answer to a closed session. */
const MAX_CLOSE_MS = 1000;

/** Longest wait for the answer to a new connection. */
const MAX_CONNECT_MS = 5000;

/**
 * Opens a connection.
 *
 * Each connection gets a new client of the library, because the library's own reconnection fails in four ways. It carries half a
 * frame over to the new connection. It sends all watches in one packet, which ZooKeeper refuses beyond 1 MB (25,000 partitions). It
 * never notices a server that stops responding. It has no backoff. So the library's connection manager must not reconnect here, its
 * exceptions end the connection instead of the process, and a heartbeat detects a silent server.
 *
 * @returns A function that cancels the attempt.
 */
export function openConnection(options: ConnectOptions): () => void {
  const { library, server, session } = options;
  const client = library.createClient(server, {
    sessionTimeout: options.sessionTimeoutMs,
    retries: 0,
    ...(session === undefined ? {} : { sessionId: session.id, sessionPassword: session.password }),
  });
  const manager = client.connectionManager;
  const watches = createWatchRegistry();
  manager.watcherManager = watches;
  const operations = createOperations(client, library, (cause) => disconnect(LOST, { cause }));
  let ended: PegasusError | undefined;
  let timer = setTimeout(
    () => disconnect('does not answer'),
    Math.min(options.sessionTimeoutMs / 2, MAX_CONNECT_MS),
  );
  let lastAckAt: Timestamp = now();

  function destroy(error: PegasusError): void {
    if (ended !== undefined) return;
    ended = error;
    clearTimeout(timer);
    const destroySocket = () => {
      clearTimeout(manager.connectTimeoutHandler ?? undefined);
      manager.socket?.destroy();
    };
    destroySocket();
    // The library creates the socket one tick after connect().
    if (manager.socket === undefined) setImmediate(destroySocket);
    watches.end();
    operations.end(error);
  }

  function disconnect(
    what: string,
    { cause, isExpired = false }: { cause?: unknown; isExpired?: boolean } = {},
  ): void {
    if (ended !== undefined) return;
    const error = networkFailure(`ZooKeeper at ${server} ${what}`, cause);
    destroy(error);
    options.onEnd({ error, isExpired });
  }

  function heartbeat(connection: Connection): void {
    const sent = now();
    const { sessionTimeoutMs } = connection;
    let isAnswered = false;
    const onSilence = () => {
      if (!isAnswered) disconnect('has stopped responding');
    };
    // If this process itself stood still, the response may be waiting: setImmediate lets Node read it first.
    timer = setTimeout(() => setImmediate(onSilence), (sessionTimeoutMs * 2) / 3);
    const { quorumProbe } = options;
    const probe = quorumProbe === undefined ? connection.exists('/') : connection.remove(quorumProbe);
    probe.then(
      () => {
        isAnswered = true;
        clearTimeout(timer);
        lastAckAt = sent;
        if (ended === undefined) timer = setTimeout(heartbeat, sessionTimeoutMs / 5, connection);
      },
      () => {},
    );
  }

  async function close(): Promise<void> {
    const { socket } = manager;
    if (ended === undefined && socket !== undefined) {
      client.close();
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, MAX_CLOSE_MS);
        socket.once('close', () => {
          clearTimeout(late);
          resolve();
        });
      });
    }
    destroy(networkFailure(CLOSED_HERE));
  }

  function createConnection(): Connection {
    const { end: _, ...requests } = operations;
    return {
      ...requests,
      sessionTimeoutMs: client.getSessionTimeout(),
      session: () => ({
        id: client.getSessionId(),
        password: client.getSessionPassword(),
        zxid: manager.zxid,
      }),
      lastAckAt: () => lastAckAt,
      destroy: () => destroy(networkFailure(CLOSED_HERE)),
      close,
    };
  }

  client.on('state', (state) => {
    if (state === library.State.EXPIRED) disconnect('has let the session expire', { isExpired: true });
    else if (state === library.State.AUTH_FAILED) disconnect('refuses the authentication');
    else if (state === library.State.SYNC_CONNECTED && ended === undefined) {
      clearTimeout(timer);
      const connection = createConnection();
      heartbeat(connection);
      options.onOpen(connection);
    }
  });

  const readChunk = createFrameReader(manager.onSocketData.bind(manager));
  manager.onSocketData = (chunk) => {
    try {
      readChunk(chunk);
    } catch (cause) {
      disconnect('sent data that cannot be read', { cause });
    }
  };
  if (session !== undefined) manager.zxid = session.zxid;
  client.connect();
  manager.connect = () => disconnect(LOST);

  return () => destroy(networkFailure(CLOSED_HERE));
}
