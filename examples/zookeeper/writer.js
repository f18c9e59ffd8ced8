// Writes znodes the way a meta server does: for the gateway's example, the tests and the bench.
import { once } from 'node:events';
import { promisify } from 'node:util';
import zookeeper from 'node-zookeeper-client';

/** @typedef {Readonly<Record<string, { readonly data: string, readonly ephemeral: boolean }>>} Znodes */

/**
 * @typedef {object} ZookeeperWriter
 * @property {(path: string, data: string) => Promise<void>} put Sets a znode's data; makes it, and what it lies in, when it is not there.
 * @property {(path: string, data: string) => Promise<void>} hold Makes a znode that lives as long as this writer.
 * @property {(path: string) => Promise<string>} get
 * @property {(path: string) => Promise<void>} remove Removes a znode with all that lies in it.
 * @property {(znodes: Znodes) => Promise<void>} load Writes a whole tree, what lies in others behind them.
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} address
 * @returns {Promise<ZookeeperWriter>}
 */
export async function writeZookeeper(address) {
  const client = zookeeper.createClient(address, { sessionTimeout: 10_000 });
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
    try {
      await setData(path, bytes);
    } catch (error) {
      if (codeOf(error) !== zookeeper.Exception.NO_NODE) throw error;
      const parent = path.slice(0, path.lastIndexOf('/'));
      if (parent !== '') await makeAll(parent);
      await create(path, bytes, zookeeper.CreateMode.PERSISTENT);
    }
  }

  /** @type {ZookeeperWriter['hold']} */
  async function hold(path, data) {
    await makeAll(path.slice(0, path.lastIndexOf('/')));
    await create(path, Buffer.from(data), zookeeper.CreateMode.EPHEMERAL);
  }

  /** @type {ZookeeperWriter['remove']} */
  async function remove(path) {
    const names = await getChildren(path);
    await Promise.all(names.map((name) => remove(`${path}/${name}`)));
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
      const closed = once(client, 'disconnected');
      client.close();
      await closed;
    },
  };
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {{ code?: number }} */ (error).code;
}
