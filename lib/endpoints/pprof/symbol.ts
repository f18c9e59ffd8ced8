import { clientError } from '../../model/errors.js';
import type { Profiler } from '../../model/profiler.js';
import type { SourceContext } from '../../model/source-context.js';
import { isSynthetic, type SymbolTable } from '../../pprof/symbol-table.js';

/** An address as the client wrote it, and as a number where it can be one. */
interface Address {
  /** At least eight lower-case hex digits. */
  readonly digits: string;
  readonly value: number;
}

/** More than any profile has, and few enough to be answered in a second. */
const MOST_ADDRESSES = 250_000;

/**
 * The body of `POST /pprof/symbol`: addresses in hex, joined by `+`, with or without `0x`, maybe in quotes (`curl -d '"0x12"'`).
 * A space may stand for the `+`, which is what is left of it when a parser of forms was there before.
 */
export function addressesIn(body: string): Address[] {
  const bare = body.trim().replace(/^["']|["']$/g, '');
  const tokens = bare.split(/[+\s]+/, MOST_ADDRESSES + 2).filter((token) => token !== '');
  if (tokens.length > MOST_ADDRESSES) {
    throw clientError('ERR_INVALID_PARAMETERS', `at most ${MOST_ADDRESSES} addresses at a time`);
  }
  return tokens.map(parseAddress);
}

function parseAddress(token: string): Address {
  const digits = token.replace(/^0x/i, '').toLowerCase();
  if (!/^[0-9a-f]{1,64}$/.test(digits)) {
    throw clientError(
      'ERR_INVALID_PARAMETERS',
      `addresses must be in hex, joined by "+", not "${token.slice(0, 40)}"`,
    );
  }
  return { digits: digits.padStart(8, '0'), value: Number.parseInt(digits, 16) };
}

/** Finds the names: those of JavaScript functions in the book, the others by the profiler. */
export async function namesOf(
  addresses: readonly Address[],
  symbols: SymbolTable,
  profiler: Profiler,
  call: SourceContext,
): Promise<(string | undefined)[]> {
  const native = addresses.map(({ value }) => value).filter((value) => !isSynthetic(value));
  const names = native.length === 0 ? [] : await profiler.symbols(native, call);
  let next = 0;
  return addresses.map(({ value }) => (isSynthetic(value) ? symbols.nameAt(value) : names[next++]));
}

/** A line an address; one that is unknown answers itself. */
export function symbolLines(addresses: readonly Address[], names: readonly (string | undefined)[]): string {
  return addresses.map(({ digits }, i) => `0x${digits}\t${oneLine(names[i] ?? `0x${digits}`)}\n`).join('');
}

/** The number of symbols. Without any the tools give up, and there is always one: this process has a name. */
export function symbolCountLine(count: number): string {
  return `num_symbols: ${Math.max(1, Math.round(count))}\n`;
}

/** An argument a line. */
export function commandLineText(commandLine: readonly string[]): string {
  return commandLine.map((argument) => `${oneLine(argument)}\n`).join('');
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ');
}
