/** Where a text stops being JSON. */
export interface SyntaxMistake {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** Deeper files are refused, so that no file exhausts the stack. */
const MAX_DEPTH = 100;

class Mistake extends Error {
  readonly at: number;
  readonly expected: string;

  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
  }
}

/**
 * Finds the first syntax mistake of a JSON text. `JSON.parse` of Node 20 does not say where all mistakes are, and takes the last of two
 * equal keys without a word.
 *
 * @returns `undefined` if the text is JSON.
 */
export function findSyntaxMistake(text: string): SyntaxMistake | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return undefined;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const before = text.slice(0, error.at).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected: error.expected };
  }
}

/** Says where the first syntax mistake of a JSON text is, behind the name of the text; `undefined` if it is JSON. */
export function describeSyntaxMistake(text: string): string | undefined {
  const mistake = findSyntaxMistake(text);
  if (mistake === undefined) return undefined;
  const { line, column, expected } = mistake;
  return `is not JSON: expected ${expected} in line ${line}, column ${column}`;
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value(0);
    this.#take(SPACE);
    if (this.#at < this.#text.length) throw new Mistake(this.#at, 'the end of the file');
  }

  #value(depth: number): void {
    if (depth > MAX_DEPTH) throw new Mistake(this.#at, `at most ${MAX_DEPTH} levels`);
    this.#take(SPACE);
    if (this.#skip('{')) this.#object(depth);
    else if (this.#skip('[')) this.#array(depth);
    else if (this.#take(STRING) === undefined && this.#take(SCALAR) === undefined)
      throw new Mistake(this.#at, 'a value');
  }

  #object(depth: number): void {
    const keys = new Set<string>();
    if (this.#skip('}')) return;
    do {
      this.#take(SPACE);
      const start = this.#at;
      const key = this.#take(STRING);
      if (key === undefined) throw new Mistake(start, 'a key in double quotes');
      if (keys.has(key)) throw new Mistake(start, `each key once, not ${key} twice`);
      keys.add(key);
      if (!this.#skip(':')) throw new Mistake(this.#at, '":"');
      this.#value(depth + 1);
    } while (this.#skip(','));
    if (!this.#skip('}')) throw new Mistake(this.#at, '"," or "}"');
  }

  #array(depth: number): void {
    if (this.#skip(']')) return;
    do this.#value(depth + 1);
    while (this.#skip(','));
    if (!this.#skip(']')) throw new Mistake(this.#at, '"," or "]"');
  }

  #skip(character: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
