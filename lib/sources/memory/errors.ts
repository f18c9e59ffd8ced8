import { PegasusError } from '../../model/errors.js';

/** Runs a function of the public API. The message of its error begins with the name of that function. */
export function nameCaller<T>(caller: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PegasusError) throw new PegasusError(error.code, `${caller}: ${error.message}`);
    throw error;
  }
}

/** Wraps each of several functions by {@link nameCaller}; `owner.name` is the name of the caller. */
export function nameCallers<T extends object>(owner: string, functions: T): T {
  const named = Object.entries(functions).map(([name, run]) => [
    name,
    (...args: unknown[]) => nameCaller(`${owner}.${name}`, () => run(...args)),
  ]);
  return Object.fromEntries(named);
}
