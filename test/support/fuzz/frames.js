// A writer of HTTP/2 frames that are as wrong as one likes (RFC 9113, and of RFC 7541 the one form that needs no table).

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const TYPES = /** @type {const} */ ({
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
});

export const FLAGS = /** @type {const} */ ({
  END_STREAM: 1,
  ACK: 1,
  END_HEADERS: 4,
  PADDED: 8,
  PRIORITY: 32,
});

/**
 * @param {number} type
 * @param {number} flags
 * @param {number} stream
 * @param {Buffer} payload
 * @param {number} [length] - Of the payload, as the frame says; the truth by default.
 */
export function frame(type, flags, stream, payload, length = payload.length) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, payload]);
}

/**
 * A block of header fields, each a literal without indexing and without Huffman's code.
 *
 * @param {readonly (readonly [name: string, value: string])[]} fields - In Latin-1.
 */
export function fieldBlock(fields) {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), literal(name), literal(value)]));
}

/** @param {string} text */
function literal(text) {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([prefixed(bytes.length), bytes]);
}

/**
 * An integer with a prefix of seven bits (RFC 7541, 5.1).
 *
 * @param {number} value
 */
function prefixed(value) {
  if (value < 127) return Buffer.of(value);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.of(...bytes, rest);
}

/**
 * @param {number} value
 */
export function word(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/**
 * Takes apart what a server sent, and checks what holds of every server: whole frames of known types, and on each stream one head, then
 * data, then one end.
 *
 * @param {Buffer} bytes
 * @param {boolean} isWhole - Whether the last frame must be there to its end.
 * @returns {{ readonly ended: ReadonlySet<number>, readonly reset: ReadonlySet<number>, readonly hasGone: boolean }} The streams that
 *   were answered to the end and those that were not, and whether the server has said that it will close the connection.
 * @throws {Error} that says what is not in order.
 */
export function readFrames(bytes, isWhole) {
  const [begun, ended, reset] = [new Set(), new Set(), new Set()];
  let hasGone = false;
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < 9) {
      if (isWhole) throw new Error('half a head of a frame');
      break;
    }
    const [length, type, flags] = [bytes.readUIntBE(at, 3), bytes[at + 3] ?? 0, bytes[at + 4] ?? 0];
    const stream = bytes.readUInt32BE(at + 5);
    at += 9 + length;
    if (at > bytes.length && !isWhole) break;
    if (at > bytes.length || length > 16_384) throw new Error(`a frame of ${length} bytes`);
    switch (type) {
      case TYPES.HEADERS:
        if (begun.has(stream)) throw new Error(`two heads on stream ${stream}`);
        begun.add(stream);
        break;
      case TYPES.DATA:
        if (!begun.has(stream)) throw new Error(`data before a head on stream ${stream}`);
        break;
      case TYPES.RST_STREAM:
        reset.add(stream);
        continue;
      case TYPES.GOAWAY:
        hasGone = true;
        continue;
      case TYPES.SETTINGS:
      case TYPES.PING:
      case TYPES.WINDOW_UPDATE:
      case TYPES.CONTINUATION:
        continue;
      default:
        throw new Error(`a frame of type ${type}`);
    }
    if (ended.has(stream)) throw new Error(`more on stream ${stream}, which had ended`);
    if ((flags & FLAGS.END_STREAM) !== 0) ended.add(stream);
  }
  return { ended, reset, hasGone };
}
