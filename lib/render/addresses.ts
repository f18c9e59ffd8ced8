/** The one shape of addresses that this library parses: an IPv4 and a port. */
const IPV4_PORT = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3}):(\d{1,5})$/;

/**
 * Sorts addresses as a real server does: IPv4 numerically, then the port; whatever is no IPv4 address comes behind,
 * as text.
 */
export function sortAddresses(addresses: Iterable<string>): string[] {
  return [...addresses].sort(compareAddresses);
}

function compareAddresses(a: string, b: string): number {
  const [rankA, rankB] = [sortKeyOf(a), sortKeyOf(b)];
  if (rankA !== rankB) return rankA < rankB ? -1 : 1;
  return a < b ? -1 : 1;
}

/** A cluster has few addresses, and every answer sorts them. */
const sortKeys = new Map<string, number>();

/** How many addresses are remembered: more than any cluster has nodes. */
const MAX_CACHED_KEYS = 4096;

function sortKeyOf(address: string): number {
  let rank = sortKeys.get(address);
  if (rank === undefined) {
    rank = parseSortKey(address);
    if (sortKeys.size >= MAX_CACHED_KEYS) sortKeys.clear();
    sortKeys.set(address, rank);
  }
  return rank;
}

/** 48 bits of address and port, `Infinity` for what is not `ip:port`. */
function parseSortKey(address: string): number {
  const parts = IPV4_PORT.exec(address);
  if (parts === null) return Number.POSITIVE_INFINITY;
  const [a = 0, b = 0, c = 0, d = 0, port = 0] = parts.slice(1).map(Number);
  return (((a * 256 + b) * 256 + c) * 256 + d) * 65_536 + port;
}
