import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { identity, type ResolvePosition } from './source-position.js';

/** The source maps of this process's scripts, each loaded when a profile first names its script. */
export interface SourceMaps {
  /** Loads the maps of these scripts; the function that it returns looks places up in them. */
  locate(urls: readonly string[]): Promise<ResolvePosition>;
}

/** For hosts that did not ask for source maps. */
export const NO_SOURCE_MAPS: SourceMaps = { locate: async () => identity };

interface LoadedMap {
  readonly map: SourceMap;
  /** What the sources' names are relative to. */
  readonly base: URL;
}

/** Makes a {@link SourceMaps}. A script without a map, or with one that cannot be read, keeps its own places. */
export function createSourceMaps(): SourceMaps {
  const loaded = new Map<string, LoadedMap | undefined>();
  return {
    async locate(urls) {
      const missing = [...new Set(urls)].filter((url) => /^(file:|\/)/.test(url) && !loaded.has(url));
      await Promise.all(
        missing.map(async (url) => {
          loaded.set(url, await load(url).catch(() => undefined));
        }),
      );
      return (place) => {
        const found = loaded.get(place.url);
        const entry = found?.map.findEntry(place.line - 1, place.column - 1);
        if (found === undefined || entry === undefined || !('originalSource' in entry))
          return identity(place);
        return { url: new URL(entry.originalSource, found.base).href, line: entry.originalLine + 1 };
      };
    },
  };
}

async function load(url: string): Promise<LoadedMap | undefined> {
  const script = url.startsWith('/') ? new URL(`file://${encodeURI(url)}`) : new URL(url);
  const comment = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm;
  const named = [...(await readFile(script, 'utf8')).matchAll(comment)].at(-1)?.[1];
  if (named === undefined) return undefined;
  const inline = /^data:application\/json[^,]*;base64,(.*)$/.exec(named)?.[1];
  if (inline !== undefined) return parse(Buffer.from(inline, 'base64').toString(), script);
  const base = new URL(named, script);
  return parse(await readFile(base, 'utf8'), base);
}

function parse(json: string, base: URL): LoadedMap {
  return { map: new SourceMap(JSON.parse(json)), base };
}
