import { strict as assert } from 'node:assert';
import { appAnswer } from '../endpoints/meta/app.js';
import { appEnvsAnswer } from '../endpoints/meta/app-envs.js';
import { appsAnswer } from '../endpoints/meta/apps.js';
import { clusterAnswer } from '../endpoints/meta/cluster.js';
import { nodesAnswer } from '../endpoints/meta/nodes.js';
import type { App, Cluster } from '../model/cluster.js';
import { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { MetaStateSource } from '../model/source.js';
import type { SourceContext } from '../model/source-context.js';

/** A source under test, with a state that is fit for testing: two AVAILABLE tables at least. */
export interface MetaStateSubject {
  /** The source itself. */
  readonly source: MetaStateSource;
  /** Name of an AVAILABLE table of at least two partitions. */
  readonly appName: string;
  /** Name of another AVAILABLE table. */
  readonly otherAppName: string;
  /**
   * Changes one partition of `appName`, and answers when the source shows it. Called once. A source whose state never changes
   * has none, and passes the checks of changes without them.
   */
  changePartition?(): MaybePromise<unknown>;
  /** Called when the check is over, however it went. */
  close?(): MaybePromise<unknown>;
}

/** One thing that a source must do. */
export interface ContractCheck {
  /** A sentence about the source, fit for the name of a test. */
  readonly name: string;
  /** Rejects, mostly with an `AssertionError`, when the source does not do it. */
  run(): Promise<void>;
}

/** Names that no table bears; a source that looks them up in a plain object finds something. */
const STRANGERS = [
  '__proto__',
  'constructor',
  'toString',
  'no such table',
  ' ',
  '\0',
  'x'.repeat(4_000),
  '表',
];

/** How long a source may take here, in milliseconds. Much for a source, little for a person who waits for a test. */
const PATIENCE_MS = 10_000;

/** The call of a client that waits. */
const CALL: SourceContext = { signal: new AbortController().signal };

/**
 * The contract of {@link MetaStateSource}, as a list of checks.
 *
 * @param create - Called once for every check: makes a fresh source. What it makes is closed after the check.
 *
 * @example With node:test; vitest and others do it alike
 * ```ts
 * import { test } from 'node:test';
 * import { memoryCluster } from 'pegasus-http';
 * import { metaStateContract } from 'pegasus-http/contract';
 *
 * const checks = metaStateContract(() => {
 *   const cluster = memoryCluster({
 *     nodes: ['127.0.0.1:34801', '127.0.0.1:34802'],
 *     apps: [{ appName: 'stat' }, { appName: 'temp' }],
 *   });
 *   const lost = { primary: null };
 *   return {
 *     source: cluster.metaState,
 *     appName: 'stat',
 *     otherAppName: 'temp',
 *     changePartition: () => cluster.setPartition('stat', 0, lost),
 *   };
 * });
 * for (const { name, run } of checks) test(name, run);
 * ```
 */
export function metaStateContract(create: () => MaybePromise<MetaStateSubject>): readonly ContractCheck[] {
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    async run() {
      const subject = await create();
      try {
        checkSubject(subject);
        await inTime(check(subject));
      } finally {
        await subject.close?.();
      }
    },
  }));
}

/** Whoever hands the source itself over has misread the contract, and not broken it. */
function checkSubject({ source, appName, otherAppName }: MetaStateSubject): void {
  const isSource = (['role', 'app', 'cluster'] as const).every(
    (name) => typeof source?.[name] === 'function',
  );
  if (!isSource)
    throw new TypeError('metaStateContract: the subject must have a source with role, app and cluster');
  if (typeof appName === 'string' && typeof otherAppName === 'string' && appName !== otherAppName) return;
  throw new TypeError('metaStateContract: appName and otherAppName must be the names of two tables');
}

