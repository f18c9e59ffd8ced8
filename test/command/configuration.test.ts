import { describe, expect, it } from 'vitest';
import { StartError, UsageError } from '../../lib/command/failure.js';
import { type Configuration, readConfiguration } from '../../lib/command/gateway/configuration.js';
import { GATEWAY_OPTIONS } from '../../lib/command/gateway/options.js';
import { parseFlags } from '../../lib/command/options/parse-flags.js';
import { temporaryFile } from '../support/gateway.js';

const SERVERS = ['--servers', '10.0.0.1:34601,10.0.0.2:34601'];

async function configure(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Configuration> {
  return readConfiguration(parseFlags(args, GATEWAY_OPTIONS, 0), env);
}

/** Reads a configuration file, whose name the messages then begin with. */
async function ofFile(content: unknown, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const file = temporaryFile('gateway.json', content);
  try {
    return await configure(['--config', file, ...args], env);
  } catch (error) {
    const { message } = error as Error;
    throw Object.assign(error as Error, { message: message.replaceAll(file, 'gateway.json') });
  }
}

describe('precedence', () => {
  const clusters = [{ name: 'c1', servers: '10.0.0.1:34601' }];

  it('is flag, file, environment, default, for every kind of option', async () => {
    const env = { PEGASUS_HTTP_PORT: '1', PEGASUS_HTTP_ACCESS_LOG: 'false', PEGASUS_HTTP_LOG_LEVEL: 'warn' };
    const file = { clusters, port: 2, accessLog: true, logLevel: 'error', unguarded: 'console, meta' };
    const flags = ['--port', '3', '--no-access-log', '--unguarded', 'listing'];
    const read = async (...given: Parameters<typeof ofFile>) => {
      const { port, accessLog, logLevel, unguarded } = (await ofFile(...given)).options;
      return { port, accessLog, logLevel, unguarded };
    };
    expect(await read({ clusters })).toEqual({
      port: 8080,
      accessLog: true,
      logLevel: 'info',
      unguarded: undefined,
    });
    expect(await read({ clusters }, [], env)).toMatchObject({ port: 1, accessLog: false, logLevel: 'warn' });
    expect(await read(file, [], env)).toEqual({
      port: 2,
      accessLog: true,
      logLevel: 'error',
      unguarded: ['console', 'meta'],
    });
    expect(await read(file, flags, env)).toEqual({
      port: 3,
      accessLog: false,
      logLevel: 'error',
      unguarded: ['listing'],
    });
  });

  it('lets the file name the clusters before the environment', async () => {
    const env = { PEGASUS_HTTP_SERVERS: '10.0.0.9:34601', PEGASUS_HTTP_ZOOKEEPER_ROOT: '/pegasus/c9' };
    expect((await ofFile({ clusters }, [], env)).clusters).toMatchObject([{ name: 'c1' }]);
    const { PEGASUS_HTTP_SERVERS } = env;
    expect((await ofFile({ port: 1 }, [], { PEGASUS_HTTP_SERVERS })).clusters).toMatchObject([
      { name: undefined, servers: ['10.0.0.9:34601'] },
    ]);
  });

  it('gives clusters the values of the file where they have none of their own', async () => {
    const { clusters: found } = await ofFile({
      maxAgeMs: 500,
      timeZone: 'Asia/Shanghai',
      compatibility: '2.6',
      clusters: [
        { name: 'a', servers: ['10.0.0.1:34601'], maxAgeMs: 9, maxStaleMs: 8, timeZone: '+08:00' },
        { name: 'b', zookeeper: { servers: '10.0.0.1:2181', root: '/pegasus/b' }, compatibility: '2.5' },
      ],
    });
    expect(found).toMatchObject([
      {
        name: 'a',
        maxAgeMs: 9,
        maxStaleMs: 8,
        compatibility: '2.6',
        timeZone: '+08:00',
        zookeeper: undefined,
      },
      {
        name: 'b',
        maxAgeMs: 500,
        maxStaleMs: 60_000,
        timeZone: 'Asia/Shanghai',
        compatibility: '2.5',
        zookeeper: { servers: ['10.0.0.1:2181'], root: '/pegasus/b', lockRoot: undefined },
      },
    ]);
  });

  it('is not disturbed by the variables that Kubernetes makes of a service', async () => {
    const env = {
      PEGASUS_HTTP_PORT: 'tcp://10.0.0.1:8080',
      PEGASUS_HTTP_SERVICE_HOST: '10.0.0.1',
      PEGASUS_HTTP_PORT_8080_TCP_ADDR: '10.0.0.1',
      PEGASUS_HTTP_USER: '',
    };
    expect((await configure(SERVERS, env)).options.port).toBe(8080);
  });
});

describe('credentials', () => {
  const token = '0123456789abcdef';

  it('come from the environment, the file, or files that either names', async () => {
    const tokenFile = temporaryFile('token', `${token}\n`);
    const passwordFile = temporaryFile('password', 'open sesame\r\n');
    const bearer = { token, basic: undefined };
    const basic = { token: undefined, basic: { user: 'ops', password: 'open sesame' } };
    expect((await configure(SERVERS)).credentials).toEqual({ token: undefined, basic: undefined });
    const env = { PEGASUS_HTTP_TOKEN: token };
    expect((await configure(SERVERS, env)).credentials).toEqual(bearer);
    expect((await configure([...SERVERS, '--token-file', tokenFile])).credentials).toEqual(bearer);
    expect((await ofFile({ token }, SERVERS)).credentials).toEqual(bearer);
    expect((await ofFile({ user: 'ops', passwordFile }, SERVERS)).credentials).toEqual(basic);
    const password = { PEGASUS_HTTP_PASSWORD: 'open sesame' };
    expect((await configure([...SERVERS, '--user', 'ops'], password)).credentials).toEqual(basic);
  });

  it('are found beside the file that names them', async () => {
    await expect(ofFile({ tokenFile: 'nowhere' }, SERVERS)).rejects.toThrow(
      /^cannot read .*pegasus-http-\w+\/nowhere: there is no such file/,
    );
  });
});

describe('mistakes in flags', () => {
  it.each<[args: string[], message: string | RegExp]>([
    [[], /^no cluster is given: --servers HOST:PORT,\.\.\. names its meta servers/],
    [['--server', 'a:1'], 'unknown option --server, did you mean --servers?'],
    [['--quite-different'], 'unknown option --quite-different, see --help'],
    [['-x'], 'unknown option -x, see --help'],
    [['--servers'], '--servers needs a value: --servers HOST:PORT,...'],
    [['--servers='], '--servers needs a value: --servers HOST:PORT,...'],
    [['--servers', '--port', '1'], '--servers needs a value: --servers HOST:PORT,...'],
    [[...SERVERS, '--no-console=yes'], '--no-console takes no value'],
    [[...SERVERS, '--console'], 'unknown option --console, did you mean --no-console?'],
    [[...SERVERS, ...SERVERS], '--servers is given twice'],
    [[...SERVERS, 'gateway.json'], 'it takes no argument beside its options, not 1; see --help'],
    [['--servers', '10.0.0.1'], '--servers[0] must be an address such as "127.0.0.1:34801", not "10.0.0.1"'],
    [['--servers', 'a:1,a:1'], '--servers has "a:1" twice'],
    [[...SERVERS, '--port', '65536'], '--port must be an integer from 0 to 65535, not 65536'],
    [[...SERVERS, '--port=-1'], '--port must be an integer from 0 to 65535, not -1'],
    [[...SERVERS, '--port', 'http'], '--port must be an integer from 0 to 65535, not "http"'],
    [[...SERVERS, '--log-level', 'loud'], /^--log-level must be one of debug, info, warn, error, silent/],
    [[...SERVERS, '--compatibility', '2.4'], '--compatibility must be one of 2.5, 2.6, not "2.4"'],
    [
      [...SERVERS, '--time-zone', 'Mars'],
      '--time-zone must be a time zone such as "Asia/Shanghai" or "+08:00", not "Mars"',
    ],
    [[...SERVERS, '--unguarded', 'all'], /^--unguarded\[0\] must be one of listing, meta, process, console/],
    [['--zookeeper', '10.0.0.1:2181'], /^--zookeeper needs --zookeeper-root PATH beside it/],
    [[...SERVERS, '--zookeeper-root', '/p'], '--zookeeper-root needs --zookeeper HOST:PORT,... beside it'],
    [
      ['--zookeeper', '10.0.0.1:2181', '--zookeeper-root', 'p'],
      '--zookeeper-root must be a path such as "/pegasus/c1", not "p"',
    ],
  ])('%j', async (args, message) => {
    const failed = configure(args);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toBeInstanceOf(UsageError);
  });

  it.each(['--token', '--password'])('%s is refused without a word of the value', async (flag) => {
    const secret = 'secret-0123456789';
    for (const args of [[flag, secret], [`${flag}=${secret}`], [`${flag}s=${secret}`]]) {
      const error = await configure([...SERVERS, ...args]).catch((reason: Error) => reason);
      expect(error).toBeInstanceOf(UsageError);
      expect(String(error)).not.toContain('secret');
    }
    await expect(configure([...SERVERS, flag, secret])).rejects.toThrow(
      `${flag} is no option, because arguments are visible in the list of processes: set PEGASUS_HTTP_`,
    );
  });

  it('name the option and the file that exclude each other', async () => {
    await expect(ofFile({ clusters: [{ name: 'a', servers: 'a:1' }] }, SERVERS)).rejects.toThrow(
      '--servers and "clusters" of gateway.json exclude each other: leave out one',
    );
  });
});

describe('mistakes in the environment', () => {
  it.each<[env: NodeJS.ProcessEnv, message: string]>([
    [{ PEGASUS_HTTP_PORT: '99999' }, 'PEGASUS_HTTP_PORT must be an integer from 0 to 65535, not 99999'],
    [{ PEGASUS_HTTP_CONSOLE: 'off' }, 'PEGASUS_HTTP_CONSOLE must be true or false, not "off"'],
    [{ PEGASUS_HTTP_TOKEN: 'short' }, 'PEGASUS_HTTP_TOKEN must have at least 16 characters'],
    [
      { PEGASUS_HTTP_TOKEN: 'a token with some blanks' },
      'PEGASUS_HTTP_TOKEN must consist of ASCII letters, digits and signs, without blanks',
    ],
    [
      { PEGASUS_HTTP_TOKEN: '0123456789abcdef', PEGASUS_HTTP_TOKEN_FILE: '/x' },
      'PEGASUS_HTTP_TOKEN and PEGASUS_HTTP_TOKEN_FILE exclude each other: leave out one',
    ],
    [
      { PEGASUS_HTTP_TOKN: '0123456789abcdef' },
      'unknown environment variable PEGASUS_HTTP_TOKN, did you mean PEGASUS_HTTP_TOKEN?',
    ],
    [
      { PEGASUS_HTTP_USER: 'ops' },
      'PEGASUS_HTTP_USER needs a password: set PEGASUS_HTTP_PASSWORD or --password-file',
    ],
    [{ PEGASUS_HTTP_PASSWORD: 'open sesame' }, 'a password needs a user: set PEGASUS_HTTP_USER or --user'],
    [
      { PEGASUS_HTTP_USER: 'a:b', PEGASUS_HTTP_PASSWORD: 'open sesame' },
      'PEGASUS_HTTP_USER must not contain a colon',
    ],
  ])('%j', async (env, message) => {
    const failed = configure(SERVERS, env);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toBeInstanceOf(StartError);
    await expect(failed).rejects.not.toThrow('0123456789abcdef');
  });
});

describe('mistakes in the file', () => {
  const cluster = { name: 'a', servers: '10.0.0.1:34601' };
  const zookeeper = { servers: '10.0.0.1:2181', root: '/pegasus/a' };

  it.each<[content: unknown, message: string | RegExp]>([
    ['', 'gateway.json is not JSON: expected a value in line 1, column 1'],
    ['{\n  "port": 1,\n}', 'gateway.json is not JSON: expected a key in double quotes in line 3, column 1'],
    ['{"port": 1 "host": 2}', 'gateway.json is not JSON: expected "," or "}" in line 1, column 12'],
    ['{"port": 01}', 'gateway.json is not JSON: expected a value in line 1, column 10'],
    ['{"a": [1, 2}', 'gateway.json is not JSON: expected "," or "]" in line 1, column 12'],
    ["{'port': 1}", 'gateway.json is not JSON: expected a key in double quotes in line 1, column 2'],
    ['{"port" 1}', 'gateway.json is not JSON: expected ":" in line 1, column 9'],
    ['{} {}', 'gateway.json is not JSON: expected the end of the file in line 1, column 4'],
    ['{"port": 1,\n "port": 2}', 'expected each key once, not "port" twice in line 2, column 2'],
    [`${'['.repeat(200)}`, 'expected at most 100 levels in line 1, column 102'],
    ['[]', 'gateway.json must hold an object, not an array'],
    ['7', 'gateway.json must hold an object, not a single value'],
    [{ prot: 1 }, 'gateway.json: the file: unknown key "prot", did you mean "port"?'],
    [{ config: 'x' }, /^gateway.json: the file: unknown key "config"/],
    [{ servers: 'a:1' }, /^gateway.json: "servers" is an option of a cluster: \{ "clusters": \[/],
    [{ port: '8080' }, 'gateway.json: port must be an integer from 0 to 65535, not "8080"'],
    [{ token: 12345678 }, 'gateway.json: token must be a non-empty text'],
    [{ clusters: {} }, 'gateway.json: clusters must be an array, not an object'],
    [{ clusters: [] }, 'gateway.json: clusters must be an array of at least one cluster, not an empty array'],
    [
      { clusters: [{ name: 'a' }] },
      /^gateway.json: clusters\[0\] must be a cluster with "servers", "zookeeper"/,
    ],
    [{ clusters: [cluster, cluster] }, 'gateway.json: clusters: name has "a" twice'],
    [
      { clusters: [{ ...cluster, server: 'x' }] },
      'gateway.json: clusters[0]: unknown key "server", did you mean "servers"?',
    ],
    [
      { clusters: [{ ...cluster, servers: ['10.0.0.1:34601', 'b'] }] },
      'gateway.json: clusters[0].servers[1] must be an address such as "127.0.0.1:34801", not "b"',
    ],
    [
      { clusters: [{ ...cluster, maxAgeMs: -1 }] },
      /^gateway.json: clusters\[0\].maxAgeMs must be an integer from 0/,
    ],
    [
      { clusters: [cluster, { name: 'b', zookeeper: { ...zookeeper, root: 'pegasus/b' } }] },
      'gateway.json: clusters[1].zookeeper.root must be a path such as "/pegasus/c1", not "pegasus/b"',
    ],
    [
      { clusters: [{ name: 'b', zookeeper: { ...zookeeper, rot: 1 } }] },
      'unknown key "rot", did you mean "root"?',
    ],
    [
      { clusters: [{ ...cluster, name: 'a/b' }] },
      /^gateway.json: clusters\[0\].name must be a name of letters/,
    ],
    ...['console', 'prometheus', 'healthz', 'readyz', 'version', 'openapi.json'].map(
      (name): [unknown, string] => [
        { clusters: [{ ...cluster, name }] },
        `gateway.json: clusters[0].name must be another name, because the gateway itself serves /${name}, not "${name}"`,
      ],
    ),
    ...['.', '..', '', 7, null].map((name): [unknown, string] => [
      { clusters: [{ ...cluster, name }] },
      'gateway.json: clusters[0].name must be a name of letters',
    ]),
  ])('%j', async (content, message) => {
    const failed = ofFile(content);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toBeInstanceOf(StartError);
  });

  it('says which file is not there, or cannot be read', async () => {
    await expect(configure(['--config', 'nowhere.json'])).rejects.toThrow(
      'cannot read nowhere.json: there is no such file (ENOENT)',
    );
    await expect(configure(['--config', 'test'])).rejects.toThrow(
      'cannot read test: it is a folder (EISDIR)',
    );
  });
});
