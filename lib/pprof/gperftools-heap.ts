import type { Profile } from '../model/profiler.js';
import { flattenCallTree, type Stack } from './stacks.js';
import type { SymbolTable } from './symbol-table.js';

/** Where in a function's slot an address points: the tools take one off, and land in the slot all the same. */
const SLOT_OFFSET = 8;

/**
 * The figures are final. (`heap_v2/524288` in this place would have the tools scale samples up, and V8 has done so already.)
 */
export type HeapProfileType = 'heapprofile' | 'growth';

/**
 * The heap profile text of gperftools: a head with the totals, a row a stack, the mapped libraries.
 *
 * @param symbols - Gets an address for every function of the profile.
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
  const lines = [`heap profile: ${figures(total)} @ ${type}`];
  for (const stack of stacks) {
    const addresses = stack.functions.map(
      (code) => `0x${(symbols.addressOf(code) + SLOT_OFFSET).toString(16)}`,
    );
    lines.push(`${figures(stack)} @ ${addresses.join(' ')}`);
  }
  return `${lines.join('\n')}\n\nMAPPED_LIBRARIES:\n${mappedLibraries.map((line) => `${line}\n`).join('')}`;
}

/** What is in use, and in brackets what was ever allocated, which is the same here. */
function figures({ count, value }: Pick<Stack, 'count' | 'value'>): string {
  const objects = String(count).padStart(6);
  const bytes = String(value).padStart(8);
  return `${objects}: ${bytes} [${objects}: ${bytes}]`;
}
