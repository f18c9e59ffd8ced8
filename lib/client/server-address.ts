import * as check from '../validate/checks.js';

/** Where one server is. */
export interface ServerAddress {
  /** `host:port`, with a mount prefix behind it if there is one. Names the server in errors. */
  readonly name: string;
  /** Host name or IP address, as `node:http` takes it. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
  /** The mount prefix without a trailing slash; empty for none. */
  readonly prefix: string;
}

/**
 * Parses `host:port` or a base URL.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` if it is neither.
 */
export function parseServer(value: unknown, path: string): ServerAddress {
  const isUrl = typeof value === 'string' && value.includes('://');
  if (typeof value === 'string' && value.startsWith('https:'))
    check.fail(path, 'an address or a base URL of http, because Pegasus has no TLS', value);
  const address = isUrl ? value : `http://${check.address(value, path)}`;
  const { hostname, port, pathname } = new URL(check.baseUrl(address, path));
  let end = pathname.length;
  while (pathname[end - 1] === '/') end -= 1;
  const prefix = pathname.slice(0, end);
  return {
    // Of an IPv6 address in brackets, node:http takes only what is between them.
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    name: `${hostname}:${port === '' ? 80 : port}${prefix}`,
    port: port === '' ? 80 : Number(port),
    prefix,
  };
}

/** Returns the `host:port` that a `Location` points to; `undefined` if it is no URL, as `http://invalid address/` of an election is not. */
export function redirectTarget(location: string | undefined): string | undefined {
  const url = location === undefined || !URL.canParse(location) ? undefined : new URL(location);
  return url?.protocol === 'http:' ? `${url.hostname}:${url.port === '' ? 80 : url.port}` : undefined;
}
