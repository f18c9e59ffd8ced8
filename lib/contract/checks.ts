import { strict as assert } from 'node:assert';
import { renderApp } from '../endpoints/meta/app.js';
import { renderAppEnvs } from '../endpoints/meta/app-envs.js';
import { renderApps } from '../endpoints/meta/apps.js';
import { renderCluster } from '../endpoints/meta/cluster.js';
import { renderNodes } from '../endpoints/meta/nodes.js';
import type { App, Cluster } from '../model/cluster.js';
import { COMPATIBILITIES } from '../model/enums.js';
import { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { MetaStateSource } from '../model/source.js';
import type { SourceContext } from '../model/source-context.js';

/** A source under test. Its state has at least two AVAILABLE tables. */
export interface MetaStateSubject {
  /** The source. */
  readonly source: MetaStateSource;
  /** The name of an AVAILABLE table with at least two partitions. */
  readonly appName: string;
  /** The name of another AVAILABLE table. */
  readonly otherAppName: string;
  /**
   * Changes one partition of `appName` and resolves when the source returns the change. Called once. Omit it for a source whose state
   * never changes; the checks of changes then pass without it.
   */
  changePartition?(): MaybePromise<unknown>;
  /** Releases the source. Called after the check, whether it passed or failed. */
  close?(): MaybePromise<unknown>;
}

/** Names of no table. A source that looks them up in a plain object finds something. */
const UNKNOWN_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'no such table',
  ' ',
  '\0',
  'x'.repeat(4_000),
  '表',
];

/** The context of a client that waits. */
const CONTEXT: SourceContext = { signal: new AbortController().signal };

/** The checks by name. */
export const CHECKS: Readonly<Record<string, (subject: MetaStateSubject) => Promise<void>>> = {
  async 'says whether it is the primary meta'({ source }) {
    const role = await source.role(CONTEXT);
    if (role.role === 'primary') return;
    assert.equal(role.role, 'backup');
    if (role.primaryUrl !== null) assert.match(role.primaryUrl, /^https?:\/\/[^?#]+$/);
  },

  async 'finds a table by its name'({ source, appName, otherAppName }) {
    for (const name of [appName, otherAppName]) {
      const app = await source.app(name, CONTEXT);
      assert.equal(app?.appName, name);
      assert.equal(app?.status, 'AVAILABLE');
    }
  },

  async 'finds no table where there is none'({ source }) {
    for (const name of UNKNOWN_NAMES) {
      assert.equal((await source.app(name, CONTEXT)) ?? undefined, undefined, `app(${JSON.stringify(name)})`);
    }
  },

  async 'returns tables that every endpoint can render'({ source, appName, otherAppName }) {
    const cluster = await source.cluster(CONTEXT);
    // A handler would omit the table and print the others.
    const reporter = {
      reportSkippedTable: (table: string, cause: unknown) =>
        assert.fail(`${table} cannot be printed: ${cause}`),
    };
    const app = await source.app(appName, CONTEXT);
    const answers = [
      renderApps(cluster, true, reporter),
      ...COMPATIBILITIES.flatMap((compatibility) => [
        renderNodes(cluster, true, reporter, compatibility),
        renderCluster(cluster, reporter, compatibility),
        renderApp(app, appName, true, compatibility),
      ]),
      renderAppEnvs(await source.app(otherAppName, CONTEXT), otherAppName),
    ];
    for (const answer of answers) {
      const body = await answer;
      if (body instanceof PegasusError) throw body;
      JSON.parse([...body.chunks].join(''));
    }
  },

  async 'hands the same table out by its name and in the cluster'({ source, appName }) {
    const inCluster = appOf(await source.cluster(CONTEXT), appName);
    const byName = await source.app(appName, CONTEXT);
    if (inCluster.health === undefined) {
      assert.equal(byName, inCluster);
      return;
    }
    // The cluster lists the table without its partitions.
    const { partitions, envs, health, envCount, ...listed } = inCluster;
    for (const [key, value] of Object.entries(listed)) {
      assert.equal(byName?.[key as keyof App], value, `${key} by name and in the cluster`);
    }
  },

  async 'hands the same objects out as long as nothing changes'({ source, appName }) {
    assert.equal(await source.cluster(CONTEXT), await source.cluster(CONTEXT));
    assert.equal(await source.app(appName, CONTEXT), await source.app(appName, CONTEXT));
  },

  async 'answers many calls at once'({ source, appName }) {
    const apps = await Promise.all(Array.from({ length: 100 }, () => source.app(appName, CONTEXT)));
    assert.equal(new Set(apps).size, 1);
  },

  async 'comes back when the call is given up already'({ source, appName }) {
    const context = { signal: AbortSignal.abort() };
    const calls = [
      () => source.role(context),
      () => source.app(appName, context),
      () => source.cluster(context),
    ];
    // The source may answer or reject, but it must not wait.
    for (const call of calls) await Promise.allSettled([(async () => call())()]);
  },

  async 'changes only what a changed partition belongs to'({
    source,
    appName,
    otherAppName,
    changePartition,
  }) {
    if (changePartition === undefined) return;
    const before = await source.cluster(CONTEXT);
    const old = await withPartitions(source, before, appName);
    await changePartition();
    const after = await source.cluster(CONTEXT);
    const changed = await withPartitions(source, after, appName);
    assert.notEqual(after, before, 'the cluster has changed');
    assert.equal(appOf(after, otherAppName), appOf(before, otherAppName), 'the other table is as it was');
    assert.equal(after.metaServers, before.metaServers, 'the meta servers are as they were');
    assert.notEqual(changed, old, 'the table has changed');
    assert.equal(changed.envs, old.envs, 'its envs are as they were');
    const differing = changed.partitions.filter((partition, i) => partition !== old.partitions[i]);
    assert.equal(differing.length, 1, 'one partition has changed');
  },

  async 'never changes a returned snapshot'({ source, changePartition }) {
    const handedOut = await source.cluster(CONTEXT);
    const copy = structuredClone(handedOut);
    await changePartition?.();
    await source.cluster(CONTEXT);
    assert.deepEqual(handedOut, copy);
  },
};

/** Returns a table of a cluster, by its name if the cluster lists it without its partitions. */
async function withPartitions(source: MetaStateSource, cluster: Cluster, appName: string): Promise<App> {
  const listed = appOf(cluster, appName);
  if (listed.health === undefined) return listed;
  const byName = await source.app(appName, CONTEXT);
  assert.ok(byName !== undefined, `there is the table ${appName}`);
  return byName;
}

function appOf({ apps }: Cluster, appName: string): App {
  const app = apps.find((other) => other.appName === appName && other.status === 'AVAILABLE');
  assert.ok(app !== undefined, `the cluster has the table ${appName}`);
  return app;
}
