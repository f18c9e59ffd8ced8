import type { PegasusError } from '../../model/errors.js';
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
import { refusedOperation } from './errors.js';

/** The requests of one connection, and their end. */
export interface Operations
  extends Pick<
    Connection,
    'get' | 'data' | 'exists' | 'children' | 'ensure' | 'createEphemeralSequential' | 'remove'
  > {
  /** Rejects pending and later requests. */
  end(error: PegasusError): void;
}

/**
 * Wraps the library's callbacks in promises.
 *
 * @param onLost - Called when the library reports that the connection, the session or the server is lost. The library tells
 *   pending requests before anyone else. The caller must answer with {@link Operations.end}.
 */
export function createOperations(
  client: LibraryClient,
  { CreateMode }: ClientLibrary,
  onLost: (cause: LibraryError) => void,
): Operations {
  const pending = new Set<(error: PegasusError) => void>();
  let ended: PegasusError | undefined;
  let isBatching = false;

  /** Joins the requests of one tick into one system call. The library makes one for each of thousands of requests. */
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
    onError: (error: LibraryError) => T = (error) => rejectOperation(error, path),
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      pending.add(reject);
      batchWrites();
      start((error, ...result) => {
        if (error != null && isSystemError(error)) onLost(error);
        // After end() the promise is rejected already.
        if (!pending.delete(reject)) return;
        try {
          resolve(error == null ? onResult(...result) : onError(error));
        } catch (thrown) {
          reject(thrown);
        }
      });
    });
  }

  const orUndefined = (path: string) => (error: LibraryError) =>
    error.code === NO_NODE ? undefined : rejectOperation(error, path);

  return {
    get: (path, watcher) =>
      call(
        path,
        (done: Callback<[Buffer, Stat]>) => client.getData(path, watcher, done),
        (data, stat) => ({ data: data ?? Buffer.alloc(0), stat }),
        orUndefined(path),
      ),
    data: (path, watcher) =>
      call(
        path,
        (done: Callback<[Buffer, Stat]>) => client.getData(path, watcher, done),
        (data) => data ?? Buffer.alloc(0),
        orUndefined(path),
      ),
    exists: (path, watcher) =>
      call(
        path,
        (done: Callback<[Stat | null]>) => client.exists(path, watcher, done),
        (stat) => stat !== null,
      ),
    children: (path, watcher) =>
      call(
        path,
        (done: Callback<[string[], Stat]>) => client.getChildren(path, watcher, done),
        (names) => names,
        orUndefined(path),
      ),
    ensure: (path) =>
      call(
        path,
        (done: Callback<[string]>) => client.create(path, Buffer.alloc(0), CreateMode.PERSISTENT, done),
        () => {},
        (error) => (error.code === NODE_EXISTS ? undefined : rejectOperation(error, path)),
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

/** Whether an error concerns the connection, the session or the server, and not one znode. */
function isSystemError({ code }: LibraryError): boolean {
  return code > -100 || code === SESSION_EXPIRED;
}

function rejectOperation(cause: LibraryError, path: string): never {
  throw refusedOperation(path, cause);
}
