import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The project's folder. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** What a child process said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child {
  readonly process: ChildProcess;
  /** Resolves when what it has written to its standard output matches; rejects when it ends before. */
  says(what: RegExp): Promise<string>;
  ended: Promise<Ended>;
}

interface Options {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Starts a Node process in the project's folder; it ends with the test at the latest. */
export function node(args: readonly string[], options?: Options): Child {
  return program(process.execPath, args, options);
}

/** Starts a program in the project's folder. It ends with the test at the latest, and its own child processes with it. */
export function program(command: string, args: readonly string[], options: Options = {}): Child {
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: command !== process.execPath,
  });
  let stdout = '';
  let stderr = '';
  let look = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  onTestFinished(async () => {
    // A shell such as the one of npx does not pass signals on: the whole group is stopped.
    if (command !== process.execPath && child.pid !== undefined && child.exitCode === null)
      process.kill(-child.pid, 'SIGKILL');
    child.kill('SIGKILL');
    await ended;
  });
  return {
    process: child,
    ended,
    says: (what) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (what.test(stdout)) resolve(stdout);
        };
        look();
        ended.then(({ code, stderr }) => reject(new Error(`it ended (${code}): ${stderr}`)));
      }),
  };
}

/** Runs a Node process to its end. */
export function run(args: readonly string[], options?: Options): Promise<Ended> {
  return node(args, options).ended;
}
