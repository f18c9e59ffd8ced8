// Serves HTTP/2 by Node's compatibility API, and HTTP/1.1 for clients without HTTP/2.
// To try it: openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=localhost
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createPegasusHandler } from 'pegasus-http';
import { cluster } from './cluster.js';
import { port } from './port.js';

const server = createSecureServer(
  {
    key: readFileSync(process.env.TLS_KEY ?? 'key.pem'),
    cert: readFileSync(process.env.TLS_CERT ?? 'cert.pem'),
    allowHTTP1: true,
  },
  createPegasusHandler(cluster),
);

server.listen(port, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open https://127.0.0.1:${actual}/`);
});
