import type { ZnodeListener } from './client-library.js';
import type { Connection } from './connection.js';

/** What is read of some znodes, and how their creation is awaited. All watches of one kind share it. */
export interface ZnodePart<T> {
  /** Reads the part; `undefined` if the znode does not exist. `listener` is called at the next change. */
  read(path: string, listener: ZnodeListener): Promise<T | undefined>;
  /** Waits for the creation of the znode. Returns whether the znode exists by now. */
  awaitCreation(path: string, listener: ZnodeListener): Promise<boolean>;
}

/** Returns the data of znodes. */
export function znodeData(connection: Connection): ZnodePart<Buffer> {
  return { read: connection.data, awaitCreation: connection.exists };
}

/** Returns the data of znodes whose creation is not awaited. */
export function listedZnodeData(connection: Connection): ZnodePart<Buffer> {
  return { read: connection.data, awaitCreation: () => Promise.resolve(false) };
}

/** Returns the names of the children of znodes. */
export function znodeChildren(connection: Connection): ZnodePart<readonly string[]> {
  return { read: connection.children, awaitCreation: connection.exists };
}
