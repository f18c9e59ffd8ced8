// Reads the znodes of a cluster, with a watch on each, and does nothing with them: the limit of a source that reads them by the same package.
// bench/zookeeper.js starts it as a process of its own: node --expose-gc bench/zookeeper-bare.js ADDRESS ROOT CONCURRENCY
import { performance } from 'node:perf_hooks';
import zookeeper from 'node-zookeeper-client';
import { memoryInUse } from './memory-in-use.js';

const [address = '', root = '', concurrency = ''] = process.argv.slice(2);
const client = zookeeper.createClient(address);
await new Promise((resolve) => {
  client.once('connected', () => resolve(undefined));
  client.connect();
});
const before = memoryInUse();
const cpu = process.cpuUsage();
const since = performance.now();
const read = await readAll(Number(concurrency));
const seconds = (performance.now() - since) / 1000;
const { user, system } = process.cpuUsage(cpu);
process.send?.({ read, seconds, cpu: (user + system) / 1e6, memory: memoryInUse() - before });
process.once('disconnect', () => client.close());

/** @param {number} limit - Reads that are under way at a time. */
async function readAll(limit) {
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
      while (pending < limit) {
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
  return znodes;
}
