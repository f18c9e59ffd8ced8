import { PegasusError } from '../../model/errors.js';
import {
  type Callback,
  type ClientLibrary,
  type LibraryClient,
  type LibraryError,
  NO_NODE,
  NODE_EXISTS,
  SESSION_EXPIRED,
  type Stat,
} from './client-library.js';
import type { Connection } from './connection.js';

/** What is asked of ZooKeeper over one connection. */
type Operations = Pick<
  Connection,
  'get' | 'exists' | 'children' | 'ensure' | 'createEphemeralSequential' | 'remove'
>;

/** The {@link Operations} of a connection, and their end. */
export interface Calls extends Operations {
  /** Rejects what is under way, and all that comes after; calls no watcher any more. */
  end(error: PegasusError): void;
}

/**
 * Makes promises of the library's callbacks.
 *
 * @param onLost - Called when the library says that the connection, the session or the server is lost: it tells that to what is
 *   under way before it tells anyone else. To be answered by {@link Calls.end}.
 */
export function callsOver(
  client: LibraryClient,
  { CreateMode }: ClientLibrary,
  onLost: (cause: LibraryError) => void,
): Calls {
  const pending = new Set<(error: PegasusError) => void>();
  let ended: PegasusError | undefined;
  let isBatching = false;

  /** The library makes a system call of each request; thousands of them, when a cluster is read. */
  function batchWrites(): void {
    const { socket } = client.connectionManager;
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
        if (error != null && isSystemError(error)) onLost(error);
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

  return {
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
        (done: Callback<[string]>) => client.create(path, Buffer.alloc(0), CreateMode.PERSISTENT, done),
        () => {},
        (error) => (error.code === NODE_EXISTS ? undefined : refuse(error, path)),
      ),
    createEphemeralSequential: (path, data) =>
      call(
        path,
        (done: Callback<[string]>) => client.create(path, data, CreateMode.EPHEMERAL_SEQUENTIAL, done),
        (created) => created,
      ),
    remove: (path) =>
      call(
        path,
        (done: Callback<[]>) => client.remove(path, done),
        () => {},
        orUndefined(path),
      ),
    end(error) {
      ended = error;
      for (const reject of pending) reject(error);
      pending.clear();
    },
  };
}

/** Whether it says something of the connection, the session or the server, and not of the znode that was asked for. */
function isSystemError({ code }: LibraryError): boolean {
  return code > -100 || code === SESSION_EXPIRED;
}

function refuse(cause: LibraryError, path: string): never {
  throw new PegasusError('ERR_ZOOKEEPER_OPERATION', `ZooKeeper refuses ${path}: ${cause.message}`, { cause });
}
