// Reads the znodes of a cluster, with a watch on each, and does nothing with them: the limit of a source that reads them by the same package.
import { performance } from 'node:perf_hooks';
import zookeeper from 'node-zookeeper-client';

/**
 * @param {string} address
 * @param {string} root
 * @param {number} concurrency - Reads that are under way at a time.
 * @returns {Promise<{ znodes: number, seconds: number }>}
 */
export async function readBare(address, root, concurrency) {
  const client = zookeeper.createClient(address);
  await new Promise((resolve) => {
    client.once('connected', () => resolve(undefined));
    client.connect();
  });
  const since = performance.now();
  const watcher = () => {};
  /** @type {(() => Promise<void>)[]} */
  const waiting = [];
  let znodes = 0;

  /** @param {string} path @returns {Promise<void>} */
  const data = (path) =>
    new Promise((resolve, reject) => {
      client.getData(path, watcher, (error) => {
        znodes += 1;
        if (error) reject(error);
        else resolve();
      });
    });
  /** @param {string} path @returns {Promise<string[]>} */
  const children = (path) =>
    new Promise((resolve, reject) => {
      client.getChildren(path, watcher, (error, names) => {
        znodes += 1;
        if (error) reject(error);
        else resolve(names);
      });
    });

  const apps = `${root}/apps`;
  for (const app of await children(apps)) {
    waiting.push(async () => {
      await data(`${apps}/${app}`);
      for (const pidx of await children(`${apps}/${app}`)) waiting.push(() => data(`${apps}/${app}/${pidx}`));
    });
  }
  await new Promise((resolve, reject) => {
    let pending = 0;
    function next() {
      while (pending < concurrency) {
        const read = waiting.pop();
        if (read === undefined) break;
        pending += 1;
        read().then(() => {
          pending -= 1;
          next();
        }, reject);
      }
      if (pending === 0) resolve(undefined);
    }
    next();
  });
  client.close();
  return { znodes, seconds: (performance.now() - since) / 1000 };
}
