// assumes koa ^3, koa-mount ^4 and koa-connect ^2
// koa-mount strips the mount path. koa-connect passes (req, res, next) to the handler.
import Koa from 'koa';
import connect from 'koa-connect';
import mount from 'koa-mount';
import { createPegasusHandler } from 'pegasus-http';
import { cluster } from './cluster.js';
import { port } from './port.js';

const app = new Koa();
// A body parser may stand here. It leaves its result in ctx.request, and the handler takes it from the Node request (POST /pprof/symbol).
app.use((ctx, next) => {
  Object.assign(ctx.req, {
    body: /** @type {any} */ (ctx.request).rawBody ?? /** @type {any} */ (ctx.request).body,
  });
  return next();
});
app.use(mount('/pegasus', connect(createPegasusHandler(cluster))));
app.use((ctx) => {
  if (ctx.path === '/') ctx.body = 'the service itself';
});

const server = app.listen(port, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open http://127.0.0.1:${actual}/pegasus/`);
});
