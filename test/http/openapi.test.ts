import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  configRegistry,
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
  openApiDocument,
  perfCounterRegistry,
  processInfo,
} from '../../lib/index.js';
import { ENDPOINT_GROUPS } from '../../lib/routing/endpoint.js';
import { ROOT } from '../support/child.js';
import { RELEASES, recordedOperations } from '../support/recorded-operations.js';
import { RECORDINGS } from '../support/recordings.js';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly 'x-pegasus-access': string;
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>;
}

/** Everything of the interface. */
const whole = openApiDocument();
const paths = whole.paths as Record<string, Record<string, Operation>>;

/** Compiles the schema of a response. */
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(whole as object, 'openapi.json');

const validators = new Map<string, ValidateFunction>();

function validatorOf(path: string, status = '200', method = 'get') {
  const key = `${method} ${path} ${status}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const operation = paths[path]?.[method];
  const { $ref } = operation?.responses[status] ?? {};
  const pointer = $ref?.slice(1) ?? `/paths/${path.replaceAll('/', '~1')}/${method}/responses/${status}`;
  const compiled = ajv.compile({ $ref: `openapi.json#${pointer}/content/application~1json/schema` });
  validators.set(key, compiled);
  return compiled;
}

describe('is valid OpenAPI 3.1', () => {
  const documents: Record<string, HandlerOptions> = {
    everything: {},
    'of Pegasus 2.6': { compatibility: '2.6' },
    ...Object.fromEntries(ENDPOINT_GROUPS.map((group) => [`without ${group}`, { exclude: [group] }])),
    'of nothing': { exclude: ENDPOINT_GROUPS },
  };
  it.each(Object.entries(documents))('%s', async (_, options) => {
    const { valid, errors } = await new Validator().validate(structuredClone(openApiDocument(options)));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });
});

