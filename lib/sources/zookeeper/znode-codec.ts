import type { App } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import * as check from '../../validate/checks.js';
import { invalidZnode } from './errors.js';

/** A table as its znode stores it. The partitions have znodes of their own. */
export interface StoredApp extends Omit<App, 'partitions'> {
  /** The number of partitions before a split that is under way or finished; `undefined` without a split. */
  readonly splitFrom?: number | undefined;
}

/** Largest accepted `partition_count`. */
const MAX_PARTITION_COUNT = 1_000_000;

/** Largest accepted length of an address. A host name has 253 characters at most. */
export const MAX_ADDRESS_LENGTH = 300;

/** Largest accepted number of a table's environment variables. */
const MAX_ENVS = 10_000;

/**
 * Reads a table's znode, as Pegasus 1.12 to 2.6 write it. Unknown fields are ignored. Fields that only some
 * versions write can be missing.
 *
 * @throws PegasusError `ERR_INVALID_DATA` with the path and the reason.
 */
export function parseApp(data: Buffer, path: string, appId: number): StoredApp {
  return parseZnode(data, path, (stored) => {
    check.integer(stored['app_id'] ?? appId, 'app_id', appId, appId);
    const status = check.string(stored['status'], 'status').replace(/^(app_status::)?(AS_)?/, '');
    const partitionCount = check.integer(
      stored['partition_count'],
      'partition_count',
      1,
      MAX_PARTITION_COUNT,
    );
    const initialCount = check.integer(stored['init_partition_count'] ?? -1, 'init_partition_count', -1);
    return {
      appId,
      appName: check.nonEmpty(stored['app_name'], 'app_name'),
      appType: check.nonEmpty(stored['app_type'] ?? 'pegasus', 'app_type'),
      status: check.oneOf(status, 'status', APP_STATUSES),
      partitionCount,
      maxReplicaCount: check.integer(stored['max_replica_count'], 'max_replica_count', 1),
      isStateful: flag(stored['is_stateful'] ?? true, 'is_stateful'),
      createSecond: check.unixSeconds(stored['create_second'] ?? 0, 'create_second'),
      dropSecond: check.unixSeconds(stored['drop_second'] ?? 0, 'drop_second'),
      expireSecond: check.unixSeconds(stored['expire_second'] ?? 0, 'expire_second'),
      envs: parseEnvs(stored['envs'] ?? {}),
      // A split doubles the number of partitions.
      ...(initialCount * 2 === partitionCount ? { splitFrom: initialCount } : {}),
    };
  });
}

/**
 * Reads a lock node: the address of a meta server as plain text.
 *
 * Clients are redirected to this address, so it must be `host:port` and nothing else: no path, no user, and no second spelling of
 * an IP address.
 *
 * @returns `undefined` if the data is no address.
 */
export function parseLockOwner(data: Buffer): string | undefined {
  // Two bytes more, for a line break at the end.
  if (data.length > MAX_ADDRESS_LENGTH + 2) return undefined;
  const text = data.toString('utf8').trim();
  if (text.length > MAX_ADDRESS_LENGTH) return undefined;
  try {
    const address = check.address(text, 'address');
    const host = address.slice(0, address.lastIndexOf(':'));
    return new URL(`http://${host}`).hostname === host.toLowerCase() ? address : undefined;
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a znode that holds a JSON object.
 *
 * @throws PegasusError `ERR_INVALID_DATA` with the path and the reason.
 */
export function parseZnode<T>(
  data: Buffer,
  path: string,
  read: (stored: Readonly<Record<string, unknown>>) => T,
): T {
  try {
    const stored = check.object(JSON.parse(utf8.decode(data)), 'the whole');
    return read(stored as Readonly<Record<string, unknown>>);
  } catch (cause) {
    throw invalidZnode(path, (cause as Error).message);
  }
}

/** Reads a flag. Pegasus writes 0 and 1; some versions write false and true. */
function flag(value: unknown, where: string): boolean {
  if (value === 0 || value === 1) return value === 1;
  return check.boolean(value, where);
}

function parseEnvs(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(check.object(value, 'envs'));
  if (entries.length > MAX_ENVS) check.fail('envs', `an object of ${MAX_ENVS} keys at most`, value);
  return Object.freeze(
    Object.fromEntries(
      entries.map(([key, env]) => [key, check.string(env, `envs[${JSON.stringify(key.slice(0, 60))}]`)]),
    ),
  );
}
