import type { ResponseBody } from '../../http/body.js';
import type { App } from '../../model/cluster.js';
import { PegasusError } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { keptBody } from '../../render/body-cache.js';
import { escapeJson, jsonText } from '../../render/format.js';
import { objectOf, property } from '../../render/json.js';
import { type Rendering, UNFROZEN } from '../../render/time-slicing.js';
import { availableApp } from './app-availability.js';

/** `/meta/app_envs` */
export function appEnvsAnswer(
  found: App | undefined,
  asked: string,
): MaybePromise<ResponseBody | PegasusError> {
  const app = availableApp(found, asked);
  if (app instanceof PegasusError) return app;
  return keptBody(app, 'app_envs', () => renderEnvs(app));
}

function* renderEnvs(app: App): Rendering {
  const { envs } = app;
  if (!Object.isFrozen(app) || !Object.isFrozen(envs)) yield UNFROZEN;
  // A real server keeps them in a std::map of strings: by the bytes of their UTF-8, which UTF-16 order is not.
  const keys = Object.keys(envs).map((key) => ({ key, bytes: Buffer.from(key) }));
  keys.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const members = keys.map(({ key }) =>
    property(escapeJson(key), `"${jsonText(envs[key] as string, `envs[${key}]`)}"`),
  );
  yield `${objectOf(members)}\n`;
}
