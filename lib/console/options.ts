import { describeValue } from '../validate/describe-value.js';
import { checkOptionKeys } from '../validate/unknown-key.js';

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
  checkOptionKeys(options, ['clusters'], 'webConsole');
  const { clusters = [] } = options;
  if (!Array.isArray(clusters)) {
    throw new TypeError(`webConsole: clusters must be an array, not ${describeValue(clusters)}`);
  }
  return clusters.map(checkCluster);
}

function checkCluster(cluster: Partial<ConsoleCluster> | null, i: number): ConsoleCluster {
  const { name, path } = cluster ?? {};
  if (typeof name !== 'string' || name === '' || typeof path !== 'string' || path === '') {
    const expected = 'an object with a name and a path, such as { name: "prod", path: "/prod" }';
    throw new TypeError(`webConsole: clusters[${i}] must be ${expected}, not ${describeValue(cluster)}`);
  }
  if (path.includes('//') || /[\\?#]|^[a-z][a-z\d+.-]*:/i.test(path)) {
    const expected = 'a path on the same host, such as "/prod" or "../prod"';
    throw new TypeError(`webConsole: clusters[${i}].path must be ${expected}, not ${describeValue(path)}`);
  }
  return { name, path };
}
