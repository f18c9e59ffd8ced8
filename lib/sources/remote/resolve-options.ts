import type { PegasusClientOptions } from '../../client/index.js';
import type { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { ignoreExceptions, readOptions } from '../../validate/options.js';
import { callForUrl } from '../call-for-url.js';
import type { RemoteClusterOptions } from './options.js';

const OPTIONS = [
  'servers',
  'timeoutMs',
  'requestTimeoutMs',
  'retries',
  'maxConnections',
  'maxResponseBytes',
  'timeZone',
  'maxAgeMs',
  'maxStaleMs',
  'redirectToPrimary',
  'server',
  'writes',
  'onError',
  'onRecover',
] as const satisfies (keyof RemoteClusterOptions)[];

/** {@link RemoteClusterOptions}, checked and with their defaults. The client checks its own. */
export interface ResolvedRemoteOptions {
  readonly client: PegasusClientOptions;
  readonly maxAgeMs: number;
  readonly maxStaleMs: number;
  /** Returns the base URL of a primary's HTTP interface; `undefined` if this handler answers by itself. */
  readonly primaryUrl: ((address: string) => string) | undefined;
  readonly server: string | undefined;
  readonly writes: boolean;
  report(error: PegasusError): void;
  reportRecovery(message: string): void;
}

/**
 * Checks the options of `remoteCluster`.
 *
 * @throws TypeError with the option's name and the reason.
 */
export function resolveRemoteOptions(options: RemoteClusterOptions): ResolvedRemoteOptions {
  return readOptions('remoteCluster', options, OPTIONS, (given) => {
    const { maxAgeMs, maxStaleMs, redirectToPrimary, server, writes, onError, onRecover, ...client } = given;
    return {
      client,
      maxAgeMs: check.duration(maxAgeMs ?? 1_000, 'maxAgeMs'),
      maxStaleMs: check.duration(maxStaleMs ?? 60_000, 'maxStaleMs'),
      primaryUrl: checkRedirect(redirectToPrimary ?? false),
      server: server === undefined ? undefined : check.address(server, 'server'),
      writes: check.boolean(writes ?? false, 'writes'),
      report: ignoreExceptions(onError, 'onError'),
      reportRecovery: ignoreExceptions(onRecover, 'onRecover'),
    };
  });
}

function checkRedirect(
  redirect: NonNullable<RemoteClusterOptions['redirectToPrimary']>,
): ResolvedRemoteOptions['primaryUrl'] {
  if (typeof redirect === 'boolean') return redirect ? (address) => `http://${address}` : undefined;
  if (typeof redirect !== 'function') check.fail('redirectToPrimary', 'a function, true or false', redirect);
  return (address) => callForUrl('remoteCluster: redirectToPrimary', redirect, address);
}
