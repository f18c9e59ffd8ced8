import type { ResolvedPprofOptions } from '../../pprof/formats.js';
import type { Route } from '../../routing/route.js';
import { defineProfileRoute } from './profile-route.js';

/** Creates the route of `GET /pprof/heap`. */
export function heapRoute(options: ResolvedPprofOptions): Route {
  return defineProfileRoute(
    {
      kind: 'heap',
      path: '/pprof/heap',
      method: 'profiler.heap',
      summary: 'Heap profile of this process in pprof format; with seconds, of what was allocated meanwhile.',
      standardFormat: 'gperftools',
      defaultSeconds: undefined,
      hasSeconds: true,
      take: (profiler, seconds, context) => profiler.heap(seconds, context),
    },
    options,
  );
}
