/**
 * Everything that was recorded of real clusters, of all versions, and the same clusters built in memory.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type {
  BalanceOperations,
  ClusterDescription,
  Compatibility,
  MetaFunctionLevel,
  ReplicaServer,
} from '../../lib/index.js';
import { describeApps, GOLDEN, golden } from './fixtures.js';

/** One request to a real server, and what came back. */
export interface RecordedExchange {
  /** `meta1`, `replica2`, `collector`. */
  readonly server: string;
  readonly method?: string;
  readonly target: string;
  /** 0 if the server closed the connection without an answer. */
  readonly status: number;
  readonly location?: string;
  readonly body: string;
  readonly body_encoding?: 'base64';
  /** Whether sentences of the body were replaced by `(text)`. */
  readonly text_replaced?: boolean;
  readonly body_omitted?: number;
  readonly request_body?: string;
  readonly request_headers?: Readonly<Record<string, string>>;
  /** Seconds since the event that the recording is about. Only of exchanges that were taken while the state changed. */
  readonly after_s?: number;
}

export interface RecordedZnode {
  readonly data: string;
  readonly ephemeral: boolean;
}

/** One moment of a real cluster. */
export interface Recording {
  readonly version: string;
  readonly state: string;
  readonly compatibility: Compatibility;
  readonly znodes: Readonly<Record<string, RecordedZnode>>;
  readonly exchanges: readonly RecordedExchange[];
}

const packed = (version: string, compatibility: Compatibility): Recording[] =>
  (
    JSON.parse(
      brotliDecompressSync(
        readFileSync(new URL(`../fixtures/golden/${version}.json.br`, import.meta.url)),
      ).toString(),
    ) as Omit<Recording, 'version' | 'compatibility'>[]
  ).map((recording) => ({ ...recording, version, compatibility }));

/** All recordings, by version. */
export const RECORDINGS: readonly Recording[] = [
  ...GOLDEN.map(golden).map(({ state, znodes, exchanges }) => ({
    version: '1.12.3',
    state,
    compatibility: '2.5' as const,
    znodes,
    exchanges: exchanges.map(({ headers, ...exchange }) => ({
      ...exchange,
      ...(headers['location'] !== undefined && { location: headers['location'] }),
    })),
  })),
  ...packed('2.5.0', '2.5'),
  ...packed('2.6', '2.6'),
];

/** The root znode of all recorded clusters. */
export const RECORDED_ROOT = '/pegasus/onebox/127.0.0.1';

/** What a meta server knew and its ZooKeeper did not. */
export interface RecordedKnowledge {
  readonly nodes: readonly ReplicaServer[];
  readonly metaServers: readonly string[];
  readonly metaFunctionLevel: MetaFunctionLevel;
  readonly balanceOperations: BalanceOperations | 'unknown';
  readonly zookeeperHosts: readonly string[];
}

const hostOf = ({ compatibility }: Recording) => (compatibility === '2.6' ? 'localhost' : '127.0.0.1');

/** The address of a server of a recorded cluster. */
export function addressOf(server: string, recording: Recording): string {
  const [, kind, number] = /^(meta|replica)(\d)$/.exec(server) ?? [];
  const port = kind === undefined ? 34101 : (kind === 'meta' ? 34600 : 34800) + Number(number);
  return `${hostOf(recording)}:${port}`;
}

/** The name of the primary meta server, by the lock. */
export function primaryOf({ znodes }: Recording): string {
  const [first] = Object.keys(znodes)
    .filter((path) => /\/LOCKNODE\d+$/.test(path))
    .sort();
  const owner = first === undefined ? ':34601' : (znodes[first] as RecordedZnode).data;
  return `meta${Number(owner.slice(owner.lastIndexOf(':') + 1)) - 34600}`;
}

