// node:http: the handler is the request listener.
import { createServer } from 'node:http';
import { createPegasusHandler } from 'pegasus-http';
import { cluster } from './cluster.js';

const server = createServer(createPegasusHandler(cluster));

server.listen(Number(process.env.PORT ?? 34601), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open http://127.0.0.1:${port}/`);
});
