import { invalidParameters, PegasusError } from '../../model/errors.js';
import { describeValue } from '../../validate/describe-value.js';
import { unknownKey } from '../../validate/unknown-key.js';
import { assertObject, describeType, isValueOf, mistake } from './definition.js';
import { parseValue } from './parse-value.js';
import type { ConfigFlagDefinition } from './types.js';
import { runValidator } from './validators.js';

/** The options that have first values. */
export interface FirstValueOptions {
  readonly values?: object | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Returns the first value of each flag: that of `values`, else that of the environment, else the default.
 *
 * @throws TypeError if `values` or `env` is not as it should be.
 * @throws PegasusError `ERR_INVALID_PARAMETERS` if a text is malformed or a validator refuses a value.
 */
export function firstValues(
  definitions: ReadonlyMap<string, ConfigFlagDefinition>,
  { values = {}, env = process.env }: FirstValueOptions,
): Map<string, unknown> {
  assertObject(values, 'values');
  assertObject(env, 'env');
  const unknown = unknownKey(values, [...definitions.keys()], 'flag');
  if (unknown !== undefined) throw mistake(`values: ${unknown}`);
  const given = new Map<string, unknown>(Object.entries(values));
  const first = new Map<string, unknown>();
  for (const [name, definition] of definitions) {
    const [value, origin] = firstValue(name, definition, given.get(name), env);
    nameOrigin(origin, () => runValidator(name, definition, value));
    first.set(name, value);
  }
  return first;
}

function firstValue(
  name: string,
  definition: ConfigFlagDefinition,
  given: unknown,
  env: NonNullable<FirstValueOptions['env']>,
): readonly [value: unknown, origin: string] {
  const { type, env: variable } = definition;
  if (given !== undefined) {
    const origin = `values.${name}`;
    return [typeof given === 'string' ? parse(origin, type, given) : convert(origin, type, given), origin];
  }
  const text = variable === undefined ? undefined : env[variable];
  if (text === undefined) return [definition.default, `default of flag "${name}"`];
  const origin = `environment variable ${variable} (flag "${name}")`;
  return [parse(origin, type, text), origin];
}

/** Takes a safe integer for a bigint, because JSON has no other. */
function convert(origin: string, type: ConfigFlagDefinition['type'], given: unknown): unknown {
  const isBig = type === 'int64' || type === 'uint64';
  const value = isBig && Number.isSafeInteger(given) ? BigInt(given as number) : given;
  if (isValueOf(type, value)) return value;
  throw mistake(`${origin} must be ${describeType(type)}, not ${describeValue(given)}`);
}

function parse(origin: string, type: ConfigFlagDefinition['type'], text: string): unknown {
  const value = parseValue(type, text);
  if (value !== undefined) return value;
  const expected = describeType(type);
  throw invalidParameters(`configRegistry: ${origin} must be ${expected}, not ${describeValue(text)}`);
}

/** Says in the message of a refusal where the value comes from. */
function nameOrigin(origin: string, validate: () => void): void {
  try {
    validate();
  } catch (error) {
    if (!(error instanceof PegasusError)) throw error;
    if (origin.startsWith('default')) throw mistake(`${origin}: ${error.message}`);
    throw new PegasusError(error.code, `configRegistry: ${origin}: ${error.message}`);
  }
}
