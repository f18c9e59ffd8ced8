import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GATEWAY_OPTIONS } from '../../lib/command/gateway/options.js';
import { flagOf, isIn, type Option, variableOf } from '../../lib/command/options/option.js';
import { ROOT, run } from '../support/child.js';
import { installed, run as runCommand, temporaryDirectory } from '../support/commands.js';
import { BIN } from '../support/gateway.js';

const FOLDER = join(ROOT, 'examples/deploy');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const CONFIG = join(FOLDER, 'gateway.json');

/** Where the package has the program, in an installation. */
const INSTALLED = 'node_modules/pegasus-http/dist/command/bin.js';

/** Checks a command line of an installation here, with the option `--check`. */
async function check(args: readonly string[]): Promise<string> {
  const here = args.map((arg) => (arg === '/etc/pegasus-http/gateway.json' ? CONFIG : arg));
  const { code, stdout, stderr } = await run([BIN, ...here, '--check']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

it('examples/deploy/gateway.json is valid', async () => {
  expect(await check(['gateway', '--config', CONFIG])).toBe(
    'the configuration is valid: 2 clusters, /prod/, /staging/\n',
  );
});

describe('the systemd unit', () => {
  const unit = read('pegasus-http-gateway.service');
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];

  it('starts the command with options that it has', async () => {
    const [node, program, ...args] = command.split(' ');
    expect(node).toBe('/usr/bin/node');
    expect(program).toMatch(new RegExp(`^/opt/pegasus-http/${INSTALLED}$`));
    expect(await check(args)).toContain('2 clusters');
  });

  it('names no secret but a file for them', () => {
    expect(unit).toMatch(/^EnvironmentFile=\//m);
    expect(unit).not.toMatch(/^Environment=.*(TOKEN|PASSWORD)/m);
  });

  it.skipIf(!installed('systemd-analyze', 'systemd'))('passes systemd-analyze', async () => {
    const file = join(temporaryDirectory(), 'pegasus-http-gateway.service');
    const program = join(ROOT, BIN);
    writeFileSync(file, unit.replace(command, `${process.execPath} ${program} gateway --servers a:1`));
    expect(await runCommand('systemd-analyze', ['verify', file])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    const { stdout } = await runCommand('systemd-analyze', [
      'security',
      '--offline=true',
      '--no-pager',
      file,
    ]);
    const [, exposure = ''] = /Overall exposure level for [^:]+: ([\d.]+)/.exec(stdout) ?? [];
    expect(Number(exposure)).toBeLessThan(2);
    expect(exposure).not.toBe('');
  });
});

describe('the Dockerfile', () => {
  const instructions = read('Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  const of = (name: string) => instructions.filter(([one]) => one === name).map(([, value]) => value);

  it('consists of instructions that Docker knows, and builds on one image', () => {
    const known = [
      'FROM',
      'ENV',
      'WORKDIR',
      'RUN',
      'COPY',
      'USER',
      'EXPOSE',
      'HEALTHCHECK',
      'ENTRYPOINT',
      'CMD',
    ];
    for (const [name] of instructions) expect(known).toContain(name);
    expect(instructions[0]).toEqual(['FROM', 'node:22-slim']);
    expect(of('USER')).toEqual(['node']);
  });

  it('copies files that are there, which .dockerignore lets through', () => {
    const ignored = read('.dockerignore').trim().split('\n');
    expect(ignored[0]).toBe('*');
    for (const [source = '', target = ''] of of('COPY').map((value) => value.split(' '))) {
      expect(existsSync(join(FOLDER, source)), source).toBe(true);
      expect(ignored).toContain(`!${source}`);
      expect(basename(target)).toBe(basename(source));
      expect(dirname(target)).toBe('/etc/pegasus-http');
    }
  });

  it('starts the command with options that it has', async () => {
    const entry: string[] = JSON.parse(of('ENTRYPOINT')[0] ?? '');
    expect(entry).toEqual(['node', `${of('WORKDIR')[0]}/${INSTALLED}`]);
    const args: string[] = JSON.parse(of('CMD')[0] ?? '');
    expect(args.slice(-2)).toEqual(['--host', '0.0.0.0']);
    expect(await check(args)).toContain('2 clusters');
    expect(of('RUN').join()).toMatch(/npm install .* pegasus-http node-zookeeper-client/);
  });

  it('looks at the health of the port that it exposes', () => {
    const { port } = JSON.parse(read('gateway.json'));
    expect(of('EXPOSE')).toEqual([String(port)]);
    expect(of('HEALTHCHECK')[0]).toContain(`http://127.0.0.1:${port}/healthz`);
    expect(() => JSON.parse((of('HEALTHCHECK')[0] ?? '').replace('CMD ', ''))).not.toThrow();
  });
});

it('docs/gateway.md lists all options, as they are', () => {
  const rows = GATEWAY_OPTIONS.map((option: Option) => {
    const { name, help, default: given, defaultText } = option;
    const byDefault = defaultText ?? (given === undefined ? '' : `\`${given}\``);
    const flag = isIn(option, 'flag') ? `\`${flagOf(option)}\`` : '-';
    const key = isIn(option, 'file') ? `\`${name}\`` : '-';
    const variable = isIn(option, 'environment') ? `\`${variableOf(option)}\`` : '-';
    const meaning = `${help[0]?.toUpperCase()}${help.slice(1)}`;
    return `| ${flag} | ${key} | ${variable} | ${meaning} | ${byDefault} |`;
  });
  const guide = readFileSync(join(ROOT, 'docs/gateway.md'), 'utf8');
  const found = guide.split('\n').filter((line) => /^\| (`--|-)/.test(line));
  expect(found).toEqual(rows);
});
