import { ownRequire } from '../commonjs/own-require.js';

/** Loads a CommonJS package that may be missing; `undefined` if it is. */
export function loadOptional<T>(name: string): T | undefined {
  try {
    return ownRequire(name) as T;
  } catch (error) {
    // A package that is installed and fails says best what is wrong.
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return undefined;
  }
}
