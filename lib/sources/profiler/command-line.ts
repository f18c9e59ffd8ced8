import { readFile } from 'node:fs/promises';

/**
 * Reads the command line from the system; returns Node's own view where the system has none. A changed `process.title` overwrites
 * the command line and leaves NULs for the rest of it.
 */
export async function commandLine(file = '/proc/self/cmdline'): Promise<readonly string[]> {
  try {
    return parseCommandLine(await readFile(file, 'utf8'));
  } catch {
    return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  }
}

/** Splits at the NULs that end each argument. Empty arguments count, except at the end. */
export function parseCommandLine(text: string): readonly string[] {
  let end = text.length;
  while (text[end - 1] === '\0') end -= 1;
  return text.slice(0, end).split('\0');
}
