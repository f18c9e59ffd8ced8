import { writeVersion } from '../../compiled/rows.js';
import type { ProcessVersion } from '../../model/cluster.js';
import { cachedDocument } from '../../render/body-cache.js';
import type { ChunkGenerator } from '../../render/chunk-buffer.js';
import { jsonText } from '../../render/format.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/process.js';

/** `GET /version`. */
export const versionRoute = defineRoute({
  path: '/version',
  group: 'process',
  access: 'read',
  summary: 'Returns the version of this process and the commit it was built from.',
  params: {},
  source: {
    part: 'processInfo',
    method: 'version',
    key: () => '',
    call: (processInfo, _, context) => processInfo.version(context),
  },
  response: { 'application/json': wire.version },
  render: (version) => renderVersion(version, undefined),
});

const renderVersion = cachedDocument<ProcessVersion>(Object.isFrozen, writeDocument);

function* writeDocument({ version, gitCommit }: ProcessVersion): ChunkGenerator {
  const row = { Version: jsonText(version, 'version'), GitCommit: jsonText(gitCommit, 'gitCommit') };
  yield `${writeVersion(row)}\n`;
}
