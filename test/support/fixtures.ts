import { readFileSync } from 'node:fs';
import type { AppDescription, ClusterDescription, PartitionDescription, Profiler } from '../../lib/index.js';

const read = (file: string): string => readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8');

/** A profiler of which nothing can be had but that it is there. */
export const IDLE_PROFILER = {
  cpu: () => 'disabled',
  heap: () => 'disabled',
  growth: () => 'disabled',
  symbolCount: () => 1,
  symbols: () => [],
  mappedLibraries: () => [],
  commandLine: () => ['node'],
} as unknown as Profiler;

/** A response sample of the user's document. */
export function sample(name: string): unknown {
  return JSON.parse(read(`samples/${name}.json`));
}

/** The same for the cluster of examples/onebox.json, which has three nodes in the place of two. */
export function oneboxSample(name: string): unknown {
  const differs = ['meta-app', 'meta-cluster', 'meta-nodes'].includes(name);
  return sample(differs ? `onebox/${name}` : name);
}

/** The document's samples that its cluster reproduces, by target. */
export const SAMPLES: readonly (readonly [target: string, sample: string])[] = [
  ['/version', 'version'],
  ['/meta/app?name=stat&detail', 'meta-app'],
  ['/meta/app_envs?name=temp', 'meta-app_envs'],
  ['/meta/cluster', 'meta-cluster'],
  ['/meta/nodes?detail', 'meta-nodes'],
  ['/perfCounter?name=collector*app.pegasus*app.stat.read_qps%23_all_', 'perfCounter'],
];

/** The cluster of the document, with two nodes: the state that all samples but `meta-apps` were taken of. */
export const ONEBOX: ClusterDescription = JSON.parse(read('samples/cluster.json'));

/** One moment of a real cluster: what ZooKeeper held, and what the meta servers answered. */
export interface Golden {
  readonly state: string;
  readonly znodes: Readonly<Record<string, { readonly data: string; readonly ephemeral: boolean }>>;
  readonly exchanges: readonly Exchange[];
}

export interface Exchange {
  readonly server: 'meta1' | 'meta2';
  readonly target: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const GOLDEN = ['healthy', 'one_node_down', 'more_tables', 'dropped'] as const;

export function golden(name: (typeof GOLDEN)[number]): Golden {
  return JSON.parse(read(`golden/${name}.json`));
}

const ROOT = '/pegasus/onebox/127.0.0.1';
const NODES = ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'];

/**
 * The same state built by hand out of the stored one. What does not follow from it is given here: which node is dead, and
 * the cluster's settings.
 */
export function describeGolden({ state, znodes }: Golden): ClusterDescription {
  const down = state === 'one_node_down' ? NODES[2] : undefined;
  return {
    metaServers: ['127.0.0.1:34601', '127.0.0.1:34602'],
    zookeeperHosts: ['127.0.0.1:22181'],
    zookeeperRoot: ROOT,
    nodes: NODES.map((address) => ({ address, status: address === down ? 'UNALIVE' : 'ALIVE' })),
    apps: describeApps(znodes),
  };
}

/** The tables of a stored tree. Nodes have host names where the tree has them. */
export function describeApps(znodes: Golden['znodes']): AppDescription[] {
  return Object.entries(znodes)
    .filter(([path]) => /\/apps\/\d+$/.test(path))
    .map(([path, { data }]) => describeApp(JSON.parse(data), path, znodes));
}

interface StoredApp {
  readonly status: string;
  readonly app_type: string;
  readonly app_name: string;
  readonly app_id: number;
  readonly partition_count: number;
  readonly envs: Record<string, string>;
  readonly is_stateful: number;
  readonly max_replica_count: number;
  readonly expire_second: number;
  readonly create_second: number;
  readonly drop_second: number;
}

function describeApp(app: StoredApp, path: string, znodes: Golden['znodes']): AppDescription {
  return {
    appId: app.app_id,
    appName: app.app_name,
    appType: app.app_type,
    status: app.status.replace('app_status::AS_', '') as 'AVAILABLE' | 'DROPPED',
    partitionCount: app.partition_count,
    maxReplicaCount: app.max_replica_count,
    isStateful: app.is_stateful === 1,
    createSecond: app.create_second,
    dropSecond: app.drop_second,
    expireSecond: app.expire_second,
    envs: app.envs,
    partitions: Array.from({ length: app.partition_count }, (_, pidx) => {
      const stored = znodes[`${path}/${pidx}`]?.data;
      if (stored) return describePartition(JSON.parse(stored), pidx);
      // A partition of a split that its parent has not registered yet.
      return { pidx, ballot: -1, primary: null, maxReplicaCount: 0 };
    }),
  };
}

interface StoredPartition {
  readonly ballot: number;
  readonly max_replica_count: number;
  readonly primary: string;
  readonly secondaries: readonly string[];
  readonly hp_primary?: string;
  readonly hp_secondaries?: readonly string[];
}

function describePartition(stored: StoredPartition, pidx: number): PartitionDescription {
  const { ballot, max_replica_count, hp_primary, hp_secondaries } = stored;
  const primary = hp_primary ?? stored.primary;
  return {
    pidx,
    ballot,
    primary: primary.startsWith('invalid ') ? null : primary,
    secondaries: hp_secondaries ?? stored.secondaries,
    maxReplicaCount: max_replica_count,
  };
}
