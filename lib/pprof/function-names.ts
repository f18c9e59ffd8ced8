import { fileURLToPath } from 'node:url';
import type { FunctionInfo } from './stacks.js';

/** Names that the tools take for their own, and drop. */
const RESERVED = /^(?:runtime\.|tcmalloc::|__?Z)/;

/** What ends a line of the symbol table, or a name in it. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/**
 * A function as the tools show it: `render /app/lib/page.js:12`. The place is part of the name because the gperftools formats
 * have no other room for it, and because the tools drop functions that are called `free` or `allocate` and nothing else.
 */
export function displayName(code: FunctionInfo): string {
  const path = pathOf(code.url);
  const bare = code.name === '' ? '(anonymous)' : code.name;
  const name = path === '' ? bare : `${bare} ${path}${code.line > 0 ? `:${code.line}` : ''}`;
  const plain = name
    .replace(CONTROLS, ' ')
    // C++'s arguments and templates, which are cut out.
    .replace(/[(<]/g, '[')
    .replace(/[)>]/g, ']')
    // Separates inlined functions.
    .replaceAll('--', '-%2D');
  return RESERVED.test(plain) ? `js:${plain}` : plain;
}

/** A path where there is one; else (`node:fs`, `evalmachine.<anonymous>`) the name that the script has. */
export function pathOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
