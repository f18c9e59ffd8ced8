// Writes znodes as a meta server does. The gateway's example, the tests and the bench use it.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import zookeeper from 'node-zookeeper-client';

/** Longest wait for ZooKeeper's answer to the end of a session. */
const MAX_CLOSE_MS = 1000;

/** @typedef {Readonly<Record<string, { readonly data: string, readonly ephemeral: boolean }>>} Znodes */

/**
 * @typedef {object} ZookeeperWriter
 * @property {(path: string, data: string) => Promise<void>} put Sets a znode's data. Creates the znode and its parents if they do not exist.
 * @property {(path: string, data: string) => Promise<void>} hold Creates a znode that lives as long as this writer's session.
 * @property {(path: string) => Promise<string>} get Returns a znode's data.
 * @property {(path: string) => Promise<void>} remove Removes a znode and its children.
 * @property {(znodes: Znodes) => Promise<void>} load Writes a whole tree, parents before children.
 * @property {() => Promise<void>} close Ends the session.
 */

/**
 * Connects to a ZooKeeper.
 *
 * @param {string} address `host:port`
 * @returns {Promise<ZookeeperWriter>}
 */
export async function writeZookeeper(address) {
  const client = zookeeper.createClient(address, { sessionTimeout: 10_000 });
  let isExpired = false;
  client.once('expired', () => {
    isExpired = true;
  });
  const connected = once(client, 'connected');
  client.connect();
  await connected;

  /** @type {(path: string, data: Buffer, mode: number) => Promise<unknown>} */
  const create = promisify(client.create.bind(client));
  /** @type {(path: string, data: Buffer) => Promise<unknown>} */
  const setData = promisify(client.setData.bind(client));
  /** @type {(path: string) => Promise<unknown>} */
  const makeAll = promisify(client.mkdirp.bind(client));
  /** @type {(path: string) => Promise<Buffer>} */
  const getData = promisify(client.getData.bind(client));
  /** @type {(path: string) => Promise<string[]>} */
  const getChildren = promisify(client.getChildren.bind(client));
  /** @type {(path: string) => Promise<unknown>} */
  const removeOne = promisify(client.remove.bind(client));

  /** @type {ZookeeperWriter['put']} */
  async function put(path, data) {
    const bytes = Buffer.from(data);
    const createHere = () => create(path, bytes, zookeeper.CreateMode.PERSISTENT);
    await ifMissing(setData(path, bytes), () =>
      ifMissing(createHere(), async () => {
        await makeAll(parentOf(path));
        await createHere();
      }),
    );
  }

  /** @type {ZookeeperWriter['hold']} */
  async function hold(path, data) {
    await makeAll(parentOf(path));
    await create(path, Buffer.from(data), zookeeper.CreateMode.EPHEMERAL);
  }

  /** @type {ZookeeperWriter['remove']} */
  async function remove(path) {
    const names = await getChildren(path);
    // Not all at once: between thousands of requests the session would time out.
    for (let i = 0; i < names.length; i += 500)
      await Promise.all(names.slice(i, i + 500).map((name) => remove(`${path}/${name}`)));
    await removeOne(path);
  }

  return {
    put,
    hold,
    get: async (path) => ((await getData(path)) ?? '').toString(),
    remove,
    async load(znodes) {
      const all = Object.entries(znodes).filter(([path]) => path !== '/');
      const depth = (/** @type {string} */ path) => path.split('/').length;
      const deepest = Math.max(...all.map(([path]) => depth(path)));
      for (let level = 2; level <= deepest; level++) {
        const here = all.filter(([path]) => depth(path) === level);
        await Promise.all(here.map(([path, { data, ephemeral }]) => (ephemeral ? hold : put)(path, data)));
      }
    },
    async close() {
      // An expired session has no server to say goodbye to, and no event would come.
      if (isExpired) return;
      const closed = once(client, 'disconnected');
      client.close();
      await Promise.race([closed, sleep(MAX_CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

/**
 * Waits for an operation; does something else if it fails because a znode does not exist.
 *
 * @param {Promise<unknown>} operation
 * @param {() => Promise<unknown>} otherwise
 */
async function ifMissing(operation, otherwise) {
  try {
    await operation;
  } catch (error) {
    if (/** @type {{ code?: number }} */ (error).code !== zookeeper.Exception.NO_NODE) throw error;
    await otherwise();
  }
}

/** @param {string} path A path below the root's children. */
function parentOf(path) {
  return path.slice(0, path.lastIndexOf('/'));
}
