// For hosts that pass a Request and expect a Response. Bun runs it as it is: `bun fetch.js`.
// Deno: `deno serve --allow-all --host 127.0.0.1 --port 34601 fetch.js`.
import { createPegasusFetch } from 'pegasus-http';
import { cluster } from './cluster.js';
import { port } from './port.js';

// These hosts do not strip the mount path.
const pegasus = createPegasusFetch(cluster, { basePath: '/pegasus' });

export default {
  port,
  hostname: '127.0.0.1',
  /** @type {(request: Request, ...host: unknown[]) => Response | Promise<Response>} */
  fetch(request, ...host) {
    const isPegasus = new URL(request.url).pathname.startsWith('/pegasus');
    return isPegasus ? pegasus(request, ...host) : new Response('the service itself');
  },
};
