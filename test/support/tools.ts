import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './consumer.js';

/** What a test does in the folder of a project. */
export interface Tools {
  /** Writes a file, and returns its path. */
  write(file: string, content: string): Promise<string>;
  /** Runs a program of `node_modules`. Its output is in what it throws. */
  tool(
    name: string,
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
  ): Promise<{ stdout: string; stderr: string }>;
}

export function toolsOf(folder: string): Tools {
  return {
    async write(file, content) {
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    tool: (name, args, env = {}) =>
      run(process.execPath, [join(folder, 'node_modules', name), ...args], {
        cwd: folder,
        env: { ...withoutVitest(), ...env },
      }),
  };
}

/** The environment without what this vitest has set. */
function withoutVitest(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name)),
  );
}
