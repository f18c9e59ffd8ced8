import { createHash } from 'node:crypto';
import { displayName } from './function-names.js';
import { type FunctionInfo, functionKey } from './stacks.js';

/** Above whatever a process maps. */
const SYNTHETIC_BASE = 2 ** 52;
/** Every function has as many addresses, so that the tools may take one off and still point at it. */
const SLOT_SIZE = 16;

/** More functions than one process compiles, unless it makes them up as it goes; then the oldest are forgotten. */
const MAX_FUNCTIONS = 100_000;

/**
 * JavaScript functions have no addresses, and the gperftools formats know nothing else: so each gets a slot of made-up ones. It
 * follows from the function alone: profiles of different moments (and of different processes) can be compared.
 */
export interface SymbolTable {
  /** How many functions have an address. */
  readonly size: number;
  /** The first address of a function's slot; there are 16. */
  addressOf(code: FunctionInfo): number;
  /** The name of the function whose slot an address lies in. */
  nameAt(address: number): string | undefined;
}

/** Whether an address may be in a book, and is in no case native code's. */
export function isSynthetic(address: number): boolean {
  return address >= SYNTHETIC_BASE;
}

/** Makes an empty {@link SymbolTable}. */
export function createSymbolTable(): SymbolTable {
  const names = new Map<number, string>();
  const addresses = new Map<string, number>();
  return {
    get size() {
      return names.size;
    },
    addressOf(code) {
      const key = functionKey(code);
      const known = addresses.get(key);
      if (known !== undefined) return known;
      const address = SYNTHETIC_BASE + SLOT_SIZE * createHash('sha256').update(key).digest().readUIntLE(0, 6);
      evictOldest(addresses, names);
      addresses.set(key, address);
      names.set(address, displayName(code));
      return address;
    },
    nameAt: (address) => names.get(address - (address % SLOT_SIZE)),
  };
}

function evictOldest(addresses: Map<string, number>, names: Map<number, string>): void {
  if (addresses.size < MAX_FUNCTIONS) return;
  for (const [key, address] of addresses) {
    addresses.delete(key);
    names.delete(address);
    return;
  }
}
