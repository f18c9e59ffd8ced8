import type { ResponseBody } from '../../http/body.js';
import type { App } from '../../model/cluster.js';
import { PegasusError } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { cachedBody } from '../../render/body-cache.js';
import type { ChunkGenerator } from '../../render/chunk-buffer.js';
import { jsonText } from '../../render/format.js';
import { sortedObjectOf } from '../../render/json.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/meta.js';
import { appNameParam, requireAvailable } from './app-availability.js';
import { readApp } from './operations.js';

/** `GET /meta/app_envs`. */
export const appEnvsRoute = defineRoute({
  path: '/meta/app_envs',
  group: 'meta',
  access: 'read',
  summary: 'Returns the environment variables of a table.',
  params: { name: appNameParam },
  source: readApp,
  response: { 'application/json': wire.appEnvs },
  render: (found, { name }) => renderAppEnvs(found, name),
});

/** Renders the environment variables of a table, or returns why it has none. */
export function renderAppEnvs(
  found: App | undefined,
  name: string,
): MaybePromise<ResponseBody | PegasusError> {
  const app = requireAvailable(found, name);
  if (app instanceof PegasusError) return app;
  const isFrozen = () => Object.isFrozen(app) && Object.isFrozen(app.envs);
  return cachedBody(app, 'app_envs', isFrozen, () => renderEnvs(app.envs));
}

function* renderEnvs(envs: App['envs']): ChunkGenerator {
  const entries = Object.keys(envs).map(
    (key) => [key, `"${jsonText(envs[key] as string, `envs[${key}]`)}"`] as const,
  );
  yield `${sortedObjectOf(entries)}\n`;
}
