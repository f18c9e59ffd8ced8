// node:http: the handler is the request listener.
import { createServer } from 'node:http';
import { createPegasusHandler } from 'pegasus-http';
import { cluster } from './cluster.js';
import { port } from './port.js';

const server = createServer(createPegasusHandler(cluster));

server.listen(port, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open http://127.0.0.1:${actual}/`);
});
