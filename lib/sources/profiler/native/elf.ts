import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Numbers of sections, segments and symbols in `elf.h`. */
const SHT_SYMTAB = 2;
const SHT_DYNSYM = 11;
const PT_LOAD = 1;
const STT_FUNC = 2;
const STT_GNU_IFUNC = 10;
const SYMBOL_BYTES = 24;

/** The functions of one ELF file. */
export interface ElfSymbols {
  /** Returns the name of the function at an offset of the file, mangled as in the file. */
  nameAt(fileOffset: number): string | undefined;
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

interface Segment {
  readonly fileOffset: number;
  readonly fileSize: number;
  readonly address: number;
}

/** Counts the symbols of a file by its section headers. */
export async function countSymbols(path: string): Promise<number> {
  return withElf(path, 0, async (_, { symbols }) => Math.floor((symbols?.size ?? 0) / SYMBOL_BYTES));
}

/** Reads the names of all functions of a file. A file that is not 64-bit little-endian ELF has none. */
export async function loadSymbols(path: string): Promise<ElfSymbols> {
  return withElf(path, { nameAt: () => undefined }, async (file, { symbols, strings, segments }) => {
    if (symbols === undefined || strings === undefined) return { nameAt: () => undefined };
    const [table, names] = [await read(file, symbols), await read(file, strings)];
    return createElfSymbols(table, names, segments);
  });
}

function createElfSymbols(table: Buffer, names: Buffer, segments: readonly Segment[]): ElfSymbols {
  const functions: number[] = [];
  for (let at = 0; at + SYMBOL_BYTES <= table.length; at += SYMBOL_BYTES) {
    const type = table.readUInt8(at + 4) % 16;
    if ((type === STT_FUNC || type === STT_GNU_IFUNC) && table.readUInt16LE(at + 6) !== 0) functions.push(at);
  }
  const addressAt = (at: number) => Number(table.readBigUInt64LE(at + 8));
  const sorted = functions
    .map((at) => ({ at, address: addressAt(at) }))
    .sort((a, b) => a.address - b.address);
  // Typed arrays and the undecoded names. Objects would take ten times the memory.
  const starts = Float64Array.from(sorted, ({ address }) => address);
  const sizes = Float64Array.from(sorted, ({ at }) => Number(table.readBigUInt64LE(at + 16)));
  const nameOffsets = Uint32Array.from(sorted, ({ at }) => table.readUInt32LE(at));

  return {
    nameAt(fileOffset) {
      const segment = segments.find(
        (s) => fileOffset >= s.fileOffset && fileOffset < s.fileOffset + s.fileSize,
      );
      if (segment === undefined) return undefined;
      const address = segment.address + fileOffset - segment.fileOffset;
      const index = upperBound(starts, address);
      const start = starts[index];
      if (start === undefined) return undefined;
      // Functions in assembler may have no size. They end where the next one begins.
      const end = start + (sizes[index] || (starts[index + 1] ?? start + 1) - start);
      return address < end ? cString(names, nameOffsets[index] ?? 0) : undefined;
    },
  };
}

/** Returns the index of the last number that is not above `address`; -1 when all are. */
function upperBound(starts: Float64Array, address: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function cString(names: Buffer, offset: number): string {
  return names.toString('utf8', offset, names.indexOf(0, offset));
}

interface Elf {
  readonly symbols: Section | undefined;
  readonly strings: Section | undefined;
  readonly segments: readonly Segment[];
}

async function withElf<T>(
  path: string,
  none: T,
  use: (file: FileHandle, elf: Elf) => Promise<T>,
): Promise<T> {
  let file: FileHandle | undefined;
  try {
    // Opening a FIFO in its place must not wait for a writer.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (!(await file.stat()).isFile()) return none;
    const elf = await readElf(file);
    return elf === undefined ? none : await use(file, elf);
  } catch {
    // The file was replaced by an update or is incomplete; it has no names.
    return none;
  } finally {
    await file?.close();
  }
}

async function readElf(file: FileHandle): Promise<Elf | undefined> {
  const head = await read(file, { offset: 0, size: 64 });
  if (head.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return undefined;
  const segmentCount = head.readUInt16LE(56);
  const sectionCount = head.readUInt16LE(60);
  const segmentTable = await read(file, {
    offset: Number(head.readBigUInt64LE(32)),
    size: segmentCount * 56,
  });
  const sectionTable = await read(file, {
    offset: Number(head.readBigUInt64LE(40)),
    size: sectionCount * 64,
  });
  const sections = Array.from({ length: sectionCount }, (_, i) => parseSection(sectionTable, i * 64));
  const symbols =
    sections.find(({ type }) => type === SHT_SYMTAB) ?? sections.find(({ type }) => type === SHT_DYNSYM);
  return {
    symbols,
    strings: symbols && sections[symbols.link],
    segments: Array.from({ length: segmentCount }, (_, i) => i * 56)
      .filter((at) => segmentTable.readUInt32LE(at) === PT_LOAD)
      .map((at) => parseSegment(segmentTable, at)),
  };
}

function parseSection(table: Buffer, at: number): Section {
  return {
    type: table.readUInt32LE(at + 4),
    offset: Number(table.readBigUInt64LE(at + 24)),
    size: Number(table.readBigUInt64LE(at + 32)),
    link: table.readUInt32LE(at + 40),
  };
}

function parseSegment(table: Buffer, at: number): Segment {
  return {
    fileOffset: Number(table.readBigUInt64LE(at + 8)),
    address: Number(table.readBigUInt64LE(at + 16)),
    fileSize: Number(table.readBigUInt64LE(at + 32)),
  };
}

/** Reads a part of a file. A size beyond the file's own is an error: the headers of a broken file may name any. */
async function read(file: FileHandle, { offset, size }: Pick<Section, 'offset' | 'size'>): Promise<Buffer> {
  if (size > (await file.stat()).size) throw new Error('the file is incomplete');
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size), position: offset });
  return buffer.subarray(0, bytesRead);
}
