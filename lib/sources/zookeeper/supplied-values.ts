import type { BalanceOperations, Cluster, ReplicaServer } from '../../model/cluster.js';
import { META_FUNCTION_LEVELS, NODE_STATUSES } from '../../model/enums.js';
import { isPromiseLike, type MaybePromise } from '../../model/maybe-promise.js';
import * as check from '../../validate/checks.js';
import type { ValueOrGetter, ZookeeperClusterOptions } from './options.js';

/** The options that supply what ZooKeeper does not store. */
export type SuppliedOptions = Pick<
  ZookeeperClusterOptions,
  'nodes' | 'metaServers' | 'metaFunctionLevel' | 'balanceOperations'
>;

/** Their values, checked. */
export interface SuppliedValues {
  readonly nodes: readonly ReplicaServer[] | undefined;
  readonly metaServers: readonly string[] | undefined;
  readonly metaFunctionLevel: Cluster['metaFunctionLevel'] | undefined;
  readonly balanceOperations: Cluster['balanceOperations'] | undefined;
}

const CHECKS: { readonly [Name in keyof SuppliedValues]: check.Check<NonNullable<SuppliedValues[Name]>> } = {
  nodes: (value, path) => check.list(value, path, node),
  metaServers: (value, path) => check.list(value, path, check.address),
  metaFunctionLevel: (value, path) => check.oneOf(value, path, META_FUNCTION_LEVELS),
  balanceOperations: (value, path) => (value === 'unknown' ? value : balance(value, path)),
};

const NAMES = Object.keys(CHECKS) as (keyof SuppliedValues)[];

/**
 * Checks the options that are values. Functions are checked when they are called.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` with the name and the reason.
 */
export function checkSuppliedOptions(options: SuppliedOptions): void {
  for (const name of NAMES) {
    const option: unknown = options[name];
    if (option !== undefined && typeof option !== 'function') CHECKS[name](option, name);
  }
}

/**
 * Returns the current values. Calls the options that are functions.
 *
 * @returns A promise if one of the functions returns a promise.
 * @throws TypeError if a function returns a wrong value.
 */
export function supplyValues(options: SuppliedOptions): MaybePromise<SuppliedValues> {
  const results = NAMES.map((name) => getValue(options[name] as ValueOrGetter<unknown> | undefined));
  if (results.some(isPromiseLike)) return Promise.all(results).then((all) => checkValues(options, all));
  return checkValues(options, results);
}

function getValue(option: ValueOrGetter<unknown> | undefined): unknown {
  return typeof option === 'function' ? (option as () => unknown)() : option;
}

function checkValues(options: SuppliedOptions, values: readonly unknown[]): SuppliedValues {
  const entries = NAMES.map((name, i) => {
    const value = values[i];
    if (value === undefined) return [name, undefined];
    try {
      return [name, CHECKS[name](value, typeof options[name] === 'function' ? `${name}()` : name)];
    } catch (error) {
      throw new TypeError(`zookeeperCluster: ${(error as Error).message}`);
    }
  });
  return Object.fromEntries(entries) as SuppliedValues;
}

function node(value: unknown, path: string): ReplicaServer {
  const { address, status } = check.object(value, path) as Partial<Record<keyof ReplicaServer, unknown>>;
  return {
    address: check.address(address, `${path}.address`),
    status: check.oneOf(status, `${path}.status`, NODE_STATUSES),
  };
}

function balance(value: unknown, path: string): BalanceOperations {
  const given = check.object(value, path) as Partial<Record<keyof BalanceOperations, unknown>>;
  return {
    movePrimary: check.integer(given.movePrimary, `${path}.movePrimary`),
    copyPrimary: check.integer(given.copyPrimary, `${path}.copyPrimary`),
    copySecondary: check.integer(given.copySecondary, `${path}.copySecondary`),
  };
}
