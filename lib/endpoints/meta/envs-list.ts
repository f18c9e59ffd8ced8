import { writeKnownEnv } from '../../compiled/rows.js';
import { jsonBody } from '../../http/body.js';
import { escapeJson } from '../../render/format.js';
import { sortedObjectOf } from '../../render/json.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { KNOWN_ENVS } from './known-envs.js';

/** `GET /envs/list`. A backup answers it itself, because the list is the same on all meta servers. */
export const envsListRoute = defineRoute({
  path: '/envs/list',
  group: 'meta',
  access: 'read',
  summary: 'Lists the environment variables that tables can have.',
  params: {},
  servedWith: 'metaState',
  response: { 'application/json': wire.knownEnvs },
  render: () => BODY,
});

const BODY = jsonBody(
  `${sortedObjectOf(
    KNOWN_ENVS.map(([name, type, sample, limitation]) => [
      name,
      writeKnownEnv({
        limitation: escapeJson(limitation),
        sample: escapeJson(sample),
        type: escapeJson(type),
      }),
    ]),
  )}\n`,
);
