import { ownRequire } from '../commonjs/own-require.js';

/**
 * Loads an optional peer dependency when it is needed.
 *
 * @param name - Name of a CommonJS package.
 * @param user - The export that needs it, for the error message.
 * @param require - Loads a CommonJS module by its name.
 * @throws Error that says what to install.
 */
export function loadPeer(
  name: string,
  user: string,
  require: (name: string) => unknown = ownRequire,
): unknown {
  try {
    return require(name);
  } catch (cause) {
    // The error of a package that is installed but fails to load says best what is wrong.
    if ((cause as NodeJS.ErrnoException | undefined)?.code !== 'MODULE_NOT_FOUND') throw cause;
    throw new Error(`${user} needs the package ${name}: npm install ${name}`, { cause });
  }
}
