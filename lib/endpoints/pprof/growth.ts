import type { ResolvedPprofOptions } from '../../pprof/formats.js';
import type { Route } from '../../routing/route.js';
import { defineProfileRoute } from './profile-route.js';

/** Creates the route of `GET /pprof/growth`. */
export function growthRoute(options: ResolvedPprofOptions): Route {
  return defineProfileRoute(
    {
      kind: 'growth',
      path: '/pprof/growth',
      method: 'profiler.growth',
      summary: 'Profile of the growth of the heap of this process in pprof format.',
      standardFormat: 'gperftools',
      defaultSeconds: undefined,
      hasSeconds: false,
      take: (profiler, _, context) => profiler.growth(context),
    },
    options,
  );
}
