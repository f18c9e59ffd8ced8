import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/child.js';
import { consumer, run } from '../support/consumer.js';
import { PEERS, TYPESCRIPTS } from './versions.js';

const RESOLUTIONS = [
  { module: 'node16', moduleResolution: 'node16' },
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
  { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true },
] as const;

/** TypeScript 6 deprecates it. */
const NO_NODE10 = '6';

/** Every resolution is compiled by the compilers at both ends of what the documents promise; those between compile one. */
function resolutionsOf(version: string, versions: readonly string[]) {
  const isEnd = version === versions[0] || version === versions.at(-1) || version.startsWith('5.9');
  const chosen = isEnd ? RESOLUTIONS : RESOLUTIONS.filter(({ module }) => module === 'nodenext');
  return chosen.filter(({ module }) => module !== 'commonjs' || version < NO_NODE10);
}

/** From here on TypeScript knows that Node's require() loads ES modules. */
const REQUIRES = '5.8';

const COMMON_JS = `
  import http = require('node:http');
  import pegasus = require('pegasus-http');
  import profiler = require('pegasus-http/profiler');

  const cluster = pegasus.memoryCluster({ nodes: ['127.0.0.1:34801'] }, { profiler: profiler.processProfiler() });
  http.createServer(pegasus.createPegasusHandler(cluster)).listen(0);
`;

describe.each(Object.entries(TYPESCRIPTS))('with @types/node %s', (nodeTypes, versions) => {
  let folder: string;

  beforeAll(async () => {
    const compilers = versions.map((version) => `typescript-${version}@npm:typescript@${version}`);
    const peers = Object.entries(PEERS).map(([peer, [lowest]]) => `${peer}@${lowest}`);
    // Not without optional packages: the compiler of TypeScript 7 is one, of each platform.
    folder = await consumer([`@types/node@${nodeTypes}`, ...peers, ...compilers], { optional: true });
    await copyFile(join(ROOT, 'test/compat/service.ts'), join(folder, 'service.ts'));
    await writeFile(join(folder, 'service.cts'), COMMON_JS);
  });

  describe.each(versions)('TypeScript %s compiles a service', (version) => {
    it.each(resolutionsOf(version, versions))(
      'under moduleResolution $moduleResolution',
      async (resolution) => {
        const commonJs = resolution.module === 'nodenext' && version >= REQUIRES;
        const tsconfig = join(folder, `tsconfig.${version}.${resolution.module}.json`);
        const compilerOptions = {
          ...resolution,
          target: 'es2022',
          types: ['node'],
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          noEmit: true,
        };
        const files = commonJs ? ['service.ts', 'service.cts'] : ['service.ts'];
        await writeFile(tsconfig, JSON.stringify({ compilerOptions, files }));
        const compiler = join(folder, 'node_modules', `typescript-${version}`);
        const output = await run(process.execPath, [join(compiler, 'bin/tsc'), '-p', tsconfig], {
          cwd: folder,
        }).catch((failed) => failed);
        expect(output.stdout).toBe('');
      },
    );
  });
});
