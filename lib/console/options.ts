import * as check from '../validate/checks.js';
import { readOptions } from '../validate/options.js';

/** A cluster that the console lists. */
export interface ConsoleCluster {
  /** The name that the list shows. */
  readonly name: string;
  /**
   * The mount path of the handler of this cluster: from the root (`/prod`), or relative to the mount path of the handler that serves the
   * console (`../prod`). It must be on the same host and port.
   */
  readonly path: string;
}

/** Options of `webConsole`. */
export interface ConsoleOptions {
  /**
   * The clusters of a server that has several handlers. The console lists them with their health, and links to their consoles.
   *
   * @defaultValue no list
   */
  readonly clusters?: readonly ConsoleCluster[] | undefined;
}

/** Returns the clusters to list. */
export function resolveClusters(options: ConsoleOptions): readonly ConsoleCluster[] {
  return readOptions('webConsole', options, ['clusters'], ({ clusters = [] }) =>
    check.list(clusters, 'clusters', checkCluster),
  );
}

function checkCluster(cluster: unknown, at: string): ConsoleCluster {
  const { name, path } = (cluster ?? {}) as Partial<ConsoleCluster>;
  if (typeof name !== 'string' || name === '' || typeof path !== 'string' || path === '') {
    const expected = 'an object with a name and a path, such as { name: "prod", path: "/prod" }';
    return check.fail(at, expected, cluster);
  }
  if (path.includes('//') || /[\\?#]|^[a-z][a-z\d+.-]*:/i.test(path)) {
    return check.fail(`${at}.path`, 'a path on the same host, such as "/prod" or "../prod"', path);
  }
  return { name, path };
}
