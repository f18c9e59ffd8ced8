import { createHash } from 'node:crypto';
import { NameCounts } from './function-names.js';
import { type FunctionInfo, functionKey } from './stacks.js';

/** Above all memory that a process can map. */
const SYNTHETIC_BASE = 2 ** 52;

/** Addresses per function: the tools may subtract one from an address and must still hit its function. */
const SLOT_SIZE = 16;

/** Only a program that generates its functions has more; then the oldest are evicted. */
const MAX_FUNCTIONS = 100_000;

/**
 * Gives JavaScript functions addresses, because the gperftools formats consist of addresses. Each function gets a slot that follows
 * from the function alone, so that profiles of different moments and processes can be compared.
 */
export interface SymbolTable {
  /** Number of functions that have an address. */
  readonly size: number;
  /** Returns the first address of a function's slot of 16. */
  addressOf(code: FunctionInfo): number;
  /** Returns the name of the function whose slot contains an address. */
  nameAt(address: number): string | undefined;
}

/** Whether an address can be in a symbol table. No native code has such an address. */
export function isSynthetic(address: number): boolean {
  return address >= SYNTHETIC_BASE;
}

/** Returns the first address of the slot that an address is in. */
export function slotOf(address: number): number {
  return address - (address % SLOT_SIZE);
}

/** Creates an empty {@link SymbolTable}. */
export function createSymbolTable(): SymbolTable {
  const functions = new Map<number, FunctionInfo>();
  const addresses = new Map<string, number>();
  const names = new NameCounts();

  function evictOldest(): void {
    for (const [key, address] of addresses) {
      const code = functions.get(address);
      if (code !== undefined) names.add(code, -1);
      addresses.delete(key);
      functions.delete(address);
      return;
    }
  }

  return {
    get size() {
      return functions.size;
    },
    addressOf(code) {
      const key = functionKey(code);
      const known = addresses.get(key);
      if (known !== undefined) return known;
      const address = SYNTHETIC_BASE + SLOT_SIZE * createHash('sha256').update(key).digest().readUIntLE(0, 6);
      if (addresses.size >= MAX_FUNCTIONS) evictOldest();
      addresses.set(key, address);
      functions.set(address, code);
      names.add(code);
      return address;
    },
    nameAt(address) {
      const code = functions.get(slotOf(address));
      return code && names.displayName(code);
    },
  };
}
