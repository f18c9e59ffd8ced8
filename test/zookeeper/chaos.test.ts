import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { writeZookeeper, type ZookeeperWriter } from '../../examples/zookeeper/writer.js';
import type { App } from '../../lib/index.js';
import { serve } from '../support/http.js';
import { proxied } from '../support/proxy.js';
import { followed, realZookeeper, snapshotOf } from '../support/zookeeper.js';

const zookeeper = realZookeeper();

const ROOT = '/chaos';
const TABLES = 5;
const PARTITIONS = 8;
/** `CHAOS_SECONDS=600 CHAOS_SEED=7 npx vitest run ... test/zookeeper/chaos.test.ts` runs it longer. */
const SECONDS = Number(process.env['CHAOS_SECONDS'] ?? 8);
const SEED = Number(process.env['CHAOS_SEED'] ?? 1);

/** Returns a generator of numbers from 0 to 1. The same seed gives the same numbers (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const appPath = (appId: number) => `${ROOT}/apps/${appId}`;
const storedApp = (appId: number, generation: number) =>
  JSON.stringify({
    status: 'app_status::AS_AVAILABLE',
    app_name: `table${appId}`,
    app_id: appId,
    partition_count: PARTITIONS,
    max_replica_count: 1,
    envs: { generation: String(generation) },
  });
const storedPartition = (appId: number, pidx: number, ballot: number) =>
  JSON.stringify({ pid: `${appId}.${pidx}`, ballot, primary: `10.0.0.${1 + (ballot % 9)}:34801` });

it(
  `survives a bad network and a ZooKeeper that dies, seed ${SEED}`,
  async () => {
    const random = seeded(SEED);
    const below = (limit: number) => Math.floor(random() * limit);
    const { address } = zookeeper();

    let writer: ZookeeperWriter = await writeZookeeper(address);
    onTestFinished(async () => {
      await writer.remove(ROOT);
      await writer.close();
    });
    /**
     * The ballots of each table. One writer changes the partitions of a table in order, 0 to 7 and over again, each time to the next
     * ballot. So the ballots of every state that existed descend from n to n or n - 1.
     */
    const ballots = Array.from({ length: TABLES + 1 }, () => 1);
    for (let appId = 1; appId <= TABLES; appId++) {
      await writer.put(appPath(appId), storedApp(appId, 0));
      for (let pidx = 0; pidx < PARTITIONS; pidx++) {
        await writer.put(`${appPath(appId)}/${pidx}`, storedPartition(appId, pidx, 1));
      }
    }
    await writer.put(`${ROOT}/apps`, 'unlock');

    const network = await proxied(address);
    const cluster = await followed(network.address, {
      clusterRoot: ROOT,
      sessionTimeoutMs: 500,
      maxStaleMs: Number.POSITIVE_INFINITY,
    });
    const { get } = await serve(cluster, {
      onError: (error) => console.error(error),
    });
    const end = Date.now() + SECONDS * 1000;
    const isOver = () => Date.now() > end;
    const counts = { changes: 0, answers: 0, stale: 0, cuts: 0, freezes: 0, kills: 0 };

    /** Writes a znode and tries until it succeeds. The same change twice gives the same state. */
    async function put(path: string, data: string): Promise<void> {
      for (;;) {
        try {
          await Promise.race([
            writer.put(path, data),
            sleep(2000).then(() => {
              throw new Error('late');
            }),
          ]);
          counts.changes += 1;
          return;
        } catch {
          writer.close().catch(() => {});
          await sleep(50);
          writer = await writeZookeeper(address);
        }
      }
    }

    async function write(): Promise<void> {
      while (!isOver()) {
        const appId = 1 + below(TABLES);
        const ballot = (ballots[appId] ?? 0) + 1;
        ballots[appId] = ballot;
        for (let pidx = 0; pidx < PARTITIONS; pidx++) {
          await put(`${appPath(appId)}/${pidx}`, storedPartition(appId, pidx, ballot));
        }
        await put(appPath(appId), storedApp(appId, ballot));
      }
    }

    const last = new Map<string, number>();
    function check({ replicas }: { replicas: Record<string, { ballot: string }> }, name: string): void {
      const seen = Object.values(replicas).map(({ ballot }) => Number(ballot));
      const [first = 0] = seen;
      expect(seen).toHaveLength(PARTITIONS);
      const written = seen.filter((ballot) => ballot === first).length;
      // The first ones have the new ballot, the others the old one. No other state existed.
      expect(seen, name).toEqual(seen.map((_, i) => (i < written ? first : first - 1)));
      // Time does not go backwards.
      const progress = first * PARTITIONS + written;
      expect(progress).toBeGreaterThanOrEqual(last.get(name) ?? 0);
      last.set(name, progress);
    }

    async function read(): Promise<void> {
      for (let i = 0; !isOver(); i++) {
        const name = `table${1 + (i % TABLES)}`;
        const answer = await get(`/meta/app?name=${name}&detail`);
        expect(answer.status).toBe(200);
        check(answer.json() as Parameters<typeof check>[0], name);
        counts.answers += 1;
        if ('age' in answer.headers) counts.stale += 1;
      }
    }

    async function disturb(): Promise<void> {
      while (!isOver()) {
        await sleep(100 + below(500));
        const what = random();
        if (what < 0.5) {
          counts.cuts += 1;
          network.cut();
        } else if (what < 0.85) {
          // Sometimes longer than the session lives.
          counts.freezes += 1;
          network.freeze(true);
          await sleep(below(1500));
          network.freeze(false);
        } else {
          counts.kills += 1;
          await zookeeper().kill();
          await sleep(below(500));
          await zookeeper().start();
        }
      }
    }

    await Promise.all([write(), read(), disturb()]);

    // In the end the source shows what is stored.
    for (;;) {
      const ended = snapshotOf(cluster).apps.map(({ partitions }) => partitions[7]?.ballot);
      const equal = ended.every((ballot, i) => ballot === ballots[i + 1]);
      if (equal && cluster.metaState.staleSince() === undefined) break;
      await sleep(20);
    }
    for (const app of snapshotOf(cluster).apps) await expectStored(app);
    async function expectStored({ appId, envs, partitions }: App): Promise<void> {
      expect(envs).toEqual(JSON.parse(await writer.get(appPath(appId))).envs);
      for (const { pidx, ballot, primary } of partitions) {
        const stored = JSON.parse(await writer.get(`${appPath(appId)}/${pidx}`));
        expect({ ballot, primary }).toEqual({ ballot: stored.ballot, primary: stored.primary });
      }
    }
    expect(counts.answers).toBeGreaterThan(100);
    if (process.env['MEASURE']) console.log(counts);
  },
  SECONDS * 1000 + 60_000,
);
