import type { Profile, SharedSymbols } from '../model/profiler.js';
import type { SourceContext } from '../model/source-context.js';
import { flattenCallTree } from './stacks.js';
import { type SymbolTable, slotOf } from './symbol-table.js';

/**
 * Shares the names of all functions of a profile with the other processes that may be asked for them.
 *
 * @param symbols - Gets an address for each function of the profile.
 */
export async function shareNames(
  profile: Profile,
  symbols: SymbolTable,
  shared: SharedSymbols | undefined,
  context: SourceContext,
): Promise<void> {
  if (shared === undefined) return;
  const functions = new Set(flattenCallTree(profile).flatMap((stack) => stack.functions));
  // All get their addresses first, because a name depends on the other functions of its line.
  const addresses = Array.from(functions, (code) => symbols.addressOf(code));
  const names = addresses.map((address) => [address, symbols.nameAt(address)] as const);
  await shared.add(
    new Map(names.filter((entry): entry is [number, string] => entry[1] !== undefined)),
    context,
  );
}

/**
 * Finds the names of JavaScript functions: in the symbol table of this process, else among the shared ones.
 *
 * @returns The names by the addresses that were given. Unknown ones are missing.
 */
export async function findNames(
  addresses: readonly number[],
  symbols: SymbolTable,
  shared: SharedSymbols | undefined,
  context: SourceContext,
): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  const unknown: number[] = [];
  for (const address of addresses) {
    const name = symbols.nameAt(address);
    if (name === undefined) unknown.push(address);
    else names.set(address, name);
  }
  if (shared === undefined || unknown.length === 0) return names;
  const slots = [...new Set(unknown.map(slotOf))];
  const found = await shared.find(slots, context);
  const bySlot = new Map(slots.map((slot, i) => [slot, found[i]]));
  for (const address of unknown) {
    const name = bySlot.get(slotOf(address));
    if (typeof name === 'string') names.set(address, name);
  }
  return names;
}
