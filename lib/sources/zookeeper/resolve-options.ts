import type { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { readOptions } from '../../validate/options.js';
import { callForUrl } from '../call-for-url.js';
import {
  checkCallbacks,
  checkPath,
  checkServers,
  checkSessionTimeout,
  checkZookeeperAddress,
} from './check-options.js';
import { join } from './lock.js';
import type { ElectionOptions, ZookeeperClusterOptions, ZookeeperOptions } from './options.js';
import { checkSuppliedOptions, type SuppliedOptions } from './supplied-values.js';

const SHARED_OPTIONS = [
  'servers',
  'sessionTimeoutMs',
  'onError',
  'onRecover',
] as const satisfies (keyof ZookeeperOptions)[];

const CLUSTER_OPTIONS = [
  ...SHARED_OPTIONS,
  'clusterRoot',
  'lockRoot',
  'maxStaleMs',
  'maxConcurrentReads',
  'redirectToPrimary',
  'nodes',
  'metaServers',
  'metaFunctionLevel',
  'balanceOperations',
  'zookeeperHosts',
] as const satisfies (keyof ZookeeperClusterOptions)[];

const ELECTION_OPTIONS = [
  ...SHARED_OPTIONS,
  'lockRoot',
  'address',
  'resolveUrl',
] as const satisfies (keyof ElectionOptions)[];

/** The shared options, checked and with their defaults. */
interface ResolvedOptions {
  readonly servers: readonly string[];
  readonly sessionTimeoutMs: number;
  /** Calls `onError`. */
  report(error: PegasusError): void;
  /** Calls `onRecover`. */
  reportRecovery(message: string): void;
}

/** {@link ZookeeperClusterOptions}, checked and with their defaults. */
export interface ResolvedClusterOptions extends ResolvedOptions, SuppliedOptions {
  readonly clusterRoot: string;
  /** The possible roots of the lock. The first one with a lock node counts. */
  readonly lockRoots: readonly string[];
  readonly maxStaleMs: number;
  readonly maxConcurrentReads: number;
  readonly zookeeperHosts: readonly string[];
  /** The root as `/meta/cluster` shows it. */
  readonly zookeeperRoot: string;
  /** Returns the base URL of a primary's HTTP interface; `undefined` if this handler answers by itself. */
  readonly primaryUrl: ((address: string) => string) | undefined;
}

/** {@link ElectionOptions}, checked and with their defaults. */
export interface ResolvedElectionOptions extends ResolvedOptions {
  readonly lockRoot: string;
  readonly address: string;
  /** Returns the base URL of a primary's HTTP interface. */
  readonly primaryUrl: (address: string) => string;
}

/**
 * Checks the options of `zookeeperCluster`.
 *
 * @throws TypeError with the option's name and the reason.
 */
export function resolveClusterOptions(options: ZookeeperClusterOptions): ResolvedClusterOptions {
  const renamed = { staleLimitMs: 'maxStaleMs' };
  return readOptions('zookeeperCluster', options, CLUSTER_OPTIONS, resolveClusterValues, renamed);
}

function resolveClusterValues(options: ZookeeperClusterOptions): ResolvedClusterOptions {
  const shared = resolveShared(options);
  const clusterRoot = checkPath(options.clusterRoot, 'clusterRoot');
  const { lockRoot, zookeeperHosts, maxStaleMs = 60_000, maxConcurrentReads = 256 } = options;
  const { nodes, metaServers, metaFunctionLevel, balanceOperations } = options;
  const supplied = { nodes, metaServers, metaFunctionLevel, balanceOperations };
  checkSuppliedOptions(supplied);
  return {
    ...shared,
    ...supplied,
    clusterRoot,
    lockRoots:
      lockRoot === undefined ? [join(clusterRoot, 'lock'), clusterRoot] : [checkPath(lockRoot, 'lockRoot')],
    maxStaleMs: check.duration(maxStaleMs, 'maxStaleMs'),
    maxConcurrentReads: check.integer(maxConcurrentReads, 'maxConcurrentReads', 1, 10_000),
    zookeeperHosts:
      zookeeperHosts === undefined
        ? shared.servers
        : Object.freeze(check.list(zookeeperHosts, 'zookeeperHosts', checkZookeeperAddress)),
    zookeeperRoot: clusterRoot,
    primaryUrl: checkRedirect(options.redirectToPrimary ?? false),
  };
}

/**
 * Checks the options of `electPrimary`.
 *
 * @throws TypeError with the option's name and the reason.
 */
export function resolveElectionOptions(options: ElectionOptions): ResolvedElectionOptions {
  return readOptions('electPrimary', options, ELECTION_OPTIONS, resolveElectionValues, {
    urlOf: 'resolveUrl',
  });
}

function resolveElectionValues(options: ElectionOptions): ResolvedElectionOptions {
  const resolveUrl = check.optionalFunction(options.resolveUrl, 'resolveUrl');
  return {
    ...resolveShared(options),
    lockRoot: checkPath(options.lockRoot, 'lockRoot'),
    address: check.address(options.address, 'address'),
    primaryUrl:
      resolveUrl === undefined
        ? defaultUrl
        : (address) => callForUrl('electPrimary: resolveUrl', resolveUrl, address),
  };
}

function resolveShared(options: ZookeeperOptions): ResolvedOptions {
  return {
    servers: checkServers(options.servers),
    sessionTimeoutMs: checkSessionTimeout(options.sessionTimeoutMs),
    ...checkCallbacks(options),
  };
}

const defaultUrl = (address: string) => `http://${address}`;

function checkRedirect(
  redirect: NonNullable<ZookeeperClusterOptions['redirectToPrimary']>,
): ResolvedClusterOptions['primaryUrl'] {
  if (typeof redirect === 'boolean') return redirect ? defaultUrl : undefined;
  if (typeof redirect !== 'function') check.fail('redirectToPrimary', 'a function, true or false', redirect);
  return (address) => callForUrl('zookeeperCluster: redirectToPrimary', redirect, address);
}
