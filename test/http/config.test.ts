import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ConfigFlag,
  type ConfigSource,
  configRegistry,
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
  PegasusError,
  type PegasusErrorCode,
} from '../../lib/index.js';
import { getConfig, listConfig, setConfig } from '../support/admin-cli.js';
import { recordedConfig, recordedRegistry } from '../support/config.js';
import { ONEBOX } from '../support/fixtures.js';
import { type Client, serve } from '../support/http.js';
import { MOUNTS } from '../support/mounts.js';

const allowAll: HandlerOptions = { authorize: () => 'allow' };

/** Requests whose answer differs from that of a real server; docs/differences.md has a row for each. */
const DIFFERENT: Readonly<Record<string, number>> = {
  '/config': 400,
  '/config?name=': 400,
  '/config?name=nope': 404,
  '/config?name=log_queue_size_threshold': 404,
};

describe.each(['2.5', '2.6'] as const)('the recorded configuration of Pegasus %s', (version) => {
  const recorded = recordedConfig(version);

  it('is listed by /configs byte for byte', async () => {
    const { get } = await serve({ config: recordedRegistry(recorded) });
    const rows = recorded.flags.map((flag) => [flag.name, flag]);
    const answer = await get('/configs');
    expect(answer.body).toBe(`${JSON.stringify(Object.fromEntries(rows))}\n`);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8' });
  });

  it('answers and changes as the real server did', async () => {
    const { send } = await serve({ config: recordedRegistry(recorded) }, allowAll);
    for (const { method, target, requestBody, status, body } of recorded.exchanges) {
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await send(method, target, requestBody === undefined ? {} : form, requestBody);
      if (target in DIFFERENT) {
        expect(answer.status, target).toBe(DIFFERENT[target]);
        continue;
      }
      expect(answer.status, target).toBe(status);
      if (status === 200) expect(answer.body, target).toBe(body);
      else expect(answer.json(), target).toMatchObject({ error: 'ERR_INVALID_PARAMETERS' });
    }
  });

  it('is read and changed by admin-cli', async () => {
    const { origin } = await serve({ config: recordedRegistry(recorded) }, allowAll);
    const listed = await listConfig(origin, 'meta');
    expect(listed).toContain('[meta_server] max_allowed_replica_count=5');
    expect(listed).not.toContain('[replication] cluster_name=onebox');
    expect(await setConfig(origin, 'max_allowed_replica_count', '7')).toBe('ERR_OK');
    expect(await getConfig(origin, 'meta', 'max_allowed_replica_count')).toBe('max_allowed_replica_count=7');
    expect(await getConfig(origin, 'replica', 'max_allowed_replica_count')).toMatch(
      'is not config on replica',
    );
    expect(await setConfig(origin, 'max_allowed_replica_count', 'x')).toBe(
      'ERR_INVALID_PARAMETERS: x is invalid',
    );
    expect(await setConfig(origin, 'nope', '1')).toBe('ERR_OBJECT_NOT_FOUND: nope is not found');
    await expect(getConfig(origin, 'meta', 'nope')).rejects.toThrow('code=404');
  });
});

const registry = () =>
  configRegistry({
    threads: {
      type: 'int32',
      section: 'server',
      description: 'Number of threads.',
      default: 4,
      isMutable: true,
      validate: (value) => value > 0 || 'threads must be positive',
    },
    log_level: { type: 'string', section: 'log', description: 'Level.', default: 'info', isMutable: true },
    port: { type: 'uint32', section: 'server', description: 'Port.', default: 80 },
  });

