import Module from 'node:module';
import { join } from 'node:path';

/** Bundlers that make CommonJS leave `import.meta` empty. Then packages are resolved from the main program, or else from the working directory. */
const url: string | undefined = import.meta.url;

/**
 * Loads CommonJS modules from this package, beside which its optional dependencies are. The name `createRequire` is not imported by
 * itself: webpack would follow it, and warn that it cannot.
 */
export const ownRequire: NodeJS.Require = Module.createRequire(
  url ?? process.argv[1] ?? join(process.cwd(), 'main.js'),
);
