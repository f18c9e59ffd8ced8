import { readFile } from 'node:fs/promises';

/** A part of a file that is mapped into the memory of this process. */
export interface MappedFile {
  readonly start: number;
  readonly end: number;
  /** Offset of the part in the file. */
  readonly offset: number;
  readonly path: string;
  readonly executable: boolean;
}

/** Reads the lines of `/proc/self/maps` that name a file; none on a system without it. */
export async function mappedFileLines(file = '/proc/self/maps'): Promise<string[]> {
  try {
    const text = await readFile(file, 'utf8');
    return text.split('\n').filter((line) => line.includes(' /'));
  } catch {
    return [];
  }
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ \d+ +(\/.*)$/;

/** Parses one such line. */
export function parseMappedFile(line: string): MappedFile | undefined {
  const [, start, end, access, offset, path] = LINE.exec(line) ?? [];
  if (start === undefined || end === undefined || offset === undefined || path === undefined)
    return undefined;
  return {
    start: Number.parseInt(start, 16),
    end: Number.parseInt(end, 16),
    offset: Number.parseInt(offset, 16),
    path,
    executable: access?.includes('x') === true,
  };
}
