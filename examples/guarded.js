// Restricts access: every request needs a token, and profiles are served to this machine only. The token comes as a bearer token or as the
// password of Basic authentication with any user, because some tools send nothing else: go tool pprof http://pprof:$TOKEN@127.0.0.1:...
// TOKEN=$(openssl rand -hex 32) node examples/guarded.js
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { BlockList } from 'node:net';
import { createPegasusHandler } from 'pegasus-http';
import { processProfiler } from 'pegasus-http/profiler';
import { cluster } from './cluster.js';
import { port } from './port.js';

const { TOKEN = '' } = process.env;
// Without this check, a forgotten variable would make the empty token valid.
if (TOKEN.length < 16)
  throw new Error('TOKEN must have at least 16 characters: TOKEN=$(openssl rand -hex 32)');

/** @param {string} text */
const digest = (text) => createHash('sha256').update(text).digest();
const expected = digest(TOKEN);

/**
 * Checks the token in constant time. It compares digests, because `timingSafeEqual` needs equal lengths and an error for unequal ones
 * would reveal the length of the token.
 *
 * @param {string | undefined} authorization
 */
function hasToken(authorization = '') {
  const [, scheme = '', credentials = ''] = /^(Bearer|Basic) (.+)$/i.exec(authorization) ?? [];
  const isBasic = scheme.toLowerCase() === 'basic';
  const presented = isBasic ? passwordOf(credentials) : credentials;
  return timingSafeEqual(digest(presented), expected);
}

/**
 * Returns the password of Basic credentials: what follows the first colon. A user has no colon, a password may.
 *
 * @param {string} credentials
 */
function passwordOf(credentials) {
  const text = Buffer.from(credentials, 'base64').toString();
  const colon = text.indexOf(':');
  return colon === -1 ? '' : text.slice(colon + 1);
}

// BlockList also matches `::ffff:127.0.0.1`, the address of an IPv4 client on a server that listens on `::`.
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Checks whether the client is on this machine. X-Forwarded-For is ignored, because any client can set it. Behind a proxy on this
 * machine every client seems local: exclude `pprof` there.
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
      return hasToken(headers.authorization)
        ? 'allow'
        : { challenge: 'Basic realm="pegasus", Bearer realm="pegasus"' };
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
