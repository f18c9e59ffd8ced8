import { fileURLToPath } from 'node:url';
import { baseKey, type FunctionInfo } from './stacks.js';

/** Prefixes of names that the tools take for their own functions and drop. */
const RESERVED = /^(?:runtime\.|tcmalloc::|__?Z)/;

/** Characters that end a line of the symbol table, or a name in it. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/**
 * Formats a function's name for the tools: `render /app/lib/page.js:12`. The position is part of the name because the gperftools
 * formats have no field for it, and because the tools drop functions that are called just `free` or `allocate`.
 *
 * @param withColumn - Adds the column, for functions of one name on one line.
 */
export function displayName(code: FunctionInfo, withColumn = false): string {
  const path = pathOf(code.url);
  const bare = code.name === '' ? '(anonymous)' : code.name;
  const name = path === '' ? bare : `${bare} ${path}${positionSuffix(code, withColumn)}`;
  const plain = name
    .replace(CONTROLS, ' ')
    // The tools cut the arguments and templates of C++ out.
    .replace(/[(<]/g, '[')
    .replace(/[)>]/g, ']')
    // Separates inlined functions.
    .replaceAll('--', '-%2D');
  return RESERVED.test(plain) ? `js:${plain}` : plain;
}

function positionSuffix({ line, column }: FunctionInfo, withColumn: boolean): string {
  if (line === 0) return '';
  return withColumn && column ? `:${line}:${column}` : `:${line}`;
}

/** Counts functions by name and line, and so tells which of them need a column to be told apart. */
export class NameCounts {
  readonly #counts = new Map<string, number>();

  add(code: FunctionInfo, by = 1): void {
    const key = baseKey(code);
    const count = (this.#counts.get(key) ?? 0) + by;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }

  /** Formats the name of a function that was added, with its column when another one has the same name and line. */
  displayName(code: FunctionInfo): string {
    return displayName(code, (this.#counts.get(baseKey(code)) ?? 0) > 1);
  }
}

/** Returns the path of a `file:` URL. Other scripts (`node:fs`, `evalmachine.<anonymous>`) keep their name. */
export function pathOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
