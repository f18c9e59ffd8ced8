import { readFile } from 'node:fs/promises';

/**
 * The command line as the system has it, else as Node has. A changed `process.title` is written over it, and leaves the rest of
 * the old one as NULs.
 */
export async function commandLine(file = '/proc/self/cmdline'): Promise<readonly string[]> {
  try {
    return parseCommandLine(await readFile(file, 'utf8'));
  } catch {
    return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  }
}

/** Arguments end with a NUL each; some may be empty, but none behind the last that is not. */
export function parseCommandLine(text: string): readonly string[] {
  return text.replace(/\0+$/, '').split('\0');
}
