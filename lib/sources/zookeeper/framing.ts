/** Largest accepted frame in bytes. ZooKeeper's own limit (`jute.maxbuffer`) is 1 MB by default. */
const MAX_FRAME_BYTES = 64 * 2 ** 20;

/**
 * Splits a byte stream into frames. Each frame starts with its length in 4 bytes.
 *
 * The client library splits frames as well, but it copies the rest of the chunk for every frame and recurses once per frame.
 *
 * @param onFrame - Receives each frame, including its length.
 * @returns A function that takes the chunks of the stream. It throws if a length is impossible.
 */
export function createFrameReader(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let needed = 4;

  return function onChunk(chunk) {
    chunks.push(chunk);
    buffered += chunk.length;
    // Waiting for the whole frame copies a large one once, and not again for every chunk of it.
    if (buffered < needed) return;
    const data = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    let start = 0;
    needed = 4;
    while (data.length - start >= 4) {
      const size = data.readInt32BE(start);
      if (size < 0 || size > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${size} bytes`);
      needed = 4 + size;
      if (data.length - start < needed) break;
      onFrame(data.subarray(start, start + needed));
      start += needed;
      needed = 4;
    }
    chunks = start < data.length ? [data.subarray(start)] : [];
    buffered = data.length - start;
  };
}
