import type { App } from '../contracts.js';
import { text } from '../text/format.js';
import { jsonObject, member, quote } from '../text/json.js';
import { availableApp } from './available.js';

/** `/meta/app_envs` */
export function appEnvsAnswer(found: App | undefined, asked: string): string {
  const { envs } = availableApp(found, asked);
  // A real server keeps them in a std::map of strings: by the bytes of their UTF-8, which UTF-16 order is not.
  const keys = Object.keys(envs).map((key) => ({ key, bytes: Buffer.from(key) }));
  keys.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  return jsonObject(keys.map(({ key }) => member(key, quote(text(envs[key] as string, `envs[${key}]`)))));
}
