import { PegasusError } from '../errors.js';
import {
  type Callback,
  type ClientLibrary,
  type LibraryError,
  NO_NODE,
  NODE_EXISTS,
  SESSION_EXPIRED,
  type Stat,
} from './client-library.js';
import { type Moment, now } from './moment.js';
import { packetReader } from './packets.js';

/** What a later connection needs to go on with the session of an earlier one. */
export interface Session {
  readonly id: Buffer;
  readonly password: Buffer;
  /** The last transaction seen: a server that lags behind it refuses us, so that time does not go backwards. */
  readonly zxid: Buffer;
}

/** How a connection came to its end. */
export interface End {
  readonly error: PegasusError;
  /** The server says that the session is over: what was ephemeral is gone. */
  readonly isExpired: boolean;
}

/**
 * One TCP connection to one server of ZooKeeper, open. What it promises is rejected with `ERR_NETWORK_FAILURE` when it ends, and no
 * watcher is called from then on.
 */
export interface Connection {
  /** As the server grants it, which may differ from what was asked for. */
  readonly sessionTimeoutMs: number;
  /** To go on with the session by another connection. */
  session(): Session;
  /** When the last request that the server has answered was sent: then at the latest did the session's clock start anew. */
  heard(): Moment;
  /** @returns `undefined` when there is no such znode; then nothing watches it. */
  get(
    path: string,
    watcher?: () => void,
  ): Promise<{ readonly data: Buffer; readonly stat: Stat } | undefined>;
  /** Whether there is such a znode. The watcher is called when that changes. */
  exists(path: string, watcher?: () => void): Promise<boolean>;
  /** @returns `undefined` when there is no such znode; then nothing watches it. */
  children(path: string, watcher?: () => void): Promise<readonly string[] | undefined>;
  /** Creates a znode unless it is there. */
  ensure(path: string): Promise<void>;
  /** @returns The path with the number that was added to it. */
  createEphemeralSequential(path: string, data: Buffer): Promise<string>;
  /** Removes a znode if it is there. */
  remove(path: string): Promise<void>;
  /** Ends the connection; the session goes on until it times out. */
  cut(): void;
  /** Ends the session and then the connection. */
  close(): Promise<void>;
}

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
  const pending = new Set<(error: PegasusError) => void>();
  let ended: PegasusError | undefined;
  let timer = setTimeout(() => lose('does not answer'), Math.min(options.sessionTimeoutMs / 2, 5000));
  let heard: Moment = now();
  let isBatching = false;

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
    for (const reject of pending) reject(error);
    pending.clear();
  }

  function lose(what: string, { cause, isExpired = false }: { cause?: unknown; isExpired?: boolean } = {}) {
    if (ended !== undefined) return;
    const error = networkFailure(`ZooKeeper at ${server} ${what}`, cause);
    cut(error);
    options.onEnd({ error, isExpired });
  }

  /** The library makes a system call of each request; thousands of them, when a cluster is read. */
  function batchWrites(): void {
    const { socket } = manager;
    if (isBatching || socket === undefined) return;
    isBatching = true;
    socket.cork();
    process.nextTick(() => {
      isBatching = false;
      socket.uncork();
    });
  }

  function call<Result extends readonly unknown[], T>(
    path: string,
    start: (callback: Callback<Result>) => void,
    onResult: (...result: Result) => T,
    onError: (error: LibraryError) => T = (error) => refuse(error, path),
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      pending.add(reject);
      batchWrites();
      start((error, ...result) => {
        // The library hands the end of the connection to what is under way before it tells anyone else.
        if (error != null && isSystemError(error)) lose(LOST, { cause: error });
        // When it has ended the promise is rejected already.
        if (!pending.delete(reject)) return;
        try {
          resolve(error == null ? onResult(...result) : onError(error));
        } catch (thrown) {
          reject(thrown);
        }
      });
    });
  }

  const watching = (watcher?: () => void) => watcher && (() => (ended === undefined ? watcher() : undefined));

  const orUndefined = (path: string) => (error: LibraryError) =>
    error.code === NO_NODE ? undefined : refuse(error, path);

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
    return {
      sessionTimeoutMs: client.getSessionTimeout(),
      session: () => ({
        id: client.getSessionId(),
        password: client.getSessionPassword(),
        zxid: manager.zxid,
      }),
      heard: () => heard,
      get: (path, watcher) =>
        call(
          path,
          (done: Callback<[Buffer, Stat]>) => client.getData(path, watching(watcher), done),
          (data, stat) => ({ data: data ?? Buffer.alloc(0), stat }),
          orUndefined(path),
        ),
      exists: (path, watcher) =>
        call(
          path,
          (done: Callback<[Stat | null]>) => client.exists(path, watching(watcher), done),
          (stat) => stat !== null,
        ),
      children: (path, watcher) =>
        call(
          path,
          (done: Callback<[string[], Stat]>) => client.getChildren(path, watching(watcher), done),
          (names) => names,
          orUndefined(path),
        ),
      ensure: (path) =>
        call(
          path,
          (done: Callback<[string]>) =>
            client.create(path, Buffer.alloc(0), library.CreateMode.PERSISTENT, done),
          () => {},
          (error) => (error.code === NODE_EXISTS ? undefined : refuse(error, path)),
        ),
      createEphemeralSequential: (path, data) =>
        call(
          path,
          (done: Callback<[string]>) =>
            client.create(path, data, library.CreateMode.EPHEMERAL_SEQUENTIAL, done),
          (created) => created,
        ),
      remove: (path) =>
        call(
          path,
          (done: Callback<[]>) => client.remove(path, done),
          () => {},
          orUndefined(path),
        ),
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

/** Whether it says something of the connection, the session or the server, and not of the znode that was asked for. */
function isSystemError({ code }: LibraryError): boolean {
  return code > -100 || code === SESSION_EXPIRED;
}

function networkFailure(message: string, cause?: unknown): PegasusError {
  return new PegasusError('ERR_NETWORK_FAILURE', message, cause === undefined ? undefined : { cause });
}

function refuse(cause: LibraryError, path: string): never {
  throw new PegasusError('ERR_ZOOKEEPER_OPERATION', `ZooKeeper refuses ${path}: ${cause.message}`, { cause });
}
