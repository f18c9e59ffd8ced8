/** The largest packet that is believed: ZooKeeper's own limit (`jute.maxbuffer`) is 1 MB by default. */
const LARGEST = 64 * 2 ** 20;

/**
 * Cuts what arrives into packets, each behind its length. The library does that by itself as well, but it copies the rest of
 * what has arrived for each packet and goes one level deeper into the stack.
 *
 * @param use - Called for each packet, its length in front.
 * @returns To be called with what arrives; throws when that has no packets in it.
 */
export function packetReader(use: (packet: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined;

  return function onChunk(chunk) {
    const data = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    while (data.length - start >= 4) {
      const size = data.readInt32BE(start);
      if (size < 0 || size > LARGEST) throw new RangeError(`a packet of ${size} bytes`);
      if (data.length - start - 4 < size) break;
      use(data.subarray(start, start + 4 + size));
      start += 4 + size;
    }
    rest = start < data.length ? data.subarray(start) : undefined;
  };
}
