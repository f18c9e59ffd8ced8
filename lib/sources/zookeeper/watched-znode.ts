import type { Connection } from './connection.js';

/** What is read of a znode, and how its creation is awaited. */
export interface ZnodePart<T> {
  /** Tells the parts of all znodes apart. */
  readonly key: string;
  /** Reads the part; `undefined` if the znode does not exist. `notify` is called at the next change. */
  read(notify: () => void): Promise<T | undefined>;
  /** Waits for the creation of the znode. Returns whether the znode exists by now. */
  awaitCreation(notify: () => void): Promise<boolean>;
}

/** Returns the data of a znode. */
export function znodeData(connection: Connection, path: string): ZnodePart<Buffer> {
  return {
    key: `data ${path}`,
    read: async (notify) => (await connection.get(path, notify))?.data,
    awaitCreation: (notify) => connection.exists(path, notify),
  };
}

/** Returns the data of a znode whose creation is not awaited. */
export function listedZnodeData(connection: Connection, path: string): ZnodePart<Buffer> {
  return { ...znodeData(connection, path), awaitCreation: () => Promise.resolve(false) };
}

/** Returns the names of a znode's children. */
export function znodeChildren(connection: Connection, path: string): ZnodePart<readonly string[]> {
  return {
    key: `children ${path}`,
    read: (notify) => connection.children(path, notify),
    awaitCreation: (notify) => connection.exists(path, notify),
  };
}
