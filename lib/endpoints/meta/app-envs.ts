import type { ResponseBody } from '../../http/body.js';
import type { App } from '../../model/cluster.js';
import type { PegasusError } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { cachedDocument } from '../../render/body-cache.js';
import type { ChunkGenerator } from '../../render/chunk-buffer.js';
import { jsonText } from '../../render/format.js';
import { sortedObjectOf } from '../../render/json.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/meta.js';
import { appNameParam, isAvailable, notAvailable, tableNotFound } from './app-availability.js';
import { readApp, readAppEnvs } from './operations.js';

const ROUTE = {
  path: '/meta/app_envs',
  group: 'meta',
  access: 'read',
  summary: 'Returns the environment variables of a table.',
  params: { name: appNameParam },
  response: { 'application/json': wire.appEnvs },
} as const;

/** `GET /meta/app_envs` of a source that reads a table with its environment variables. */
export const appEnvsRoute = defineRoute({
  ...ROUTE,
  source: readApp,
  render: (found, { name }) => renderAppEnvs(found, name),
});

/** `GET /meta/app_envs` of a source that reads the two apart. */
export const separateAppEnvsRoute = defineRoute({
  ...ROUTE,
  source: readAppEnvs,
  render: (envs, { name }) => renderSeparateEnvs(envs, name),
});

/** Renders the environment variables of a table, or returns why it has none. */
export function renderAppEnvs(
  found: App | undefined,
  name: string,
): MaybePromise<ResponseBody | PegasusError> {
  if (!isAvailable(found)) return notAvailable(found, name);
  return appEnvsDocument(found, undefined);
}

const appEnvsDocument = cachedDocument(
  (app: App) => Object.isFrozen(app) && Object.isFrozen(app.envs),
  (app) => renderEnvs(app.envs),
);

function renderSeparateEnvs(
  envs: App['envs'] | null | undefined,
  name: string,
): MaybePromise<ResponseBody | PegasusError> {
  if (envs == null) return tableNotFound(name);
  return envsDocument(envs, undefined);
}

const envsDocument = cachedDocument<App['envs']>(Object.isFrozen, renderEnvs);

function* renderEnvs(envs: App['envs']): ChunkGenerator {
  const entries = Object.keys(envs).map(
    (key) => [key, `"${jsonText(envs[key] as string, `envs[${key}]`)}"`] as const,
  );
  yield `${sortedObjectOf(entries)}\n`;
}
