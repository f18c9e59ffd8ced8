// assumes fastify ^5 and @fastify/middie ^9
// middie cuts the mount path off and runs before fastify's own routes and body parsers.
import middie from '@fastify/middie';
import Fastify from 'fastify';
import { createPegasusHandler } from 'pegasus-http';
import { cluster } from './cluster.js';
import { port } from './port.js';

const app = Fastify();
await app.register(middie);
app.use('/pegasus', createPegasusHandler(cluster));
app.get('/', async () => 'the service itself');

const address = await app.listen({ port, host: '127.0.0.1' });
console.log(`open ${address}/pegasus/`);
