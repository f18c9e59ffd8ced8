import type { Profile } from '../model/profiler.js';
import { flattenCallTree, type Stack } from './stacks.js';
import type { SymbolTable } from './symbol-table.js';

/** Offset of an address in its function's slot. The tools subtract one, and the result is still in the slot. */
const SLOT_OFFSET = 8;

/**
 * The type in the first line of a heap profile. With `heap_v2/524288` the tools would scale the samples up, which V8 has done
 * already.
 */
export type HeapProfileType = 'heapprofile' | 'growth';

/**
 * Encodes a heap profile as gperftools text: the totals, a row for each stack, and the mapped libraries.
 *
 * @param symbols - Gets an address for each function of the profile.
 * @param mappedLibraries - Lines of `/proc/self/maps`.
 */
export function encodeHeapProfile(
  profile: Profile,
  type: HeapProfileType,
  symbols: SymbolTable,
  mappedLibraries: readonly string[],
): string {
  const stacks = flattenCallTree(profile);
  const total = { count: 0, value: 0 };
  for (const { count, value } of stacks) {
    total.count += count;
    total.value += value;
  }
  const lines = [`heap profile: ${formatValues(total)} @ ${type}`];
  for (const stack of stacks) {
    const addresses = stack.functions.map(
      (code) => `0x${(symbols.addressOf(code) + SLOT_OFFSET).toString(16)}`,
    );
    lines.push(`${formatValues(stack)} @ ${addresses.join(' ')}`);
  }
  return `${lines.join('\n')}\n\nMAPPED_LIBRARIES:\n${mappedLibraries.map((line) => `${line}\n`).join('')}`;
}

/** Formats what is in use, then in brackets what was ever allocated. V8 knows only the former, so both are the same. */
function formatValues({ count, value }: Pick<Stack, 'count' | 'value'>): string {
  const objects = String(count).padStart(6);
  const bytes = String(value).padStart(8);
  return `${objects}: ${bytes} [${objects}: ${bytes}]`;
}
