// Writes the znodes that bench/zookeeper.js lets the readers read.

/**
 * Writes the znodes of a cluster.
 *
 * @param {import('../examples/zookeeper/writer.js').ZookeeperWriter} writer
 * @param {string} root
 * @param {number} tables
 * @param {number} partitions - Partitions of each table.
 */
export async function fillZookeeper(writer, root, tables, partitions) {
  await writer.put(`${root}/apps`, 'unlock');
  for (let first = 1; first <= tables; first += 20) {
    /** @type {import('../examples/zookeeper/writer.js').Znodes} */
    const znodes = {};
    for (let appId = first; appId < Math.min(first + 20, tables + 1); appId++) {
      const data = JSON.stringify({
        status: 'app_status::AS_AVAILABLE',
        app_type: 'pegasus',
        app_name: `table${appId}`,
        app_id: appId,
        partition_count: partitions,
        envs: {},
        is_stateful: 1,
        max_replica_count: 3,
        expire_second: 0,
        create_second: 1_565_843_655,
        drop_second: 0,
      });
      Object.assign(znodes, { [`${root}/apps/${appId}`]: { data, ephemeral: false } });
      for (let pidx = 0; pidx < partitions; pidx++) {
        const path = `${root}/apps/${appId}/${pidx}`;
        Object.assign(znodes, { [path]: { data: partitionData(appId, pidx, 1), ephemeral: false } });
      }
    }
    await writer.load(znodes);
  }
}

/** @param {number} appId @param {number} pidx @param {number} ballot */
export function partitionData(appId, pidx, ballot) {
  const node = (/** @type {number} */ i) => `10.0.0.${1 + ((appId + pidx + i) % 50)}:34801`;
  return JSON.stringify({
    pid: `${appId}.${pidx}`,
    ballot,
    max_replica_count: 3,
    primary: node(0),
    secondaries: [node(1), node(2)],
    last_drops: [],
    last_committed_decree: 0,
    partition_flags: 0,
  });
}