describe('a bad request', () => {
  const exactlyOne = 'ERR_INVALID_PARAMETERS: there should be exactly one config to be updated once';
  const long = 'x'.repeat(4_000);

  it.each<[what: string, query: string, status: string]>([
    ['none', '', exactlyOne],
    ['only a question mark', '?', exactlyOne],
    ['two parameters', '?threads=1&port=2', exactlyOne],
    ['an unknown flag', '?nope=1', 'ERR_OBJECT_NOT_FOUND: nope is not found'],
    ['a flag without a name', '?=1', 'ERR_OBJECT_NOT_FOUND:  is not found'],
    ['__proto__', '?__proto__=1', 'ERR_OBJECT_NOT_FOUND: __proto__ is not found'],
    ['a very long name', `?${long}=1`, `ERR_OBJECT_NOT_FOUND: ${long} is not found`],
    ['a flag that is not mutable', '?port=1', 'ERR_INVALID_PARAMETERS: port is not mutable'],
    ['a flag that is not mutable, malformed', '?port=x', 'ERR_INVALID_PARAMETERS: port is not mutable'],
    ['out of range', '?threads=2147483648', 'ERR_INVALID_PARAMETERS: 2147483648 is invalid'],
    ['malformed', '?threads=4x', 'ERR_INVALID_PARAMETERS: 4x is invalid'],
    ['no value', '?threads', 'ERR_INVALID_PARAMETERS:  is invalid'],
    ['a NUL', '?threads=4%00', 'ERR_INVALID_PARAMETERS: 4\0 is invalid'],
    ['quotes', '?threads=%22%5C', 'ERR_INVALID_PARAMETERS: "\\ is invalid'],
    ['a very long value', `?threads=${long}`, `ERR_INVALID_PARAMETERS: ${long} is invalid`],
    ['a value that the validator refuses', '?threads=-1', 'ERR_INVALID_PARAMETERS: threads must be positive'],
  ])('of /updateConfig with %s is refused in update_status', async (_, query, status) => {
    const config = registry();
    const { send } = await serve({ config }, allowAll);
    for (const method of ['GET', 'POST']) {
      const answer = await send(method, `/updateConfig${query}`);
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual({ update_status: status });
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    expect(config.get('threads')).toBe(4);
  });

  it.each<[target: string, status: number, message: string]>([
    ['/updateConfig?threads=1&threads=2', 400, 'duplicate parameter: "threads"'],
    ['/updateConfig?threads=%zz', 400, 'bad escape or bytes that are not UTF-8 in parameter "threads=%zz"'],
    ['/updateConfig?threads=%ff', 400, 'bad escape or bytes that are not UTF-8 in parameter "threads=%ff"'],
    [`/updateConfig?threads=${'1'.repeat(9_000)}`, 414, 'the request target may have 8192 bytes at most'],
    ['/config', 400, "name shouldn't be empty"],
    ['/config?name=', 400, "name shouldn't be empty"],
    ['/config?x=1', 400, 'unknown parameter "x": /config takes name'],
    ['/config?name=threads&name=port', 400, 'duplicate parameter: "name"'],
    ['/config?name=nope', 404, "'nope' is not found"],
    ['/config?name=__proto__', 404, "'__proto__' is not found"],
    ['/configs?x=1', 400, 'unknown parameter "x": /configs takes no parameters'],
  ])('%s is %i', async (target, status, message) => {
    const { get } = await serve({ config: registry() }, allowAll);
    const answer = await get(target);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ message });
  });

  it.each(['PUT', 'DELETE', 'HEAD'])('%s /updateConfig changes nothing', async (method) => {
    const config = registry();
    const { send } = await serve({ config }, allowAll);
    const answer = await send(method, '/updateConfig?threads=7');
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, POST');
    expect(config.get('threads')).toBe(4);
  });

  it('with a body that is too large changes nothing', async () => {
    const config = registry();
    const { send } = await serve({ config }, allowAll);
    const answer = await send('POST', '/updateConfig?threads=7', {}, 'x'.repeat(9_000));
    expect(answer.status).toBe(413);
    expect(config.get('threads')).toBe(4);
  });
});

