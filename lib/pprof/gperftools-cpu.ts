import type { Profile } from '../model/profiler.js';
import { flattenCallTree, type Stack } from './stacks.js';
import type { SymbolTable } from './symbol-table.js';

/**
 * Encodes a CPU profile in gperftools' binary format, the only one that the perl `google-pprof` reads: 64-bit little-endian words,
 * then the mapped libraries as text.
 *
 * @param symbols - Gets an address for each function of the profile.
 * @param mappedLibraries - Lines of `/proc/self/maps`.
 */
export function encodeCpuProfile(
  profile: Profile,
  symbols: SymbolTable,
  mappedLibraries: readonly string[],
): Buffer {
  const period = Math.max(1, Math.round(profile.period));
  const words = [0, 3, 0, period, 0];
  let withCaller = 0;
  for (const { hits, stack } of splitSingleRow(roundToPeriods(flattenCallTree(profile), period))) {
    words.push(hits, stack.functions.length);
    stack.functions.forEach((code, depth) => {
      words.push(symbols.addressOf(code) + offsetAt(depth, withCaller));
    });
    if (stack.functions.length > 1) withCaller += 1;
  }
  words.push(0, 1, 0);
  const binary = Buffer.alloc(words.length * 8);
  words.forEach((word, i) => {
    binary.writeBigUInt64LE(BigInt(word), i * 8);
  });
  return Buffer.concat([binary, Buffer.from(mappedLibraries.map((line) => `${line}\n`).join(''))]);
}

/**
 * Returns the offset of a frame's address in its function's slot. The tools subtract one from callers only, and then drop a caller
 * that is one below the function: the two offsets differ by more than that. The tools also drop the first caller when nearly all rows
 * share it, as a signal handler: the rows alternate between two of its addresses.
 */
function offsetAt(depth: number, row: number): number {
  if (depth === 0) return 4;
  return depth === 1 ? 8 + (row % 2) : 8;
}

interface Row {
  readonly hits: number;
  readonly stack: Stack;
}

/** Converts times to the format's whole periods. The rounding error of each row goes to the next, so that the total stays right. */
function roundToPeriods(stacks: readonly Stack[], period: number): Row[] {
  const rows: Row[] = [];
  let rest = 0;
  for (const stack of stacks) {
    const exact = stack.value / period + rest;
    const hits = Math.max(0, Math.round(exact));
    rest = exact - hits;
    if (hits > 0) rows.push({ hits, stack });
  }
  return rows;
}

/** Splits a single row in two, because it cannot alternate with another one. */
function splitSingleRow(rows: readonly Row[]): readonly Row[] {
  const [only] = rows;
  if (rows.length !== 1 || only === undefined || only.hits < 2) return rows;
  const half = Math.floor(only.hits / 2);
  return [
    { ...only, hits: half },
    { ...only, hits: only.hits - half },
  ];
}
