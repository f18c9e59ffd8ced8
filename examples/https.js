// Serves the interface over node:https below a path. Node does not strip the path, so basePath is set.
// To try it: openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=localhost
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createPegasusHandler } from 'pegasus-http';
import { cluster } from './cluster.js';
import { port } from './port.js';

const server = createServer(
  {
    key: readFileSync(process.env.TLS_KEY ?? 'key.pem'),
    cert: readFileSync(process.env.TLS_CERT ?? 'cert.pem'),
  },
  createPegasusHandler(cluster, { basePath: '/pegasus' }),
);

server.listen(port, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open https://127.0.0.1:${actual}/pegasus/`);
});
