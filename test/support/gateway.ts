import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Child, node } from './child.js';
import { type Client, clientOf } from './http.js';

/** The built command. */
export const BIN = 'dist/command/bin.js';

/** A running gateway. */
export interface Gateway extends Client {
  readonly origin: string;
  readonly child: Child;
  /** The lines of its log, parsed. */
  log(): Promise<readonly LogLine[]>;
}

/** A line of the log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Starts a gateway on a free port until the test is over. Needs the build. */
export async function startGateway(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Gateway> {
  const child = node([BIN, 'gateway', '--port', '0', ...args], { env });
  const listening = /"url":"(http:[^"]+)\/","msg":"listening"/;
  const [, origin = ''] = listening.exec(await child.says(listening)) ?? [];
  return {
    origin,
    child,
    ...clientOf(origin),
    async log() {
      const text = await child.says(/^/);
      const whole = text.slice(0, text.lastIndexOf('\n'));
      return whole.split('\n').map((line): LogLine => JSON.parse(line));
    },
  };
}

/** Writes a file into a folder of its own, until the test is over. */
export function temporaryFile(name: string, content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'pegasus-http-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
