import { decodedMappings, FlattenMap, type SourceMapSegment, traceSegment } from '@jridgewell/trace-mapping';
import type { SourcePosition } from './source-position.js';

/** The source map of one script. */
export interface ScriptSourceMap {
  /** Resolves a position as {@link ResolvePosition} does. @returns `undefined` for code that comes from no source file. */
  resolve(start: SourcePosition, executedLine?: number): SourcePosition | undefined;
}

/** Marks a source that is `null` in the map; the library would make the map's folder of it. */
const NO_SOURCE = '\0';

/** Sections within sections; no tool writes any. */
const MAX_SECTION_DEPTH = 10;

/**
 * Parses a source map of ECMA-426, plain or with sections.
 *
 * @param mapUrl - The URL that its sources are relative to.
 * @throws Error when the text is no source map.
 */
export function parseSourceMap(text: string, mapUrl: string): ScriptSourceMap {
  // Servers may put a line before the JSON that keeps it from being a script.
  const json = text.replace(/^\)\]\}[^\n]*\n/, '');
  const map = new FlattenMap(normalize(JSON.parse(json)) as never, mapUrl);
  const mappings = decodedMappings(map);

  /** Segments of one field, and those of a `null` source, come from no source file. */
  function original(segment: Readonly<SourceMapSegment> | null | undefined): SourcePosition | undefined {
    if (segment === null || segment === undefined || segment.length === 1) return undefined;
    const [, source, line, column] = segment;
    const url = map.resolvedSources[source];
    if (url === undefined || url.endsWith(NO_SOURCE)) return undefined;
    if (!Number.isSafeInteger(line) || line < 0 || !Number.isSafeInteger(column) || column < 0)
      return undefined;
    return { url, line: line + 1, column: column + 1 };
  }

  /** Lines of the function's source file that a line of the script comes from, in the order of the script. */
  function originalLines(url: string, executedLine: number, fromColumn: number): number[] {
    const lines: number[] = [];
    for (const segment of mappings[executedLine - 1] ?? []) {
      if (segment[0] < fromColumn) continue;
      const found = original(segment);
      if (found?.url === url) lines.push(found.line);
    }
    return lines;
  }

  return {
    resolve(start, executedLine) {
      if (start.line < 1 || start.column < 1) return undefined;
      const found = original(traceSegment(map, start.line - 1, start.column - 1));
      if (found === undefined || executedLine === undefined) return found;
      const isFirstLine = executedLine === start.line;
      const lines = originalLines(found.url, executedLine, isFirstLine ? start.column - 1 : 0);
      // V8 tells no column. The first line of a function may hold other functions, too: all of them, in a minified script.
      const isCertain = !isFirstLine || lines.every((line) => line === lines[0]);
      return isCertain && lines[0] !== undefined ? { ...found, line: lines[0] } : found;
    },
  };
}

/** Applies what the library leaves out: `null` sources, and a `sourceRoot` with or without a slash at its end. */
function normalize(map: unknown, depth = 0): unknown {
  if (typeof map !== 'object' || map === null || depth > MAX_SECTION_DEPTH)
    throw new Error('not a source map');
  if ('sections' in map && Array.isArray(map.sections)) {
    const sections = map.sections.map(({ offset, map: inner }) => ({
      offset,
      map: normalize(inner, depth + 1),
    }));
    return { ...map, sections };
  }
  const { sources, sourceRoot, mappings } = map as {
    [Key in 'sources' | 'sourceRoot' | 'mappings']?: unknown;
  };
  // The library decodes any text, and takes unknown characters for zeros.
  const isEncoded = typeof mappings === 'string' && /^[A-Za-z0-9+/,;]*$/.test(mappings);
  if (!Array.isArray(sources) || !isEncoded) throw new Error('not a source map');
  const root = typeof sourceRoot === 'string' ? sourceRoot.replace(/([^/])$/, '$1/') : '';
  const named = (source: unknown) => typeof source === 'string' && source !== '';
  return {
    ...map,
    sourceRoot: '',
    sources: sources.map((source) => (named(source) ? root + source : NO_SOURCE)),
  };
}