/** Reads what ZooKeeper does not store from the responses of the primary. */
export function knowledgeOf(recording: Recording): RecordedKnowledge {
  const cluster = lastOf(recording, '/meta/cluster') as Readonly<Record<string, string>> | undefined;
  const nodes = lastOf(recording, '/meta/nodes') as
    | { readonly details: Readonly<Record<string, ReplicaServer>> }
    | undefined;
  const metas = recording.version === '1.12.3' ? ['meta1', 'meta2'] : ['meta1', 'meta2', 'meta3'];
  return {
    nodes:
      nodes === undefined
        ? nodesIn(recording)
        : Object.values(nodes.details).map(({ address, status }) => ({ address, status })),
    metaServers: metas.map((server) => addressOf(server, recording)),
    metaFunctionLevel: (cluster?.['meta_function_level'] ?? 'steady') as MetaFunctionLevel,
    balanceOperations: parseBalance(cluster?.['balance_operation_count'] ?? 'unknown'),
    zookeeperHosts: ['127.0.0.1:22181'],
  };
}

/** The last settled response of a server to a path, whatever its query; of the primary meta server if none is named. */
function lastOf(recording: Recording, path: string, server = primaryOf(recording)): unknown {
  const found = recording.exchanges.findLast(
    ({ target, status, after_s, ...exchange }) =>
      exchange.server === server && target.split('?')[0] === path && status === 200 && after_s === undefined,
  );
  return found && JSON.parse(found.body);
}

/** Every node that the stored partitions name. */
function nodesIn(recording: Recording): ReplicaServer[] {
  const pattern = new RegExp(`"(${hostOf(recording)}:348\\d\\d)"`, 'g');
  const found = Object.values(recording.znodes).flatMap(({ data }) => [...data.matchAll(pattern)]);
  return [...new Set(found.map(([, address]) => address as string))].map((address) => ({
    address,
    status: 'ALIVE',
  }));
}

/** Parses both forms of the count. A total of -1 says that nothing was computed. */
function parseBalance(text: string): BalanceOperations | 'unknown' {
  const numberOf = (name: string) => Number(new RegExp(`${name}(?:=|": )(-?\\d+)`).exec(text)?.[1] ?? -1);
  if (numberOf('total') === -1) return 'unknown';
  return {
    movePrimary: numberOf('move_pri'),
    copyPrimary: numberOf('copy_pri'),
    copySecondary: numberOf('copy_sec'),
  };
}

/** What a server said of its own process. */
function processOf(recording: Recording, server: string): Partial<ClusterDescription> {
  const version = lastOf(recording, '/version', server) as Readonly<Record<string, string>> | undefined;
  const start = lastOf(recording, '/recentStartTime', server) as Readonly<Record<string, string>> | undefined;
  const bodies = new Set(
    recording.exchanges
      .filter((exchange) => exchange.server === server && exchange.target.startsWith('/perfCounter?'))
      .filter(({ body }) => body.startsWith('{"name"'))
      .map(({ body }) => body),
  );
  return {
    ...(version && {
      version: { version: version['Version'] as string, gitCommit: version['GitCommit'] as string },
    }),
    ...(start && { startSecond: new Date(start['RecentStartTime'] as string).getTime() / 1000 }),
    perfCounters: [...bodies]
      .map((body) => JSON.parse(body))
      .map(({ name, type, value, p99, p999, description }) =>
        type === 'PERCENTILE'
          ? { name, type, p99: Number(p99), p999: Number(p999), description }
          : { name, type, value: Number(value), description },
      ),
  };
}

/** The recorded cluster, built from its znodes and from what ZooKeeper does not store. `server` is the one that is asked. */
export function describeRecording(recording: Recording, server: string): ClusterDescription {
  const { metaServers, nodes, ...knowledge } = knowledgeOf(recording);
  return {
    ...processOf(recording, server),
    ...knowledge,
    metaServers,
    primaryMetaServer: addressOf(primaryOf(recording), recording),
    zookeeperRoot: RECORDED_ROOT,
    // The order of nodes is the handler's.
    nodes: nodes.toReversed(),
    apps: describeApps(recording.znodes),
  };
}

/**
 * Writes JSON text in one form: without white space between tokens, and with one spelling of each string. The order of keys and
 * the spelling of numbers stay.
 */
export function sameForm(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, text: string | undefined) =>
    text === undefined ? '' : JSON.stringify(JSON.parse(text)),
  );
}
