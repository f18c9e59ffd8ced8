import { type ResponseBody, uncachedJson } from '../../http/body.js';
import type { ConfigFlag } from '../../model/config.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import { param } from '../../routing/params.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/config.js';
import { renderFlag } from './flag-row.js';

/** `GET /config`. */
export const configRoute = defineRoute({
  path: '/config',
  group: 'config',
  access: 'read',
  summary: 'Returns one configuration flag of this process.',
  params: { name: param.requiredString('flag_name', "name shouldn't be empty") },
  rejectUnknownParams: true,
  source: {
    part: 'config',
    method: 'flag',
    key: ({ name }) => name,
    call: (config, { name }, context) => config.flag(name, context),
  },
  response: { 'application/json': wire.configFlag },
  render: (flag, { name }) => renderConfig(flag, name),
});

function renderConfig(flag: ConfigFlag | undefined, requested: string): ResponseBody | PegasusError {
  if (flag === undefined) return clientError('ERR_OBJECT_NOT_FOUND', `'${requested}' is not found`);
  return uncachedJson(renderFlag(flag));
}
