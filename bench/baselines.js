// Serves the same responses without this library: computed from the same data for every request.
import express from 'express';
import Fastify from 'fastify';

const text = { type: 'string' };

/** @param {string[]} keys */
const row = (...keys) => ({
  type: 'object',
  properties: Object.fromEntries(keys.map((key) => [key, text])),
  required: keys,
});

/** @param {object} value */
const mapOf = (value) => ({ type: 'object', additionalProperties: value });

const APP_SCHEMA = {
  type: 'object',
  properties: {
    general: row('app_name', 'app_id', 'partition_count', 'max_replica_count'),
    replicas: mapOf(row('pidx', 'ballot', 'replica_count', 'primary', 'secondaries')),
    nodes: mapOf(row('node', 'primary', 'secondary', 'total')),
    healthy: row(
      'fully_healthy_partition_count',
      'unhealthy_partition_count',
      'write_unhealthy_partition_count',
      'read_unhealthy_partition_count',
    ),
  },
};

/** @param {import('pegasus-http').App} app */
export function appDetail(app) {
  /** @type {Record<string, object>} */
  const replicas = {};
  /** @type {Map<string, { primary: number, secondary: number }>} */
  const counts = new Map();
  /** @param {string} address */
  const on = (address) => {
    const count = counts.get(address) ?? { primary: 0, secondary: 0 };
    counts.set(address, count);
    return count;
  };
  let [full, unwritable, unreadable] = [0, 0, 0];
  for (const { pidx, ballot, primary, secondaries } of app.partitions) {
    const have = (primary === null ? 0 : 1) + secondaries.length;
    if (primary === null) unreadable += 1;
    if (primary !== null && have >= app.maxReplicaCount) full += 1;
    else if (primary === null || have < 2) unwritable += 1;
    if (primary !== null) on(primary).primary += 1;
    for (const secondary of secondaries) on(secondary).secondary += 1;
    replicas[pidx] = {
      pidx: String(pidx),
      ballot: String(ballot),
      replica_count: `${have}/${app.maxReplicaCount}`,
      primary: primary ?? '-',
      secondaries: `[${secondaries.join(',')}]`,
    };
  }
  /** @type {Record<string, object>} */
  const nodes = {};
  const sum = { primary: 0, secondary: 0 };
  for (const node of [...counts.keys()].sort()) {
    const { primary, secondary } = on(node);
    sum.primary += primary;
    sum.secondary += secondary;
    nodes[node] = {
      node,
      primary: String(primary),
      secondary: String(secondary),
      total: String(primary + secondary),
    };
  }
  nodes.total = {
    node: 'total',
    primary: String(sum.primary),
    secondary: String(sum.secondary),
    total: String(sum.primary + sum.secondary),
  };
  return {
    general: {
      app_name: app.appName,
      app_id: String(app.appId),
      partition_count: String(app.partitionCount),
      max_replica_count: String(app.maxReplicaCount),
    },
    replicas,
    nodes,
    healthy: {
      fully_healthy_partition_count: String(full),
      unhealthy_partition_count: String(app.partitionCount - full),
      write_unhealthy_partition_count: String(unwritable),
      read_unhealthy_partition_count: String(unreadable),
    },
  };
}

/**
 * @param {import('pegasus-http').MemoryCluster} cluster
 * @param {() => void} before
 * @param {Record<string, string>} [headers] - Headers that fastify would not send itself.
 */
export async function fastifyHost(cluster, before, headers = {}) {
  const { 'content-length': _, 'content-type': __, ...added } = headers;
  const app = Fastify();
  app.get('/meta/app', { schema: { response: { 200: APP_SCHEMA } } }, (request, reply) => {
    before();
    const { name } = /** @type {{ name: string }} */ (request.query);
    const found = cluster.metaState.app(name);
    if (found === undefined) return reply.callNotFound();
    return reply.headers(added).send(appDetail(found));
  });
  await app.ready();
  return app.routing;
}

/**
 * @param {import('pegasus-http').MemoryCluster} cluster
 * @param {() => void} before
 */
export function expressHost(cluster, before) {
  const app = express();
  app.get('/meta/app', (req, res) => {
    before();
    const found = cluster.metaState.app(String(req.query.name));
    if (found === undefined) return void res.status(404).json({ error: 'ERR_OBJECT_NOT_FOUND' });
    res.json(appDetail(found));
  });
  return app;
}
