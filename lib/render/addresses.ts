import type { Compatibility } from '../model/enums.js';

/** An IPv4 address and a port. */
const IPV4_PORT = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3}):(\d{1,5})$/;

/**
 * Sorts addresses as a real server does. Up to 2.5: IPv4 addresses numerically, then by port, and other addresses after them as text.
 * From 2.6 on: the hosts as text, then by port.
 */
export function sortAddresses(addresses: Iterable<string>, compatibility: Compatibility): string[] {
  return compatibility === '2.5' ? [...addresses].sort(compareAddresses) : sortByHost(addresses);
}

function sortByHost(addresses: Iterable<string>): string[] {
  return Array.from(addresses, splitAddress)
    .sort((a, b) => compare(a.host, b.host) || a.port - b.port || compare(a.address, b.address))
    .map(({ address }) => address);
}

/** A text without a port sorts before the same host with one. */
function splitAddress(address: string): { address: string; host: string; port: number } {
  const colon = address.lastIndexOf(':');
  const port =
    /^\d{1,5}$/.test(address.slice(colon + 1)) && colon !== -1 ? Number(address.slice(colon + 1)) : -1;
  return { address, host: port === -1 ? address : address.slice(0, colon), port };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareAddresses(a: string, b: string): number {
  const [keyA, keyB] = [sortKeyOf(a), sortKeyOf(b)];
  if (keyA !== keyB) return keyA < keyB ? -1 : 1;
  return compare(a, b);
}

/** Sort keys by address. A cluster has few addresses, and every response sorts them. */
const sortKeys = new Map<string, number>();

/** More entries than any cluster has nodes. */
const MAX_CACHED_KEYS = 4096;

/** Longer addresses are not cached, so that the cache stays small. */
const MAX_CACHED_LENGTH = 64;

function sortKeyOf(address: string): number {
  let key = sortKeys.get(address);
  if (key === undefined) {
    key = parseSortKey(address);
    if (address.length > MAX_CACHED_LENGTH) return key;
    if (sortKeys.size >= MAX_CACHED_KEYS) sortKeys.clear();
    sortKeys.set(address, key);
  }
  return key;
}

/** Combines address and port into 48 bits. `Infinity` for text that is not `ip:port`. */
function parseSortKey(address: string): number {
  const parts = IPV4_PORT.exec(address);
  if (parts === null) return Number.POSITIVE_INFINITY;
  const [a = 0, b = 0, c = 0, d = 0, port = 0] = parts.slice(1).map(Number);
  return (((a * 256 + b) * 256 + c) * 256 + d) * 65_536 + port;
}
