// assumes hono ^4 and @hono/node-server ^2
// app.mount strips the mount path, so the handler needs no basePath.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createPegasusFetch } from 'pegasus-http';
import { cluster } from './cluster.js';
import { port } from './port.js';

const app = new Hono();
app.mount('/pegasus', createPegasusFetch(cluster));
app.get('/', (c) => c.text('the service itself'));

serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, ({ port: actual }) => {
  console.log(`open http://127.0.0.1:${actual}/pegasus/`);
});
