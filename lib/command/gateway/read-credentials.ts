import { StartError } from '../failure.js';
import { flagOf, type Place, variableOf } from '../options/option.js';
import { readTextFile } from '../options/read-json-file.js';
import type { Resolved } from '../options/resolve-options.js';
import type { Credentials } from './credentials.js';
import { GATEWAY_OPTIONS } from './options.js';

/** Shorter tokens can be guessed. */
const MIN_TOKEN = 16;
const MIN_PASSWORD = 8;

type Name = 'token' | 'password' | 'tokenFile' | 'passwordFile' | 'user';

/**
 * Reads the credentials, from the options or from the files that they name.
 *
 * @param locate - Returns the path of such a file.
 * @throws StartError that says what is wrong. It shows no credentials.
 */
export async function readCredentials(
  { values, placeOf }: Resolved<typeof GATEWAY_OPTIONS>,
  locate: (name: string, place: Place | undefined) => string,
): Promise<Credentials> {
  async function secret(name: 'token' | 'password', fileName: 'tokenFile' | 'passwordFile', min: number) {
    const [direct, file] = [values[name], values[fileName]];
    if (direct !== undefined && file !== undefined)
      throw new StartError(`${label(name)} and ${label(fileName)} exclude each other: leave out one`);
    const text =
      file === undefined
        ? direct
        : (await readTextFile(locate(file, placeOf(fileName)))).replace(/\r?\n$/, '');
    if (text === undefined) return undefined;
    const what = file === undefined ? label(name) : `the ${name} in ${file}`;
    if (text.length < min) throw new StartError(`${what} must have at least ${min} characters`);
    if (!/^[\x20-\x7e]+$/.test(text) || (name === 'token' && text.includes(' ')))
      throw new StartError(
        `${what} must consist of ASCII letters, digits and signs${name === 'token' ? ', without blanks' : ''}`,
      );
    return text;
  }

  function label(name: Name): string {
    const option = GATEWAY_OPTIONS.find((one) => one.name === name);
    const place = placeOf(name);
    if (option === undefined || place === 'file') return `"${name}"`;
    return place === 'flag' ? flagOf(option) : variableOf(option);
  }

  const token = await secret('token', 'tokenFile', MIN_TOKEN);
  const password = await secret('password', 'passwordFile', MIN_PASSWORD);
  const { user } = values;
  if (user !== undefined && password === undefined)
    throw new StartError(`${label('user')} needs a password: set PEGASUS_HTTP_PASSWORD or --password-file`);
  if (password !== undefined && user === undefined)
    throw new StartError('a password needs a user: set PEGASUS_HTTP_USER or --user');
  if (user?.includes(':')) throw new StartError(`${label('user')} must not contain a colon`);
  const basic = user === undefined || password === undefined ? undefined : { user, password };
  return { token, basic };
}
