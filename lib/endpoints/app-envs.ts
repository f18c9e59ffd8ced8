import type { Body } from '../body.js';
import type { App, MaybePromise } from '../contracts.js';
import { PegasusError } from '../errors.js';
import { keptBody } from '../kept.js';
import { type Rendering, UNFROZEN } from '../render.js';
import { plain, text } from '../text/format.js';
import { jsonObject, member } from '../text/json.js';
import { availableApp } from './available.js';

/** `/meta/app_envs` */
export function appEnvsAnswer(found: App | undefined, asked: string): MaybePromise<Body | PegasusError> {
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
  const members = keys.map(({ key }) => member(plain(key), `"${text(envs[key] as string, `envs[${key}]`)}"`));
  yield `${jsonObject(members)}\n`;
}
