import * as check from './checks.js';

/**
 * Runs the checks of a function's options.
 *
 * @param caller - The function that takes the options. Each message begins with it.
 * @throws TypeError with `code` `ERR_INVALID_PARAMETERS`.
 */
export function checkOptions<T>(caller: string, checks: () => T): T {
  try {
    return checks();
  } catch (error) {
    const { message } = error as Error;
    const named = message.startsWith(`${caller}: `) ? message : `${caller}: ${message}`;
    throw Object.assign(new TypeError(named), { code: 'ERR_INVALID_PARAMETERS' });
  }
}

/** Checks an optional function. */
export function checkOptionalFunction<F>(value: F, path: string): F {
  if (value === undefined || typeof value === 'function') return value;
  return check.fail(path, 'a function', value);
}

/** Returns a function that calls an optional callback and ignores its exceptions and rejections. */
export function ignoreExceptions<Argument>(
  callback: ((argument: Argument) => void) | undefined,
  path: string,
): (argument: Argument) => void {
  const call = checkOptionalFunction(callback, path);
  return (argument) => {
    new Promise((resolve) => resolve(call?.(argument))).catch(() => {});
  };
}

/** Checks a duration in milliseconds that may be `Infinity`. */
export function checkDuration(value: unknown, path: string): number {
  return typeof value === 'number' && value >= 0
    ? value
    : check.fail(path, 'a number of milliseconds from 0 to Infinity', value);
}
