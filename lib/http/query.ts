/** The parameters of a query, decoded. A `Map`, for `__proto__` may be one. */
export type QueryParams = ReadonlyMap<string, string>;

/** A query string taken apart, or what is wrong with it. */
export type ParsedQuery =
  | { readonly ok: true; readonly parameters: QueryParams }
  | { readonly ok: false; readonly message: string };

const NONE: ParsedQuery = { ok: true, parameters: new Map() };

/**
 * Takes a raw query string (without the `?`) apart: split on `&`, then on the first `=`, and only then percent-decoded, so that an
 * escaped `&` or `=` belongs to its value. `+` is a plus sign, for it occurs in the names of perf counters. Never throws.
 *
 * @param most - Parameters that there may be.
 *
 * Neither `URLSearchParams` nor `node:querystring` will do: both read `+` as a space and keep a bad escape as text.
 */
export function parseQuery(raw: string, most = Number.POSITIVE_INFINITY): ParsedQuery {
  if (raw === '') return NONE;
  const parameters = new Map<string, string>();
  for (const part of raw.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? '' : decode(part.slice(equals + 1));
    if (name === undefined || value === undefined) {
      return { ok: false, message: `bad escape or bytes that are not UTF-8 in parameter "${part}"` };
    }
    if (parameters.has(name)) return { ok: false, message: `duplicate parameter: "${name}"` };
    if (parameters.size >= most) return { ok: false, message: `too many parameters: at most ${most}` };
    parameters.set(name, value);
  }
  return { ok: true, parameters };
}

/** `detail` is on when it is there at all, but for `detail=false` and `detail=0`. */
export function isFlagSet(parameters: QueryParams, name: string): boolean {
  const value = parameters.get(name);
  return value !== undefined && value !== 'false' && value !== '0';
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(escapeRawBytes(text));
  } catch {
    return undefined;
  }
}

/**
 * Node hands the request target out as Latin-1, a character for a byte. A client that did not escape its UTF-8 is
 * understood all the same: its bytes are escaped here, and decoding checks that they are UTF-8.
 */
function escapeRawBytes(text: string): string {
  return text.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
}
