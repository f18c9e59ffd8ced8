// HTTP/2 connections of frames that no client would write. What comes back is read by Node's own client, which is strict.
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { FLAGS, fieldBlock, frame, PREFACE, readFrames, TYPES } from './frames.js';
import { hostileFrames, SOUND } from './hostile-frames.js';
import { judgeStream } from './http2.js';
import { valid } from './targets.js';

/**
 * @param {import('./random.js').Random} random
 * @param {number} port
 * @param {import('./judge.js').Rules} rules
 * @param {number} patienceMs
 * @returns {Promise<{ readonly requests: number, readonly statuses: readonly number[] }>}
 * @throws {Error} that says what is wrong with what came.
 */
export async function talkFrames(random, port, rules, patienceMs) {
  const sound = 1 + random.int(4);
  const requests = Array.from({ length: sound }, () => ({ method: 'GET', ...valid(random) }));
  const isHostile = random.chance(0.9);
  /** @type {Buffer[]} */
  const written = [
    random.chance(0.03) ? Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n') : PREFACE,
    frame(TYPES.SETTINGS, 0, 0, Buffer.alloc(0)),
    ...requests.map(({ target }, i) => {
      const fields = SOUND.map((field) =>
        field[0] === ':path' ? /** @type {const} */ ([':path', target]) : field,
      );
      return frame(TYPES.HEADERS, FLAGS.END_STREAM | FLAGS.END_HEADERS, 1 + 2 * i, fieldBlock(fields));
    }),
  ];
  const isBroken = written[0] !== PREFACE;
  const [name, make] = hostileFrames(random, 1 + 2 * sound);
  if (isHostile) written.push(make());
  const bytes = await exchange(port, Buffer.concat(written), sound, isHostile, patienceMs).catch((error) => {
    throw new Error(`${name}: ${error.message}`);
  });
  const { ended, hasGone } = readFrames(bytes, false);
  if (isBroken) return { requests: 1, statuses: [] };
  // What came before the hostile frames is in order, unless these ended the connection.
  for (let i = 0; i < sound; i += 1) {
    if (!ended.has(1 + 2 * i) && !hasGone && !isHostile) throw new Error(`no answer on stream ${1 + 2 * i}`);
  }
  const statuses = await decode(bytes, requests, ended, rules);
  return { requests: sound + 1, statuses };
}

/**
 * Writes, and gathers what comes until the server closes, or all of `sound` streams have been answered and nothing more comes.
 *
 * @param {number} port
 * @param {Buffer} written
 * @param {number} sound
 * @param {boolean} isHostile
 * @param {number} patienceMs
 */
async function exchange(port, written, sound, isHostile, patienceMs) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  /** @type {Buffer[]} */
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = once(socket, 'close');
  socket.write(written);
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    const isClosed = await Promise.race([closed.then(() => true), sleep(10, false)]);
    if (isClosed) return Buffer.concat(chunks);
    const { ended, reset } = readFrames(Buffer.concat(chunks), false);
    const isAnswered = Array.from({ length: sound }, (_, i) => 1 + 2 * i).every(
      (id) => ended.has(id) || reset.has(id),
    );
    if (!isAnswered) continue;
    if (isHostile) await Promise.race([closed, sleep(10)]);
    socket.destroy();
    return Buffer.concat(chunks);
  }
  socket.destroy();
  throw new Error('hung: the server neither answered nor closed the connection');
}

/**
 * Judges the streams that were answered to the end. Node's client reads them: it is made believe that it asked.
 *
 * @param {Buffer} bytes
 * @param {readonly import('./judge.js').Request[]} requests
 * @param {ReadonlySet<number>} ended
 * @param {import('./judge.js').Rules} rules
 */
async function decode(bytes, requests, ended, rules) {
  const wire = new Duplex({ read() {}, write: (_, __, done) => done() });
  const session = connectHttp2('http://127.0.0.1', { createConnection: () => wire });
  session.on('error', () => {});
  /** @type {number[]} */
  const statuses = [];
  /** @type {unknown[]} */
  const complaints = [];
  const streams = requests.map((request, i) => {
    const stream = session.request({ ':method': request.method, ':path': '/' });
    /** @type {Buffer[]} */
    const chunks = [];
    stream.on('error', () => {});
    stream.on('data', (chunk) => chunks.push(chunk));
    return new Promise((resolve) => {
      stream.on('close', resolve);
      stream.on('response', (head) => {
        stream.on('end', () => {
          try {
            if (ended.has(1 + 2 * i)) statuses.push(judgeStream(head, Buffer.concat(chunks), request, rules));
          } catch (error) {
            complaints.push(error);
          }
        });
      });
    });
  });
  await new Promise((resolve) => setImmediate(resolve));
  wire.push(bytes);
  wire.push(null);
  await Promise.race([Promise.all(streams), sleep(500)]);
  session.destroy();
  if (complaints.length > 0) throw complaints[0];
  return statuses;
}
