import type { ConfigFlag } from '../../model/config.js';
import { cachedDocument } from '../../render/body-cache.js';
import type { ChunkGenerator } from '../../render/chunk-buffer.js';
import { assertArray, assertString, escapeJson } from '../../render/format.js';
import { property } from '../../render/json.js';
import { defineRoute } from '../../routing/route.js';
import { describeValue } from '../../validate/describe-value.js';
import * as wire from '../../wire/config.js';
import { renderFlag } from './flag-row.js';

/** `GET /configs`. */
export const configsRoute = defineRoute({
  path: '/configs',
  group: 'config',
  access: 'read',
  summary: 'Lists the configuration flags of this process.',
  params: {},
  rejectUnknownParams: true,
  source: {
    part: 'config',
    method: 'flags',
    key: () => '',
    call: (config, _, context) => config.flags(context),
  },
  response: { 'application/json': wire.configs },
  render: (flags) => renderConfigs(flags, undefined),
});

const renderConfigs = cachedDocument(isFrozen, writeConfigs);

function isFrozen(flags: readonly ConfigFlag[]): boolean {
  return Object.isFrozen(flags) && assertArray(flags, 'flags').every(Object.isFrozen);
}

function* writeConfigs(flags: readonly ConfigFlag[]): ChunkGenerator {
  // A real server sorts them in a std::map by the bytes of their names.
  const rows = Array.from(assertArray(flags, 'flags'), (flag) => {
    const bytes = Buffer.from(assertString(flag.name, 'name'));
    return { name: flag.name, bytes, flag };
  });
  rows.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  yield '{';
  for (const [i, { name, flag }] of rows.entries()) {
    if (i > 0 && rows[i - 1]?.name === name) {
      throw new TypeError(`flags has the name ${describeValue(name)} twice`);
    }
    yield `${i === 0 ? '' : ','}${property(escapeJson(name), renderFlag(flag))}`;
  }
  yield '}\n';
}
