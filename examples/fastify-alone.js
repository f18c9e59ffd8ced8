// assumes fastify ^5
// `go tool pprof http://127.0.0.1:34601/pegasus/pprof/heap` reads a profile of it.
// Without middie: a route in a plugin of its own, whose body parsers are removed, so that the handler gets the body of POST /pprof/symbol.
import Fastify from 'fastify';
import { createPegasusHandler } from 'pegasus-http';
import { processProfiler } from 'pegasus-http/profiler';
import { cluster } from './cluster.js';
import { port } from './port.js';

// Fastify does not strip the mount path.
const profiler = processProfiler({ heapSampleBytes: 65_536 });
const source = { ...cluster, processInfo: { ...cluster.processInfo, profiler } };
const handler = createPegasusHandler(source, { basePath: '/pegasus' });
const app = Fastify();
app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
  for (const path of ['/pegasus', '/pegasus/*']) {
    scope.all(path, (request, reply) => {
      reply.hijack(); // fastify does not touch the response
      handler(request.raw, reply.raw);
    });
  }
});
app.get('/', async () => 'the service itself');

const address = await app.listen({ port, host: '127.0.0.1' });
console.log(`open ${address}/pegasus/`);
