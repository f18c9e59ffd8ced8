import { type ConfigFlagType, INTEGER_RANGES } from '../../model/config.js';
import type { ConfigValues } from './types.js';

/** What C's `isspace` skips before a number. Nothing may follow a number. */
const SPACE = '[ \\t\\n\\v\\f\\r]*';

/** An integer as `strtoll` with base 0 reads it: hexadecimal after `0x`, octal after `0`, else decimal. */
const INTEGER = new RegExp(`^${SPACE}([+-]?)(?:(0x[\\da-f]+)|0([0-7]*)|([1-9]\\d*))$`, 'i');

/** A decimal number as `strtod` reads it. */
const DECIMAL = new RegExp(`^${SPACE}([+-]?(\\d+(?:\\.\\d*)?|\\.\\d+)(?:e[+-]?\\d+)?)$`, 'i');

/** A hexadecimal number as `strtod` reads it: `0x1.8p3`. */
const HEXADECIMAL = new RegExp(
  `^${SPACE}([+-]?)0x(?=\\.?[\\da-f])([\\da-f]*)(?:\\.([\\da-f]*))?(?:p([+-]?\\d+))?$`,
  'i',
);

/** The least positive number that is not denormal. Below it `strtod` reports an underflow. */
const MIN_NORMAL = 2 ** -1022;

/**
 * Parses the text of a value as Pegasus does (`buf2bool`, `buf2int32` ... in `string_conv.h`).
 *
 * @returns The value; `undefined` if the text is none of that type, or the value is out of range.
 */
export function parseValue<Type extends ConfigFlagType>(
  type: Type,
  text: string,
): ConfigValues[Type] | undefined;
export function parseValue(type: ConfigFlagType, text: string): ConfigValues[ConfigFlagType] | undefined {
  switch (type) {
    case 'bool':
      return parseBool(text);
    case 'double':
      return parseDouble(text);
    case 'string':
      return text;
    default:
      return parseInteger(type, text);
  }
}

function parseBool(text: string): boolean | undefined {
  if (/^true$/i.test(text)) return true;
  return /^false$/i.test(text) ? false : undefined;
}

function parseInteger(type: keyof typeof INTEGER_RANGES, text: string): number | bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign, hexadecimal, octal, decimal] = match;
  const size = BigInt(hexadecimal ?? decimal ?? (octal ? `0o${octal}` : 0));
  const value = sign === '-' ? -size : size;
  const [minimum, maximum] = INTEGER_RANGES[type];
  if (value < minimum || value > maximum) return undefined;
  return typeof minimum === 'bigint' ? value : Number(value);
}

function parseDouble(text: string): number | undefined {
  const decimal = DECIMAL.exec(text);
  if (decimal === null) return parseHexadecimal(text);
  const [, number, mantissa = ''] = decimal;
  return inRange(Number(number), !/[1-9]/.test(mantissa));
}

function parseHexadecimal(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const mantissa = BigInt(`0x${whole}${fraction}`);
  const size = Number(mantissa) * 2 ** (Number(exponent) - 4 * fraction.length);
  return inRange(sign === '-' ? -size : size, mantissa === 0n);
}

/** Refuses infinity and, unless the text is a zero, what is too small. */
function inRange(value: number, isZero: boolean): number | undefined {
  if (isZero) return 0;
  const size = Math.abs(value);
  return size >= MIN_NORMAL && size !== Number.POSITIVE_INFINITY ? value : undefined;
}
