import type { AppDetail, Apps } from './wire.js';

/** How well a table or a partition is: `ok`, fewer replicas (`degraded`), not writable, not readable, or no longer served. */
export type Health = 'ok' | 'degraded' | 'unwritable' | 'unreadable' | 'inactive';

/** A table, as the lists show it. */
export interface Table {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly healthy: number;
  readonly envs: number;
  readonly created: string;
  readonly health: Health;
}

const SEVERITY: Record<Health, number> = { unreadable: 4, unwritable: 3, degraded: 2, inactive: 1, ok: 0 };

/** Orders states of health, the worst with the highest number. */
export function severity(health: Health): number {
  return SEVERITY[health];
}

/** Tells whether a state of health needs attention. */
export function isProblem(health: Health): boolean {
  return health !== 'ok' && health !== 'inactive';
}

const read = new WeakMap<Apps, readonly Table[]>();

/** Reads the tables of `/meta/apps?detail`, once for each response. */
export function readTables(apps: Apps): readonly Table[] {
  const tables = read.get(apps) ?? tablesOf(apps);
  read.set(apps, tables);
  return tables;
}

function tablesOf({ general_info, healthy_info = {} }: Apps): readonly Table[] {
  return Object.entries(general_info).map(([id, row]) => {
    const counts = Object.hasOwn(healthy_info, id) ? healthy_info[id] : undefined;
    const bad = (key: 'read_unhealthy' | 'write_unhealthy' | 'unhealthy') => Number(counts?.[key] ?? 0) > 0;
    return {
      id: Number(row.app_id),
      name: row.app_name,
      status: row.status,
      partitions: Number(row.partition_count),
      replicas: Number(row.replica_count),
      healthy: Number(counts?.fully_healthy ?? 0),
      envs: Number(row.envs_count) || 0,
      created: row.create_time,
      health:
        row.status !== 'AVAILABLE'
          ? 'inactive'
          : bad('read_unhealthy')
            ? 'unreadable'
            : bad('write_unhealthy')
              ? 'unwritable'
              : bad('unhealthy')
                ? 'degraded'
                : 'ok',
    };
  });
}

/** A partition with its replicas. */
export interface Partition {
  readonly index: number;
  readonly ballot: string;
  readonly primary: string | undefined;
  readonly secondaries: readonly string[];
  readonly missing: number;
  readonly health: Health;
}

/** Reads the partitions of `/meta/app?name=<app_name>&detail`. */
export function readPartitions({ general, replicas = {} }: AppDetail): Partition[] {
  const wanted = Number(general.max_replica_count);
  return Object.values(replicas).map(({ pidx, ballot, primary: stated, secondaries: list }) => {
    const primary = stated === '' || stated === '-' ? undefined : stated;
    const secondaries = list
      .replace(/^\[|\]$/g, '')
      .split(',')
      .filter((address) => address !== '');
    const count = (primary === undefined ? 0 : 1) + secondaries.length;
    const health =
      primary === undefined ? 'unreadable' : count >= wanted ? 'ok' : count < 2 ? 'unwritable' : 'degraded';
    return {
      index: Number(pidx),
      ballot,
      primary,
      secondaries,
      missing: Math.max(0, wanted - count),
      health,
    };
  });
}