const CHECKS: Readonly<Record<string, (subject: MetaStateSubject) => Promise<void>>> = {
  async 'says whether it is the primary meta'({ source }) {
    const role = await source.role(CALL);
    if (role.role === 'primary') return;
    assert.equal(role.role, 'backup');
    if (role.primaryUrl !== null) assert.match(role.primaryUrl, /^https?:\/\/[^?#]+$/);
  },

  async 'finds a table by its name'({ source, appName, otherAppName }) {
    for (const name of [appName, otherAppName]) {
      const app = await source.app(name, CALL);
      assert.equal(app?.appName, name);
      assert.equal(app?.status, 'AVAILABLE');
    }
  },

  async 'finds no table where there is none'({ source }) {
    for (const name of STRANGERS) {
      assert.equal((await source.app(name, CALL)) ?? undefined, undefined, `app(${JSON.stringify(name)})`);
    }
  },

  async 'hands out what every endpoint can print'({ source, appName, otherAppName }) {
    const cluster = await source.cluster(CALL);
    // A handler would leave the table out, and answer with the others.
    const refuse = (table: string, cause: unknown) => assert.fail(`${table} cannot be printed: ${cause}`);
    const answers = [
      appsAnswer(cluster, true, refuse),
      nodesAnswer(cluster, true, refuse),
      clusterAnswer(cluster, refuse),
      appAnswer(await source.app(appName, CALL), appName, true),
      appEnvsAnswer(await source.app(otherAppName, CALL), otherAppName),
    ];
    for (const answer of answers) {
      const body = await answer;
      if (body instanceof PegasusError) throw body;
      JSON.parse(body.chunks.join(''));
    }
  },

  async 'hands the same table out by its name and in the cluster'({ source, appName }) {
    const inCluster = appOf(await source.cluster(CALL), appName);
    assert.equal(await source.app(appName, CALL), inCluster);
  },

  async 'hands the same objects out as long as nothing changes'({ source, appName }) {
    assert.equal(await source.cluster(CALL), await source.cluster(CALL));
    assert.equal(await source.app(appName, CALL), await source.app(appName, CALL));
  },

  async 'answers many calls at once'({ source, appName }) {
    const apps = await Promise.all(Array.from({ length: 100 }, () => source.app(appName, CALL)));
    assert.equal(new Set(apps).size, 1);
  },

  async 'comes back when the call is given up already'({ source, appName }) {
    const call = { signal: AbortSignal.abort() };
    const asked = [() => source.role(call), () => source.app(appName, call), () => source.cluster(call)];
    // It may answer or reject, as it likes; but it must not wait.
    for (const ask of asked) await Promise.allSettled([(async () => ask())()]);
  },

  async 'changes only what a changed partition belongs to'({
    source,
    appName,
    otherAppName,
    changePartition,
  }) {
    if (changePartition === undefined) return;
    const before = await source.cluster(CALL);
    await changePartition();
    const after = await source.cluster(CALL);
    assert.notEqual(after, before, 'the cluster has changed');
    assert.equal(appOf(after, otherAppName), appOf(before, otherAppName), 'the other table is as it was');
    assert.equal(after.metaServers, before.metaServers, 'the meta servers are as they were');
    const [old, changed] = [appOf(before, appName), appOf(after, appName)];
    assert.notEqual(changed, old, 'the table has changed');
    assert.equal(changed.envs, old.envs, 'its envs are as they were');
    const differing = changed.partitions.filter((partition, i) => partition !== old.partitions[i]);
    assert.equal(differing.length, 1, 'one partition has changed');
  },

  async 'never changes what it has handed out'({ source, changePartition }) {
    const handedOut = await source.cluster(CALL);
    const copy = structuredClone(handedOut);
    await changePartition?.();
    await source.cluster(CALL);
    assert.deepEqual(handedOut, copy);
  },
};

function appOf({ apps }: Cluster, appName: string): App {
  const app = apps.find((other) => other.appName === appName && other.status === 'AVAILABLE');
  assert.ok(app !== undefined, `the cluster has the table ${appName}`);
  return app;
}

async function inTime(check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `no answer in ${PATIENCE_MS} ms` })),
      PATIENCE_MS,
    );
  });
  try {
    await Promise.race([check, late]);
  } finally {
    clearTimeout(timer);
  }
}
