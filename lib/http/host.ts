import { cacheRecent } from './cache-recent.js';

/** A host and a port in one spelling. */
export interface HostAndPort {
  /** Lower case, without brackets and trailing dot; IPv4-mapped IPv6 addresses as IPv4. */
  readonly hostname: string;
  /** Empty if none is given. */
  readonly port: string;
}

/** Parses a `Host` header; `undefined` if it is none. The last results are cached, because clients address a server by few names. */
export const parseHost: (header: string | undefined) => HostAndPort | undefined = cacheRecent((header) => {
  if (header === undefined || !/^[^/?#@\\\s]+$/.test(header) || !URL.canParse(`http://${header}`))
    return undefined;
  const explicitPort = /:(\d+)$/.exec(header)?.[1];
  return {
    hostname: canonicalHostname(new URL(`http://${header}`).hostname),
    port: explicitPort === undefined ? '' : String(Number(explicitPort)),
  };
});

/** Converts a host name or an address to one spelling. */
export function canonicalHostname(hostname: string): string {
  const bare = hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return mappedIpv4(bare) ?? bare;
}

/** Returns the IPv4 address of `::ffff:127.0.0.1` or `::ffff:7f00:1`. */
function mappedIpv4(address: string): string | undefined {
  const [, dotted, high, low] = /^::ffff:(?:([\d.]+)|([0-9a-f]+):([0-9a-f]+))$/.exec(address) ?? [];
  if (dotted !== undefined) return dotted;
  if (high === undefined || low === undefined) return undefined;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** Whether a `Host` header names one of the hosts, whose names are canonical. */
export function namesHost(header: string | undefined, hosts: ReadonlySet<string>): boolean {
  const host = parseHost(header);
  return host !== undefined && hosts.has(host.hostname);
}

/** Joins a host name or an address, which has no brackets, with a port. */
export function joinHostPort(hostname: string, port: number): string {
  return hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
