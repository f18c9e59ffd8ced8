import { type ConfigFlagType, INTEGER_RANGES } from '../../model/config.js';
import { describeValue } from '../../validate/describe-value.js';
import { unknownKey } from '../../validate/unknown-key.js';
import type { ConfigFlagDefinition, ConfigFlagDefinitions } from './types.js';

const KEYS = ['type', 'section', 'description', 'default', 'isMutable', 'validate', 'env'] as const;

/** What the values of each type are called in error messages. */
const EXPECTED: Readonly<Record<ConfigFlagType, string>> = {
  bool: 'true or false',
  int32: rangeOf('int32', 'an integer'),
  uint32: rangeOf('uint32', 'an integer'),
  int64: rangeOf('int64', 'a bigint'),
  uint64: rangeOf('uint64', 'a bigint'),
  double: 'a finite number',
  string: 'a string',
};

/** Letters that a client can send unescaped: admin-cli escapes nothing. */
const NAME = /^[\w.-]{1,128}$/;

function rangeOf(type: keyof typeof INTEGER_RANGES, kind: string): string {
  const [minimum, maximum] = INTEGER_RANGES[type];
  return `${kind} from ${minimum} to ${maximum}`;
}

/** Describes the values of a type for an error message. */
export function describeType(type: ConfigFlagType): string {
  return EXPECTED[type];
}

/** Whether a value is one of a type. */
export function isValueOf(type: ConfigFlagType, value: unknown): boolean {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string';
    case 'double':
      return Number.isFinite(value);
    default: {
      const [minimum, maximum] = INTEGER_RANGES[type];
      const isOfType = typeof minimum === 'bigint' ? typeof value === 'bigint' : Number.isInteger(value);
      return isOfType && (value as bigint) >= minimum && (value as bigint) <= maximum;
    }
  }
}

/** Creates the error of a mistake in the application. */
export function mistake(message: string): TypeError {
  return new TypeError(`configRegistry: ${message}`);
}

/**
 * Checks the definitions of flags.
 *
 * @throws TypeError that says what is wrong.
 */
export function checkDefinitions(definitions: ConfigFlagDefinitions): void {
  assertObject(definitions, 'definitions');
  for (const [name, definition] of Object.entries(definitions)) {
    if (!NAME.test(name)) {
      const rule = 'must be 1 to 128 letters, digits, "_", "." and "-"';
      throw mistake(`the name of a flag ${rule}, not ${describeValue(name)}`);
    }
    checkDefinition(`flag "${name}"`, definition);
  }
}

function checkDefinition(flag: string, definition: ConfigFlagDefinition): void {
  assertObject(definition, flag);
  const unknown = unknownKey(definition, KEYS, 'key');
  if (unknown !== undefined) throw mistake(`${flag}: ${unknown}`);
  const { type, section, description, isMutable, validate, env } = definition;
  if (!Object.hasOwn(EXPECTED, type)) {
    const types = Object.keys(EXPECTED).join(', ');
    throw mistake(`type of ${flag} must be one of ${types}, not ${describeValue(type)}`);
  }
  const check = (isRight: boolean, key: string, expected: string, value: unknown) => {
    if (!isRight) throw mistake(`${key} of ${flag} must be ${expected}, not ${describeValue(value)}`);
  };
  check(isNonEmpty(section), 'section', 'a non-empty string', section);
  check(typeof description === 'string', 'description', 'a string', description);
  check(isValueOf(type, definition.default), 'default', EXPECTED[type], definition.default);
  check(['boolean', 'undefined'].includes(typeof isMutable), 'isMutable', 'true or false', isMutable);
  check(['function', 'undefined'].includes(typeof validate), 'validate', 'a function', validate);
  check(env === undefined || isNonEmpty(env), 'env', 'the name of an environment variable', env);
}

function isNonEmpty(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Checks that a value is an object with keys. */
export function assertObject(value: unknown, name: string): asserts value is object {
  if (typeof value === 'object' && value !== null && describeValue(value) === 'an object') return;
  throw mistake(`${name} must be an object, not ${describeValue(value)}`);
}
