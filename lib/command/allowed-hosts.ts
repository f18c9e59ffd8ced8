import { BlockList, isIP } from 'node:net';
import { canonicalHostname } from '../http/host.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a server that listens on a host name or an address is reached from this machine only. */
export function isLoopback(host: string): boolean {
  const name = canonicalHostname(host);
  const version = isIP(name);
  if (version === 0) return name === 'localhost';
  return LOOPBACK.check(name, version === 6 ? 'ipv6' : 'ipv4');
}

/** The names by which clients reach a server on loopback. Under others, pages of other sites could reach it (DNS rebinding). */
export function loopbackNames(host: string): readonly string[] {
  return [...new Set([canonicalHostname(host), 'localhost', '127.0.0.1', '::1'])];
}
