import { invalidParameters, PegasusError } from '../model/errors.js';
import * as check from './checks.js';
import { type Renamed, unknownKey } from './unknown-key.js';

/**
 * Reads the options of a function. This is the one place where the keys of options are checked.
 *
 * @param caller - The function that takes the options. Each message begins with it.
 * @param known - The names of all options.
 * @param read - Checks the values by `checks.ts`, and returns them with their defaults.
 * @param renamed - Options of an earlier version by their old names.
 * @throws TypeError with `code` `ERR_INVALID_PARAMETERS` that says what is wrong and what would be right.
 */
export function readOptions<Options extends object, Resolved>(
  caller: string,
  options: Options,
  known: readonly string[],
  read: (options: Options) => Resolved,
  renamed: Renamed = {},
): Resolved {
  return checkArguments(caller, () => {
    const mistake = unknownKey(check.object(options, 'options'), known, 'option', renamed);
    if (mistake !== undefined) throw invalidParameters(mistake);
    return read(options);
  });
}

/**
 * Runs the checks of a function's arguments.
 *
 * @param caller - The function. Each message begins with its name.
 * @throws TypeError with `code` `ERR_INVALID_PARAMETERS` in the place of a `PegasusError`.
 */
export function checkArguments<T>(caller: string, checks: () => T): T {
  try {
    return checks();
  } catch (error) {
    if (!(error instanceof PegasusError)) throw error;
    // The code is not enumerable, so that a printed error stays short.
    const mistake = new TypeError(`${caller}: ${error.message}`);
    throw Object.defineProperty(mistake, 'code', { value: 'ERR_INVALID_PARAMETERS' });
  }
}

/** Returns a function that calls an optional callback and ignores its exceptions and rejections. */
export function ignoreExceptions<Argument>(
  callback: ((argument: Argument) => void) | undefined,
  path: string,
): (argument: Argument) => void {
  const call = check.optionalFunction(callback, path);
  return (argument) => {
    new Promise((resolve) => resolve(call?.(argument))).catch(() => {});
  };
}
