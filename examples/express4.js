// assumes express ^4 (installed here as express4)
// Express strips the mount path, so the handler needs no basePath. Other paths fall through to the next handler.
import express from 'express4';
import { createPegasusHandler } from 'pegasus-http';
import { cluster } from './cluster.js';
import { port } from './port.js';

const app = express();
app.use('/pegasus', createPegasusHandler(cluster));
app.get('/', (_req, res) => {
  res.send('the service itself');
});

const server = app.listen(port, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open http://127.0.0.1:${actual}/pegasus/`);
});
