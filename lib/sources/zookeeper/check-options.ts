import { invalidParameters, type PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import { ignoreExceptions } from '../../validate/options.js';

const DAY_MS = 86_400_000;

/** Checks the servers and returns them as a list. */
export function checkServers(value: unknown): readonly string[] {
  if (typeof value !== 'string' && !Array.isArray(value))
    check.fail('servers', '"host:port,host:port" or an array', value);
  const servers = typeof value === 'string' ? value.split(',').map((server) => server.trim()) : value;
  const checked = check.list(servers, 'servers', checkServer);
  if (checked.length === 0) check.fail('servers', 'at least one address', servers);
  return Object.freeze(checked);
}

function checkServer(value: unknown, path: string): string {
  if (typeof value === 'string' && value.includes('/'))
    check.fail(path, 'host:port without a path (put a chroot into clusterRoot and lockRoot)', value);
  // The client library splits an address at its colons.
  if (typeof value === 'string' && (value.startsWith('[') || value.split(':').length > 2)) {
    const wrong = `${path} must be a host name or an IPv4 address, not ${describeValue(value)}`;
    throw invalidParameters(`${wrong}: give the IPv6 address a host name`);
  }
  return checkZookeeperAddress(value, path);
}

/** Checks the address of a ZooKeeper server. */
export function checkZookeeperAddress(value: unknown, path: string): string {
  try {
    return check.address(value, path);
  } catch {
    return check.fail(path, 'an address such as "10.0.0.1:2181"', value);
  }
}

/** Checks the path of a znode and returns it without a trailing slash. */
export function checkPath(value: unknown, path: string): string {
  if (typeof value === 'string' && isPath(value)) {
    return value === '/' || !value.endsWith('/') ? value : value.slice(0, -1);
  }
  return check.fail(path, 'the path of a znode such as "/pegasus/temp"', value);
}

function isPath(text: string): boolean {
  if (text === '/') return true;
  const [root, ...names] = (text.endsWith('/') ? text.slice(0, -1) : text).split('/');
  return root === '' && names.every((name) => name !== '' && !/^\.{1,2}$|\p{Cc}/u.test(name));
}

/** Checks the session timeout and fills in its default. */
export function checkSessionTimeout(value: unknown = 10_000): number {
  return check.integer(value, 'sessionTimeoutMs', 100, DAY_MS);
}

/** Checks the callbacks that {@link ZookeeperOptions} share. */
export function checkCallbacks(options: {
  onError?: ((error: PegasusError) => void) | undefined;
  onRecover?: ((message: string) => void) | undefined;
}) {
  return {
    report: ignoreExceptions(options.onError, 'onError'),
    reportRecovery: ignoreExceptions(options.onRecover, 'onRecover'),
  };
}
