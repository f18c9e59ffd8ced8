// Carries a conversation out over a real socket, and hands back every byte that came.
import { connect } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {object} Heard
 * @property {Buffer} bytes
 * @property {boolean} hasEnded - Whether the server closed its half in order, and did not tear the connection down.
 * @property {boolean} wasSlow - Whether the client itself took so long, on a busy machine, that the server may have lost patience.
 * @property {boolean} isHung - Whether the server neither answered nor closed in time.
 */

/** Half of what the server allows for a head. */
const SLOW_MS = 2_500;

/** A client that leaves does so within this time. */
const LEAVE_MS = 20;

/** The same for a client that reads nothing: now and then the server has cut the connection off before. */
const UNREAD_MS = 500;
const LONG_UNREAD_MS = 15_000;

/**
 * @param {number} port
 * @param {import('./conversations.js').Conversation} conversation
 * @param {number} patienceMs - Within which the server must have closed the connection.
 * @returns {Promise<Heard>}
 */
export async function talk(port, { segments, pauseMs, ending }, patienceMs) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  /** @type {Buffer[]} */
  const chunks = [];
  let hasEnded = false;
  const closed = new Promise((resolve) => socket.on('close', () => resolve(false)));
  // A server that closes while the client still writes is in its rights.
  socket.on('error', () => {});
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('end', () => {
    hasEnded = true;
    socket.end();
  });
  if (ending === 'unread') socket.pause();
  const startMs = performance.now();
  for (const segment of segments) {
    if (socket.destroyed || hasEnded) break;
    socket.write(segment);
    if (pauseMs > 0) await sleep(pauseMs);
    else if (segments.length > 1) await setImmediate();
  }
  const wasSlow = performance.now() - startMs > SLOW_MS;
  if (ending === 'reset') {
    await setImmediate();
    socket.resetAndDestroy();
  } else if (ending === 'half-close') {
    socket.end();
  } else if (ending === 'leave') {
    await sleep(LEAVE_MS * Math.random());
    socket.destroy();
  } else if (ending === 'unread') {
    await sleep(Math.random() * (Math.random() < 0.1 ? LONG_UNREAD_MS : UNREAD_MS));
    socket.destroy();
  }
  const timer = new AbortController();
  const late = sleep(patienceMs, true, { signal: timer.signal }).catch(() => true);
  const isHung = await Promise.race([closed, late]);
  timer.abort();
  socket.destroy();
  return { bytes: Buffer.concat(chunks), hasEnded, wasSlow, isHung };
}
