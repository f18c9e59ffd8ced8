/**
 * The web console: a page that shows the cluster behind a handler. Its files come with the package; nothing is loaded from another host.
 *
 * @packageDocumentation
 */

import type { StaticFiles } from '../routing/static-files.js';
import { type ConsoleOptions, resolveClusters } from './options.js';
import { pageFiles } from './page-files.js';

export type { StaticFile, StaticFiles } from '../routing/static-files.js';
export type { ConsoleCluster, ConsoleOptions } from './options.js';

/**
 * Reads the files of the console for the option `console` of `createPegasusHandler`. All handlers share the files.
 *
 * @param options - See {@link ConsoleOptions}.
 * @returns the value of the option `console`
 * @throws TypeError if an option is wrong.
 * @throws Error if the files are missing, because the package was not built.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, memoryCluster } from 'pegasus-http';
 * import { webConsole } from 'pegasus-http/console';
 *
 * const handler = createPegasusHandler(memoryCluster(), { console: webConsole() });
 * const server = createServer(handler).listen(34601, '127.0.0.1');
 * // Open http://127.0.0.1:34601/ in a browser.
 * server.close();
 * ```
 */
export function webConsole(options: ConsoleOptions = {}): StaticFiles {
  return { summary: 'Shows the cluster in a browser.', files: pageFiles(resolveClusters(options)) };
}
