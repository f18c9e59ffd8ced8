import { hostname } from 'node:os';
import type { MetricEntity, MetricsSnapshot } from '../../model/metric.js';
import * as check from '../../validate/checks.js';
import { readOptions } from '../../validate/options.js';

/** Options that name the server whose metrics a source returns. */
export interface MetricsServerOptions {
  /**
   * Name of the cluster.
   *
   * @defaultValue `unknown`
   */
  readonly cluster?: string | undefined;
  /**
   * Role of the server, such as `meta`, `replica`, `collector`.
   *
   * @defaultValue `unknown`
   */
  readonly role?: string | undefined;
  /**
   * Host name of the server.
   *
   * @defaultValue `os.hostname()`
   */
  readonly host?: string | undefined;
  /**
   * Port of the server.
   *
   * @defaultValue 0
   */
  readonly port?: number | undefined;
}

/** Names of {@link MetricsServerOptions}. */
export const SERVER_OPTIONS = [
  'cluster',
  'role',
  'host',
  'port',
] as const satisfies readonly (keyof MetricsServerOptions)[];

/**
 * Creates a function that makes snapshots of one server. Each has a greater timestamp than the one before, also when the clock of
 * the machine is set back.
 *
 * @param caller - Names the function of the public API in errors.
 * @param options - Its options.
 * @param others - Names of its other options.
 * @throws TypeError when an option is wrong.
 */
export function createSnapshots(
  caller: string,
  options: MetricsServerOptions,
  others: readonly string[] = [],
): (entities: readonly MetricEntity[]) => MetricsSnapshot {
  const server = readOptions(caller, options, [...SERVER_OPTIONS, ...others], (given) => {
    const { cluster = 'unknown', role = 'unknown', host = hostname(), port = 0 } = given;
    return {
      cluster: check.string(cluster, 'cluster'),
      role: check.string(role, 'role'),
      host: check.string(host, 'host'),
      port: check.integer(port, 'port', 0, 65_535),
    };
  });
  const nextTimestamp = createTimestamps();
  return (entities) => ({ ...server, timestampNs: nextTimestamp(), entities });
}

/** Creates a clock of Unix nanoseconds that never returns the same time twice. */
export function createTimestamps(): () => bigint {
  let last = 0n;
  return () => {
    const now = BigInt(Date.now()) * 1_000_000n;
    last = now > last ? now : last + 1n;
    return last;
  };
}
