import { hostname } from 'node:os';
import type { MetricEntity, MetricsSnapshot } from '../../model/metric.js';
import { describeValue } from '../../validate/describe-value.js';
import { checkOptionKeys } from '../../validate/unknown-key.js';

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
  checkOptionKeys(options, [...SERVER_OPTIONS, ...others], caller);
  const { cluster = 'unknown', role = 'unknown', host = hostname(), port = 0 } = options;
  for (const [name, value] of Object.entries({ cluster, role, host })) {
    if (typeof value !== 'string')
      throw new TypeError(`${caller}: ${name} must be a string, not ${describeValue(value)}`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`${caller}: port must be an integer from 0 to 65535, not ${describeValue(port)}`);
  const nextTimestamp = createTimestamps();
  return (entities) => ({ cluster, role, host, port, timestampNs: nextTimestamp(), entities });
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
