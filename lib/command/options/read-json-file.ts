import { readFile } from 'node:fs/promises';
import { describeValue } from '../../validate/describe-value.js';
import { StartError } from '../failure.js';
import { describeSyntaxMistake } from './json-syntax.js';

/**
 * Reads a JSON file that holds an object.
 *
 * @throws StartError that says where the mistake is. It shows nothing of the file, which may hold a password.
 */
export async function readJsonFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = (await readTextFile(path)).replace(/^\uFEFF/, '');
  const mistake = describeSyntaxMistake(text);
  if (mistake !== undefined) throw new StartError(`${path} ${mistake}`);
  const content: unknown = JSON.parse(text);
  if (describeValue(content) !== 'an object')
    throw new StartError(
      `${path} must hold an object, not ${Array.isArray(content) ? 'an array' : 'a single value'}`,
    );
  return content as Record<string, unknown>;
}

/** Reads a text file. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StartError(`cannot read ${path}: ${REASONS[code ?? ''] ?? message}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file (ENOENT)',
  EACCES: 'this process may not read it (EACCES)',
  EISDIR: 'it is a folder (EISDIR)',
};
