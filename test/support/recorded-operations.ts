import { readFileSync } from 'node:fs';
import type {
  AppDescription,
  BulkLoadStatus,
  ClusterDescription,
  DuplicationDescription,
  DuplicationStatus,
} from '../../lib/index.js';

/** A request to a real server, and its answer. */
export interface RecordedExchange {
  readonly server: string;
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly requestBody?: string;
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

interface RecordedApp {
  readonly appId: number;
  readonly appName: string;
  readonly status: 'AVAILABLE' | 'DROPPED';
  readonly partitionCount: number;
  readonly envs: Readonly<Record<string, string>>;
  readonly partitions: readonly (readonly (string | null)[])[];
  readonly duplications: readonly {
    readonly dupId: number;
    readonly remote: string;
    readonly status: DuplicationStatus;
    readonly create_timestamp_ms: number;
    readonly fail_mode: 'FAIL_SLOW';
    readonly remote_app_name?: string;
    readonly remote_replica_count?: number;
  }[];
}

/** One moment of a real cluster. */
export interface RecordedMoment {
  readonly apps: readonly RecordedApp[];
  readonly backupPolicies: readonly {
    readonly policy_name: string;
    readonly backup_provider_type: string;
    readonly app_ids: readonly number[];
    readonly backup_interval_seconds: number;
    readonly backup_history_count_to_keep: number;
    readonly is_disable: number;
    readonly start_time: { readonly hour: number; readonly minute: number };
  }[];
  readonly exchanges: readonly RecordedExchange[];
}

export const RELEASES = ['2.5', '2.6'] as const;
export type Release = (typeof RELEASES)[number];

/** Returns the moments of a release by their names. */
export function recordedOperations(release: Release): Readonly<Record<string, RecordedMoment>> {
  return JSON.parse(readFileSync(new URL(`../fixtures/operations/${release}.json`, import.meta.url), 'utf8'));
}

const NODES = [1, 2, 3, 4, 5];

/** Returns the address of a server, such as that of `replica1`. */
export function addressOf(server: string, release: Release): string {
  const host = release === '2.5' ? '127.0.0.1' : 'localhost';
  return `${host}:${server.startsWith('meta') ? 3460 : 3480}${server.at(-1)}`;
}

/** Describes the cluster in the moment of one exchange. What no znode says is taken from the answer. */
export function describeMoment(
  { apps, backupPolicies }: RecordedMoment,
  exchange: RecordedExchange,
  release: Release,
): ClusterDescription {
  const { body } = exchange;
  const isDisabled = /not enabled|disabled$/.test(body);
  return {
    ...(isDisabled && { disabledFeatures: ['duplication', 'coldBackup', 'bulkLoad'] as const }),
    metaServers: [1, 2, 3].map((i) => addressOf(`meta${i}`, release)),
    nodes: NODES.map((i) => addressOf(`replica${i}`, release)),
    apps: apps.map((app) => describeApp(app, exchange, release)),
    backupPolicies: backupPolicies.map((policy) => ({
      name: policy.policy_name,
      providerType: policy.backup_provider_type,
      intervalSeconds: policy.backup_interval_seconds,
      appIds: policy.app_ids,
      startTime: [policy.start_time.hour, policy.start_time.minute]
        .map((part) => String(part).padStart(2, '0'))
        .join(':'),
      isEnabled: policy.is_disable === 0,
      historyCount: policy.backup_history_count_to_keep,
    })),
    ...describeFiles(exchange),
  };
}

function describeApp(app: RecordedApp, exchange: RecordedExchange, release: Release): AppDescription {
  const { appId, appName, status, partitionCount, envs, partitions } = app;
  const answer = exchange.status === 200 ? JSON.parse(exchange.body) : undefined;
  const isAsked =
    exchange.target.endsWith(`id=${appId}`) ||
    exchange.target.endsWith(`name=${encodeURIComponent(appName)}`);
  const bulkLoad: BulkLoadStatus | undefined = isAsked ? answer?.app_status?.split('::')[2] : undefined;
  return {
    appId,
    appName,
    status,
    partitionCount,
    envs,
    partitions: partitions.map(([primary = null, ...secondaries]) => ({
      primary,
      secondaries: secondaries as string[],
    })),
    ...(bulkLoad !== undefined && { bulkLoad: { status: bulkLoad, error: answer.error } }),
    ...(isAsked &&
      exchange.target.includes('manual_compaction') && {
        compaction: { [addressOf(exchange.server, release)]: withoutIdle(answer?.status) },
      }),
    // Replica servers hear of a new duplication later than the meta server.
    duplications: (exchange.body.startsWith('no duplication') ? [] : app.duplications).map(
      (duplication, i) => ({
        dupId: duplication.dupId,
        createSecond: Math.floor(duplication.create_timestamp_ms / 1000),
        remote: duplication.remote,
        status: duplication.status,
        failMode: duplication.fail_mode,
        ...(duplication.remote_app_name !== undefined && { remoteAppName: duplication.remote_app_name }),
        ...(duplication.remote_replica_count !== undefined && {
          remoteReplicaCount: duplication.remote_replica_count,
        }),
        ...(isAsked && { progress: describeProgress(answer, i, duplication.dupId) }),
      }),
    ),
  };
}

function withoutIdle({ finished = 0, queuing = 0, running = 0 } = {}): object {
  return { finished, queuing, running };
}

function describeProgress(
  // biome-ignore lint/suspicious/noExplicitAny: the recorded JSON of two endpoints
  answer: any,
  index: number,
  dupId: number,
): NonNullable<DuplicationDescription['progress']> {
  const states: Record<string, { confirmed_decree: number; last_committed_decree: number }> =
    answer?.[index + 1]?.partition_states ?? {};
  const pending: Record<string, { not_confirmed_mutations_num: number }> = answer?.[dupId] ?? {};
  return [
    ...Object.entries(states).map(([pidx, state]) => ({
      pidx: Number(pidx),
      confirmedDecree: state.confirmed_decree,
      lastCommittedDecree: state.last_committed_decree,
    })),
    ...Object.entries(pending).map(([replica, state]) => ({
      pidx: Number(replica.split('.')[1]),
      pendingMutations: state.not_confirmed_mutations_num,
    })),
  ];
}

/** Describes the files that a recorded bulk load found, by what it answered. */
function describeFiles({ body, requestBody }: RecordedExchange): ClusterDescription {
  if (!requestBody?.includes('cluster_name')) return {};
  const provider = 'local_service';
  const files = {
    appName: 'temp',
    clusterName: 'onebox',
    fileProviderType: provider,
    remoteRootPath: 'bulk',
  };
  if (body.includes('read bulk_load_info failed')) {
    return { bulkLoadFiles: [{ ...files, appName: 'other' }] };
  }
  const isDamaged = body.includes('ERR_CORRUPTION');
  const partitionCount = body.includes('ERR_INCONSISTENT_STATE') ? 4 : 8;
  return { bulkLoadFiles: [{ ...files, isDamaged, partitionCount }] };
}