describe('a write', () => {
  const SOURCES = {
    'a meta server': () => memoryCluster(ONEBOX).metaServer('127.0.0.1:34601'),
    'a backup meta server': () => memoryCluster(ONEBOX).metaServer('127.0.0.1:34602'),
    'a replica server': () => memoryCluster(ONEBOX).replicaServer('127.0.0.1:34801'),
    'no other server': () => ({}),
  };

  it.each(Object.entries(SOURCES))('without authorize is denied on %s', async (_, source) => {
    const config = registry();
    const { send } = await serve({ ...source(), config });
    for (const method of ['GET', 'POST']) {
      const answer = await send(method, '/updateConfig?threads=7');
      expect(answer.status).toBe(403);
      expect(answer.json()).toEqual({
        error: 'ERR_ACL_DENY',
        message:
          '"/updateConfig" changes this server: it is denied unless the application sets the option authorize',
      });
    }
    expect(config.get('threads')).toBe(4);
  });

  it.each(Object.entries(SOURCES))('with authorize changes %s', async (_, source) => {
    const config = registry();
    const { send, get } = await serve({ ...source(), config }, allowAll);
    expect((await send('GET', '/updateConfig?threads=7')).body).toBe('{"update_status":"ERR_OK"}\n');
    expect(config.get('threads')).toBe(7);
    expect((await send('POST', '/updateConfig?log_level=%E8%A1%A8%20%26')).body).toMatch('ERR_OK');
    expect(config.get('log_level')).toBe('表 &');
    expect((await get('/config?name=log_level')).json()).toMatchObject({ value: '表 &' });
  });

  it.each(MOUNTS)('is denied and works under $name', async (mount) => {
    for (const [options, value] of [
      [{}, 4],
      [allowAll, 8],
    ] as const) {
      const config = registry();
      const { client, close } = await mount.start(
        (basePath) => createPegasusHandler({ config }, { ...options, basePath: basePath || '/' }),
        '/ops',
      );
      onTestFinished(async () => void (await close()));
      const answers = [
        await client.send('GET', '/updateConfig?threads=7'),
        await client.send('POST', '/updateConfig?threads=8'),
      ];
      expect(answers.map(({ status }) => status)).toEqual(value === 4 ? [403, 403] : [200, 200]);
      expect(config.get('threads')).toBe(value);
    }
  });

  it('may be allowed by endpoint, and the client may be denied', async () => {
    const config = registry();
    const { get } = await serve(
      { config },
      { authorize: (_, { access }) => (access === 'read' ? 'allow' : 'deny') },
    );
    expect((await get('/configs')).status).toBe(200);
    expect((await get('/updateConfig?threads=7')).status).toBe(403);
    expect(config.get('threads')).toBe(4);
  });

  it('of a page of another site is denied', async () => {
    const config = registry();
    const { send } = await serve({ config }, allowAll);
    const answer = await send('GET', '/updateConfig?threads=7', { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
    expect(config.get('threads')).toBe(4);
  });

  it('of two clients at the same time is applied once each', async () => {
    const applied: string[] = [];
    let release: (() => void) | undefined;
    const bothArrived = new Promise<void>((resolve) => {
      release = resolve;
    });
    const config: ConfigSource = {
      flag: () => undefined,
      flags: () => [],
      async update(name, value) {
        applied.push(`${name}=${value}`);
        if (applied.length === 2) release?.();
        await bothArrived;
      },
    };
    const { get } = await serve({ config }, allowAll);
    const answers = await Promise.all([get('/updateConfig?a=1'), get('/updateConfig?a=1')]);
    expect(answers.map(({ body }) => body)).toEqual(Array(2).fill('{"update_status":"ERR_OK"}\n'));
    expect(applied).toEqual(['a=1', 'a=1']);
  });

  it('of many clients at the same time reaches the listeners once each', async () => {
    const config = registry();
    const heard: number[] = [];
    config.onChange('threads', (value) => void heard.push(value));
    const { get } = await serve({ config }, allowAll);
    const values = Array.from({ length: 50 }, (_, i) => i + 5);
    await Promise.all(values.map((value) => get(`/updateConfig?threads=${value}`)));
    expect(heard.toSorted((a, b) => a - b)).toEqual(values);
    expect(config.get('threads')).toBe(heard.at(-1));
  });
});

describe('a source of its own', () => {
  const flag: ConfigFlag = {
    name: 'b',
    section: 's',
    description: 'd',
    isMutable: false,
    type: 'uint64',
    value: 2n ** 64n - 1n,
  };

  async function ask(config: Partial<ConfigSource>, target: string) {
    const errors: PegasusError[] = [];
    const client: Client = await serve(
      { config: { flag: () => undefined, flags: () => [], ...config } },
      { ...allowAll, timeoutMs: 200, onError: (error) => void errors.push(error) },
    );
    return { answer: await client.get(target), errors };
  }

  it('has its flags sorted by the bytes of their names', async () => {
    const names = ['\u{1f600}', 'a', 'Z', '\uff5e', '10', '9'];
    const { answer } = await ask({ flags: () => names.map((name) => ({ ...flag, name })) }, '/configs');
    const keys = Array.from(answer.body.matchAll(/"([^"]+)":\{/g), ([, key]) => key);
    expect(keys).toEqual(['10', '9', 'Z', 'a', '\uff5e', '\u{1f600}']);
  });

  it('has no /updateConfig without update', async () => {
    const { answer } = await ask({}, '/updateConfig?a=1');
    expect(answer.status).toBe(404);
    expect((await ask({}, '/')).answer.json()).not.toHaveProperty('/updateConfig');
    expect((await ask({ update() {} }, '/')).answer.json()).toMatchObject({
      '/config': 'name=<flag_name>. Returns one configuration flag of this process.',
      '/updateConfig': expect.stringMatching(/<flag_name>=<value>/),
    });
  });

  it('is rendered once while its flags are frozen and the same', async () => {
    let reads = 0;
    const counted = Object.freeze({
      ...flag,
      get description() {
        reads += 1;
        return 'd';
      },
    });
    Object.freeze(counted);
    const flags = Object.freeze([Object.freeze(counted)]);
    const { get } = await serve({ config: { flag: () => undefined, flags: () => flags } });
    const first = await get('/configs');
    const second = await get('/configs');
    expect(second.body).toBe(first.body);
    expect(first.headers['etag']).toBe(second.headers['etag']);
    expect(reads).toBe(1);
  });

  const BAD: readonly (readonly [what: string, flag: unknown])[] = [
    ['a number for a bigint', { ...flag, value: 1 }],
    ['a bigint out of range', { ...flag, value: -1n }],
    ['a bigint for a number', { ...flag, type: 'int32', value: 1n }],
    ['a fraction for an integer', { ...flag, type: 'uint32', value: 1.5 }],
    ['text for a bool', { ...flag, type: 'bool', value: 'true' }],
    ['text for a double', { ...flag, type: 'double', value: '1' }],
    ['an unknown type', { ...flag, type: 'FV_BOOL', value: true }],
    ['a type of the prototype', { ...flag, type: 'toString', value: true }],
    ['tags for isMutable', { ...flag, isMutable: 'flag_tag::FT_MUTABLE' }],
    ['no name', { ...flag, name: undefined }],
    ['null', null],
    ['a list', []],
  ];

  it.each(BAD)('that gives %s is a 500 without details', async (_, bad) => {
    for (const [config, target] of [
      [{ flag: () => bad }, '/config?name=b'],
      [{ flags: () => [bad] }, '/configs'],
    ] as const) {
      const { answer, errors } = await ask(config as Partial<ConfigSource>, target);
      expect(answer.status).toBe(500);
      expect(answer.json()).toMatchObject({
        error: 'ERR_UNKNOWN',
        message: 'the configuration source gave an unusable answer',
      });
      expect(errors[0]?.cause).toBeInstanceOf(TypeError);
    }
  });

  it.each([
    ['undefined', undefined],
    ['a Map', new Map()],
    ['a name twice', [flag, flag]],
  ])('that lists %s is a 500', async (_, flags) => {
    const { answer, errors } = await ask({ flags: () => flags as never }, '/configs');
    expect(answer.status).toBe(500);
    expect(errors).toHaveLength(1);
  });

  const refusals: readonly (readonly [PegasusErrorCode, number])[] = [
    ['ERR_OBJECT_NOT_FOUND', 200],
    ['ERR_INVALID_PARAMETERS', 200],
    ['ERR_INVALID_STATE', 500],
    ['ERR_SERVICE_NOT_ACTIVE', 503],
  ];

  it.each(refusals)('that refuses an update with %s is answered with %i', async (code, status) => {
    const refuse = () => {
      throw new PegasusError(code, 'because "so"');
    };
    for (const update of [refuse, async () => refuse()]) {
      const { answer, errors } = await ask({ update }, '/updateConfig?a=1');
      expect(answer.status).toBe(status);
      if (status === 200) expect(answer.json()).toEqual({ update_status: `${code}: because "so"` });
      else expect(answer.json()).toMatchObject({ error: code });
      expect(errors).toHaveLength(status === 200 ? 0 : 1);
    }
  });

  it.each([
    ['throws', () => Promise.reject(new Error('secret')), 500],
    ['hangs', () => setTimeout(60_000, undefined, { ref: false }), 504],
  ] as const)('that %s at an update tells only onError', async (_, update, status) => {
    const { answer, errors } = await ask({ update }, '/updateConfig?a=1');
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('secret');
    expect(errors).toHaveLength(1);
  });
});
