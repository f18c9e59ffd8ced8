import type { ResolvedPprofOptions } from '../../pprof/formats.js';
import type { Route } from '../../routing/route.js';
import { defineProfileRoute } from './profile-route.js';

/** The duration that `google-pprof` asks for by itself. Go's `pprof` stops waiting after 60 seconds if it names none. */
const DEFAULT_SECONDS = 30;

/** Creates the route of `GET /pprof/profile`. */
export function profileRoute(options: ResolvedPprofOptions): Route {
  const defaultSeconds = Math.min(DEFAULT_SECONDS, options.maxDurationSeconds);
  return defineProfileRoute(
    {
      kind: 'cpu',
      path: '/pprof/profile',
      method: 'profiler.cpu',
      summary: `CPU profile of this process in pprof format, over ${defaultSeconds} seconds by default.`,
      standardFormat: 'proto',
      defaultSeconds,
      hasSeconds: true,
      take: (profiler, seconds = defaultSeconds, context) => profiler.cpu(seconds, context),
    },
    options,
  );
}
