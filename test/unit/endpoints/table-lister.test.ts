import { describe, expect, it } from 'vitest';
import { tableLister } from '../../../lib/endpoints/meta/skip-invalid-tables.js';
import { type App, memoryCluster } from '../../../lib/index.js';

const NODES = ['127.0.0.1:34801'];
const description = { nodes: NODES, apps: Array.from({ length: 200 }, (_, i) => ({ appName: `t${i + 1}` })) };

function listing() {
  const computed: string[] = [];
  const list = tableLister((app: App) => {
    computed.push(app.appName);
    if (app.maxReplicaCount === 0) throw new Error('invalid');
    return { name: app.appName };
  }, Object.isFrozen);
  return { list, computed };
}

describe('tableLister', () => {
  it('computes the row of a table once, also when another table of its block changes', () => {
    const cluster = memoryCluster(description);
    const { list, computed } = listing();
    const first = list(cluster.metaState.cluster().apps);
    expect(first.rowCount).toBe(200);
    expect(computed).toHaveLength(200);
    computed.length = 0;
    cluster.setPartition('t100', 0, { primary: null });
    const second = list(cluster.metaState.cluster().apps);
    expect(computed).toEqual(['t100']);
    const changed = second.blocks.filter((block, i) => block !== first.blocks[i]);
    expect(changed.map(({ length }) => length)).toEqual([64]);
  });

  it('computes rows of tables that are not frozen each time', () => {
    const apps = memoryCluster(description)
      .metaState.cluster()
      .apps.map((app) => ({ ...app }));
    const { list, computed } = listing();
    list(apps);
    list(apps);
    expect(computed).toHaveLength(400);
  });

  it('reports a skipped table by its place in the whole list, each time', () => {
    const apps = memoryCluster(description).metaState.cluster().apps;
    const bad = Object.freeze({ ...(apps[150] as App), maxReplicaCount: 0 });
    const { list } = listing();
    for (let i = 0; i < 2; i += 1) {
      const reported: string[] = [];
      const { blocks, rowCount, reportSkipped } = list(Object.freeze(apps.with(150, bad)));
      reportSkipped({ reportSkippedTable: (table) => void reported.push(table) });
      expect(reported).toEqual(['apps[150] "t151"']);
      expect(rowCount).toBe(199);
      expect(blocks.flat().map(({ name }) => name)).not.toContain('t151');
    }
  });
});
