import { isAbsolute } from 'node:path';
import { loadSourceMap, type ScriptSourceMap } from './source-map-file.js';
import { identity, type ResolvePosition } from './source-position.js';

/** The source maps of this process's scripts, each loaded when a profile first names its script. */
export interface SourceMaps {
  /**
   * Loads the maps of these scripts.
   *
   * @returns A function that resolves positions in them. A script without a readable map keeps its own positions.
   * @throws The signal's reason.
   */
  load(urls: Iterable<string>, signal: AbortSignal): Promise<ResolvePosition>;
}

/** Leaves all positions as they are, for hosts that have not turned source maps on. */
export const NO_SOURCE_MAPS: SourceMaps = { load: async () => identity };

/** How many files are read at a time, so that other code finds a thread for its own reads. */
const MAX_CONCURRENT_LOADS = 4;

/** Creates a {@link SourceMaps}. */
export function createSourceMaps(): SourceMaps {
  const maps = new Map<string, ScriptSourceMap | undefined>();
  return {
    async load(urls, signal) {
      const missing = Array.from(new Set(urls)).filter((url) => isFile(url) && !maps.has(url));
      async function loadNext(): Promise<void> {
        for (let url = missing.pop(); url !== undefined; url = missing.pop()) {
          maps.set(url, await loadSourceMap(url).catch(() => undefined));
        }
      }
      const loads = Array.from({ length: MAX_CONCURRENT_LOADS }, loadNext);
      await orAborted(Promise.all(loads), signal);
      return (start, executedLine) =>
        maps.get(start.url)?.resolve(start, executedLine) ?? identity(start, executedLine);
    },
  };
}

function isFile(url: string): boolean {
  return url.startsWith('file:') || isAbsolute(url);
}

/** A file system that does not answer must not hold the profile up for good. */
async function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = withRejection();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function withRejection(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
