import type { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';

const DAY_MS = 86_400_000;

/** The list of servers, whichever way it was given. */
export function checkServers(value: unknown): readonly string[] {
  const servers = typeof value === 'string' ? value.split(',').map((server) => server.trim()) : value;
  const checked = check.list(servers, 'servers', server);
  if (checked.length === 0) check.fail('servers', 'at least one address', servers);
  return Object.freeze(checked);
}

/** The client library takes servers apart at their colons, and so knows no IPv6 literals. */
function server(value: unknown, where: string): string {
  const address = check.address(value, where);
  return address.startsWith('[') ? check.fail(where, 'a host name or an IPv4 address', value) : address;
}

/** A znode's path, without a slash at its end. */
export function checkPath(value: unknown, where: string): string {
  if (typeof value === 'string' && /^(\/[^/\0]+)+\/?$|^\/$/.test(value) && !/\/\.{1,2}(\/|$)/.test(value)) {
    return value === '/' ? value : value.replace(/\/$/, '');
  }
  return check.fail(where, 'the path of a znode such as "/pegasus/temp"', value);
}

export function checkSessionTimeout(value: unknown = 10_000): number {
  return check.integer(value, 'sessionTimeoutMs', 100, DAY_MS);
}

export function checkOptionalFunction<F>(value: F, where: string): F {
  if (value === undefined || typeof value === 'function') return value;
  return check.fail(where, 'a function', value);
}

/** Calls the host back; whatever it does stays there. */
export function reporter(
  onError: ((error: PegasusError) => void) | undefined,
): (error: PegasusError) => void {
  const report = checkOptionalFunction(onError, 'onError');
  return (error) => {
    new Promise((resolve) => resolve(report?.(error))).catch(() => {});
  };
}
