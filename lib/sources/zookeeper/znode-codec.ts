import type { App, Partition } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';

/** A table as its znode has it; its partitions have znodes of their own. */
export type StoredApp = Omit<App, 'partitions'>;

/** What stands for an address where there is none; later masters have a second form of it. */
const NO_ADDRESS: readonly unknown[] = ['invalid address', 'invalid host_port', 'invalid host:port', ''];

/** As the meta server bounds it: nobody is sent to read a billion znodes by a number that is garbage. */
const MOST_PARTITIONS = 1_000_000;

/**
 * Reads the znode of a table, as Pegasus 1.12 to 2.5 and later masters write it. What is unknown is ignored; what only some versions
 * write may be missing.
 *
 * @throws `ERR_INVALID_DATA` that says where and what.
 */
export function parseApp(data: Buffer, path: string, appId: number): StoredApp {
  return reading(data, path, (stored) => {
    check.integer(stored['app_id'] ?? appId, 'app_id', appId, appId);
    const status = check.string(stored['status'], 'status').replace(/^(app_status::)?(AS_)?/, '');
    return {
      appId,
      appName: check.nonEmpty(stored['app_name'], 'app_name'),
      appType: check.nonEmpty(stored['app_type'] ?? 'pegasus', 'app_type'),
      status: check.oneOf(status, 'status', APP_STATUSES),
      partitionCount: check.integer(stored['partition_count'], 'partition_count', 1, MOST_PARTITIONS),
      maxReplicaCount: check.integer(stored['max_replica_count'], 'max_replica_count', 1),
      isStateful: flag(stored['is_stateful'] ?? true, 'is_stateful'),
      createSecond: check.unixSeconds(stored['create_second'] ?? 0, 'create_second'),
      dropSecond: check.unixSeconds(stored['drop_second'] ?? 0, 'drop_second'),
      expireSecond: check.unixSeconds(stored['expire_second'] ?? 0, 'expire_second'),
      envs: envs(stored['envs'] ?? {}),
    };
  });
}

/**
 * Reads the znode of a partition.
 *
 * @returns `undefined` when nothing is written there yet.
 * @throws `ERR_INVALID_DATA` that says where and what.
 */
export function parsePartition(
  data: Buffer,
  path: string,
  appId: number,
  pidx: number,
): Partition | undefined {
  if (data.length === 0) return undefined;
  return reading(data, path, (stored) => {
    const pid = `${appId}.${pidx}`;
    check.oneOf(stored['pid'] ?? pid, 'pid', [pid]);
    const secondaries = check.list(stored['secondaries'] ?? [], 'secondaries', address);
    const maxReplicaCount = stored['max_replica_count'];
    return Object.freeze({
      pidx,
      ballot: check.integer(stored['ballot'], 'ballot', -1),
      primary: address(stored['primary'], 'primary'),
      secondaries: Object.freeze(secondaries.filter((secondary) => secondary !== null)),
      ...(maxReplicaCount === undefined
        ? {}
        : { maxReplicaCount: check.integer(maxReplicaCount, 'max_replica_count') }),
    });
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads the znode that a meta server holds the lock by: its address, as plain text. `undefined` when it is not that. */
export function parseLockOwner(data: Buffer): string | undefined {
  const text = data.toString('utf8').trim();
  return /^[\x21-\x7e]{1,300}$/.test(text) ? text : undefined;
}

function reading<T>(data: Buffer, path: string, read: (stored: Readonly<Record<string, unknown>>) => T): T {
  try {
    const stored = check.object(JSON.parse(utf8.decode(data)), 'the whole');
    return read(stored as Readonly<Record<string, unknown>>);
  } catch (cause) {
    throw new PegasusError('ERR_INVALID_DATA', `znode ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Pegasus writes 0 and 1; some versions write false and true. */
function flag(value: unknown, where: string): boolean {
  if (value === 0 || value === 1) return value === 1;
  return check.boolean(value, where);
}

function address(value: unknown, where: string): string | null {
  return value === undefined || NO_ADDRESS.includes(value) ? null : shared(check.nonEmpty(value, where));
}

function envs(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(check.object(value, 'envs'));
  return Object.freeze(
    Object.fromEntries(entries.map(([key, env]) => [key, check.string(env, `envs[${JSON.stringify(key)}]`)])),
  );
}

/** The few addresses of a cluster stand in all its partitions: one string each, not one for every time it is read. */
const addresses = new Map<string, string>();
const MOST_ADDRESSES = 10_000;

function shared(text: string): string {
  const known = addresses.get(text);
  if (known !== undefined) return known;
  if (addresses.size >= MOST_ADDRESSES) addresses.clear();
  addresses.set(text, text);
  return text;
}
