// Tests a tool that reads a Pegasus cluster against a cluster in memory: `node --test examples/consumer.test.js`.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { createPegasusHandler, memoryCluster } from 'pegasus-http';

/**
 * The tool: returns the tables of a cluster that have unhealthy partitions.
 *
 * @param {string} metaServer
 * @returns {Promise<string[]>}
 */
async function unhealthyTables(metaServer) {
  const response = await fetch(`${metaServer}/meta/apps?detail`);
  if (response.status === 503) return [];
  const { healthy_info = {} } = /** @type {any} */ (await response.json());
  return Object.values(healthy_info)
    .filter(({ unhealthy }) => unhealthy !== '0')
    .map(({ app_name, unhealthy, partition_count }) => `${app_name}: ${unhealthy} of ${partition_count}`);
}

const NODES = ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'];
/** @type {import('pegasus-http').MemoryCluster} */
let cluster;
const server = createServer((req, res) => createPegasusHandler(cluster)(req, res));
let metaServer = '';

before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  metaServer = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
});
after(() => server.close());
beforeEach(() => {
  cluster = memoryCluster({ nodes: NODES, apps: [{ appName: 'temp', partitionCount: 8 }] });
});

test('a healthy cluster has no unhealthy table', async () => {
  assert.deepEqual(await unhealthyTables(metaServer), []);
});

test('a table that has lost a node is unhealthy until the node is back', async () => {
  cluster.killNode('127.0.0.1:34803');
  assert.deepEqual(await unhealthyTables(metaServer), ['temp: 8 of 8']);
  cluster.reviveNode('127.0.0.1:34803');
  assert.deepEqual(await unhealthyTables(metaServer), []);
});

test('one partition without a primary makes its table unhealthy', async () => {
  cluster.setPartition('temp', 3, { primary: null });
  assert.deepEqual(await unhealthyTables(metaServer), ['temp: 1 of 8']);
});

test('an election of the primary meta server raises no alarm', async () => {
  cluster.electPrimaryMeta(null);
  assert.deepEqual(await unhealthyTables(metaServer), []);
});
