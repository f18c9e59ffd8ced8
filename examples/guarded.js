// Who may see what: a bearer token opens everything, and profiles come only to this machine on top of it.
// TOKEN=$(openssl rand -hex 32) node examples/guarded.js
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { BlockList } from 'node:net';
import { createPegasusHandler } from 'pegasus-http';
import { processProfiler } from 'pegasus-http/profiler';
import { cluster } from './cluster.js';
import { port } from './port.js';

const { TOKEN = '' } = process.env;
// Without this check a forgotten variable would make the empty token the right one.
if (TOKEN.length < 16)
  throw new Error('TOKEN must have 16 characters at least: TOKEN=$(openssl rand -hex 32)');

/** @param {string} text */
const digest = (text) => createHash('sha256').update(text).digest();
const expected = digest(TOKEN);

/**
 * Takes the same time for every wrong token. Digests are compared for two reasons: `timingSafeEqual` wants equal lengths, and
 * would else tell the length of the right one.
 *
 * @param {string | undefined} authorization
 */
function hasToken(authorization = '') {
  const presented = /^Bearer (.+)$/i.exec(authorization)?.[1] ?? '';
  return timingSafeEqual(digest(presented), expected);
}

// The list sees through `::ffff:127.0.0.1`, which is how a server that listens on `::` sees IPv4 clients.
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Whether the other end of the connection is on this machine. X-Forwarded-For is not looked at: whoever asks can write into it what he
 * likes. Behind a proxy on this machine everybody is on this machine, so there leave `pprof` out.
 *
 * @param {import('node:net').Socket} socket
 */
function isLocal({ remoteAddress, remoteFamily }) {
  return (
    remoteAddress !== undefined && loopback.check(remoteAddress, remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4')
  );
}

const handler = createPegasusHandler(
  { ...cluster, processInfo: { ...cluster.processInfo, profiler: processProfiler() } },
  {
    authorize({ headers, socket }, { group }) {
      if (group === 'pprof' && !isLocal(socket)) return 'deny';
      return hasToken(headers.authorization) ? 'allow' : { challenge: 'Bearer realm="pegasus"' };
    },
    onError: (error, { url }, endpoint) => console.error(endpoint?.path ?? url, error.message, error.cause),
  },
);

const server = createServer(handler);
server.listen(port, process.env.HOST ?? '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open http://127.0.0.1:${actual}/`);
  console.log(`curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:${actual}/meta/apps`);
});
