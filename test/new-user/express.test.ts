import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { node } from '../support/child.js';
import { consumer, run } from '../support/consumer.js';
import { examplesOf } from '../support/host-example.js';
import { clientOf } from '../support/http.js';

/** The flags of a careful service. */
const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2022',
  rootDir: 'src',
  outDir: 'dist',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
};

const SERVICE = `import type { AddressInfo } from 'node:net';
import express, { type Request } from 'express';
import { createPegasusHandler, memoryCluster } from 'pegasus-http';

interface SignedInRequest extends Request {
  user?: { readonly isOperator: boolean };
}

const app = express();
app.use(express.json());
app.use((req: SignedInRequest, _res, next) => {
  if (req.headers.authorization === 'Bearer operator') req.user = { isOperator: true };
  next();
});
const cluster = memoryCluster({ nodes: ['127.0.0.1:34801'], apps: [{ appName: 'temp', partitionCount: 8 }] });
app.use(
  '/ops/pegasus',
  createPegasusHandler<SignedInRequest>(cluster, {
    authorize: (req) => (req.user?.isOperator === true ? 'allow' : { challenge: 'Bearer' }),
  }),
);
app.get('/', (_req, res) => void res.send('the service itself'));
const server = app.listen(0, '127.0.0.1', () => {
  console.log(\`open http://127.0.0.1:\${(server.address() as AddressInfo).port}\`);
});
`;

describe('a service on express, in JavaScript and TypeScript', () => {
  examplesOf('express');

  it('compiles under strict flags, and guards its mount', async () => {
    const folder = await consumer(['express@5', '@types/express@5', '@types/node@20', 'typescript@5.9']);
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'src/service.ts'), SERVICE);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
    const compiled = await run('npx', ['tsc'], { cwd: folder }).catch((failed) => failed);
    expect(compiled.stdout).toBe('');
    const child = node([join(folder, 'dist/service.js')], { cwd: folder });
    const [, origin = ''] = /open (http:\S+)\n/.exec(await child.says(/open http\S+\n/)) ?? [];
    const client = clientOf(origin);
    expect((await client.get('/')).body).toBe('the service itself');
    expect((await client.get('/ops/pegasus/meta/app?name=temp')).status).toBe(401);
    const authorization = 'Bearer operator';
    const response = await client.send('GET', '/ops/pegasus/meta/app?name=temp', { authorization });
    expect(response.status).toBe(200);
    expect(JSON.parse(response.body).general.partition_count).toBe('8');
  });
});
