/** Decoded query parameters. Repeatable parameters have a list of values. A `Map`, because `__proto__` can be a name. */
export type QueryParams = ReadonlyMap<string, string | readonly string[]>;

/** The parameters of a query, or a description of the mistake in it. */
export type ParsedQuery =
  | { readonly ok: true; readonly parameters: QueryParams }
  | { readonly ok: false; readonly message: string };

const EMPTY: ParsedQuery = { ok: true, parameters: new Map() };

/**
 * Parses a raw query string (without `?`). It splits on `&`, then on the first `=`, and decodes last, so that an escaped `&` or
 * `=` belongs to the value. `+` stays a plus sign, because names of perf counters contain it. A parameter may be repeated without
 * `=`, which changes nothing. Never throws.
 *
 * `URLSearchParams` and `node:querystring` do not fit: both decode `+` as a space and keep invalid escapes as text.
 *
 * @param maxParams - The maximum number of parameters.
 * @param repeatable - The names that may occur more than once.
 */
export function parseQuery(
  raw: string,
  maxParams = Number.POSITIVE_INFINITY,
  repeatable: readonly string[] = [],
): ParsedQuery {
  if (raw === '') return EMPTY;
  const parameters = new Map<string, string | string[]>();
  let count = 0;
  for (const part of raw.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? '' : decode(part.slice(equals + 1));
    if (name === undefined || value === undefined) {
      return { ok: false, message: `bad escape or bytes that are not UTF-8 in parameter "${part}"` };
    }
    count += 1;
    if (count > maxParams) return { ok: false, message: `too many parameters: at most ${maxParams}` };
    const earlier = parameters.get(name);
    if (typeof earlier === 'string') {
      // A real server takes `detail=1&detail`, too: a repetition without a value says nothing new.
      if (equals === -1) continue;
      return { ok: false, message: `duplicate parameter: "${name}"` };
    }
    if (earlier !== undefined) earlier.push(value);
    else parameters.set(name, repeatable.includes(name) ? [value] : value);
  }
  return { ok: true, parameters };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(escapeRawBytes(text));
  } catch {
    return undefined;
  }
}

/**
 * Escapes raw bytes. Node passes the request target as Latin-1, one character per byte. Escaping makes UTF-8 that a client sent
 * unescaped readable; decoding checks that it is UTF-8.
 */
function escapeRawBytes(text: string): string {
  return text.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
}

/** Whether a flag such as `detail` is set: present with any value but `false` and `0`. */
export function isFlagSet(parameters: QueryParams, name: string): boolean {
  const value = parameters.get(name);
  return value !== undefined && value !== 'false' && value !== '0';
}
