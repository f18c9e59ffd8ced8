import { createRequire } from 'node:module';

/**
 * Loads a package that only some hosts need, when somebody needs it.
 *
 * @param name - The package's, which is CommonJS.
 * @param user - What needs it, for the message.
 * @param require - Loads a CommonJS module by its name.
 * @throws An error that says what to install.
 */
export function loadPeer(
  name: string,
  user: string,
  require: (name: string) => unknown = createRequire(import.meta.url),
): unknown {
  try {
    return require(name);
  } catch (cause) {
    // A package that is there and cannot be loaded says best itself why.
    if ((cause as NodeJS.ErrnoException | undefined)?.code !== 'MODULE_NOT_FOUND') throw cause;
    throw new Error(`${user} needs the package ${name}: npm install ${name}`, { cause });
  }
}