describe('follows from the routes', () => {
  const handler = createPegasusHandler({
    ...memoryCluster({ nodes: ['127.0.0.1:34801'], apps: [{ appName: 'temp', partitionCount: 1 }] }),
    perfCounters: perfCounterRegistry(),
    processInfo: processInfo(),
    config: configRegistry({}),
  });
  const described = openApiDocument(handler).paths as typeof paths;

  it('has the paths of the handler', () => {
    expect(Object.keys(described)).toEqual(handler.endpoints.map(({ path }) => path));
  });

  it('has the access and the summary of each endpoint', () => {
    for (const { path, access, summary } of handler.endpoints) {
      for (const operation of Object.values(described[path] ?? {})) {
        expect(operation).toMatchObject({ 'x-pegasus-access': access, summary });
      }
    }
  });

  it('names each operation once', () => {
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([[null], ['x'], [() => {}], [{ exlude: [] }]])('refuses %j', (subject) => {
    expect(() => openApiDocument(subject as never)).toThrow(TypeError);
  });
});

describe('the answers of real servers match their schemas', () => {
  const root = `${ROOT}test/fixtures/replay/`;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.json'),
  );

  it.each(files)('%s', (file) => {
    const { exchanges } = JSON.parse(readFileSync(root + file, 'utf8')) as {
      exchanges: { target: string; method?: string; status: number; body: string }[];
    };
    let checked = 0;
    for (const { target, method = 'GET', status, body } of exchanges) {
      const path = target.split('?')[0] as string;
      if (status !== 200 || !body.startsWith('{') || paths[path]?.[method.toLowerCase()] === undefined)
        continue;
      // `GET /` lists other endpoints there, and an unknown counter is `{}`: see docs/differences.md.
      if (path === '/' || body.trim() === '{}') continue;
      const validate = validatorOf(path, '200', method.toLowerCase());
      expect(validate(JSON.parse(body)) || validate.errors, `${method} ${target}`).toBe(true);
      checked += 1;
    }
    // Other recordings hold only refusals and redirects.
    expect(checked > 0).toBe(!file.endsWith('redirects.json'));
  });
});

describe('every recorded 200 matches its schema', () => {
  /** What real servers answer otherwise; see docs/differences.md. */
  const isOther = (path: string, body: string) =>
    path === '/' || (path === '/perfCounter' && body.trim() === '{}') || !/^\s*(?:[[{]|null)/.test(body);
  const moments = RELEASES.flatMap((release) =>
    Object.entries(recordedOperations(release)).map(([state, { exchanges }]) => ({
      version: `${release}, operations`,
      state,
      exchanges,
    })),
  );

  it.each([...RECORDINGS, ...moments])('$version $state', ({ exchanges }) => {
    const faults: unknown[] = [];
    for (const exchange of exchanges) {
      const { target, method = 'GET', status, body } = exchange;
      // The recording holds the beginning of a long answer only.
      if ('body_omitted' in exchange) continue;
      const path = target.split(/[?#]/)[0] as string;
      const isDescribed = paths[path]?.[method.toLowerCase()] !== undefined;
      if (status !== 200 || !isDescribed || isOther(path, body)) continue;
      if (paths[path]?.[method.toLowerCase()]?.responses['200']?.content?.['application/json'] === undefined)
        continue;
      const validate = validatorOf(path, '200', method.toLowerCase());
      if (!validate(JSON.parse(body))) faults.push([target, body.slice(0, 200), validate.errors]);
    }
    expect(faults).toEqual([]);
  });
});

describe('the answers of this library match the document', () => {
  const cluster = memoryCluster({
    nodes: ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'],
    apps: [{ appName: 'temp', partitionCount: 4 }],
  });
  const server = createServer(
    createPegasusHandler({ ...cluster, processInfo: processInfo(), perfCounters: perfCounterRegistry() }),
  );
  let base = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it.each([
    ['GET', '/', '200'],
    ['GET', '/openapi.json', '200'],
    ['GET', '/version', '200'],
    ['GET', '/recentStartTime', '200'],
    ['GET', '/meta/app?name=temp', '200'],
    ['GET', '/meta/app?name=temp&detail', '200'],
    ['GET', '/meta/app_envs?name=temp', '200'],
    ['GET', '/meta/apps', '200'],
    ['GET', '/meta/apps?detail', '200'],
    ['GET', '/meta/nodes', '200'],
    ['GET', '/meta/nodes?detail', '200'],
    ['GET', '/meta/cluster', '200'],
    ['GET', '/meta/app', '400'],
    ['GET', '/meta/app?name=nope', '404'],
    ['GET', '/perfCounter?name=nope', '404'],
    ['POST', '/version', '405'],
    ['GET', `/version?${'x'.repeat(9000)}`, '414'],
  ])('%s %.40s is a %s', async (method, target, status) => {
    const response = await fetch(base + target, { method });
    expect(String(response.status)).toBe(status);
    const path = target.split('?')[0] as string;
    const validate = validatorOf(path, status);
    expect(validate(await response.json()) || validate.errors).toBe(true);
  });

  it('serves the document', async () => {
    const response = await fetch(`${base}/openapi.json`);
    const document = (await response.json()) as { servers: unknown; paths: object };
    expect(document.servers).toEqual([{ url: '.' }]);
    expect(Object.keys(document.paths)).toContain('/meta/app');
    const again = await fetch(`${base}/openapi.json`, {
      headers: { 'if-none-match': response.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });
});

it('gives clients that openapi-typescript generates the types of the answers', async () => {
  const types = astToString(await openapiTypescript(JSON.stringify(whole)));
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    writeFileSync(join(folder, 'api.ts'), types);
    writeFileSync(
      join(folder, 'client.ts'),
      `import type { components, paths } from './api.js';
       declare const app: components['schemas']['App'];
       export const count: string = app.general.partition_count;
       export type Query = paths['/meta/app']['get']['parameters']['query'];
       export const query: Query = { name: 'temp', detail: true };
       // @ts-expect-error The name of the table is required.
       export const without: Query = {};
       // @ts-expect-error Pegasus prints numbers as strings.
       export const wrong: number = app.general.partition_count;`,
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', target: 'es2022', types: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
