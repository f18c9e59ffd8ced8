import { PegasusError } from '../../index.js';
import * as check from '../../validate/checks.js';
import type { Option } from './option.js';

export type OptionValue = string | number | boolean | readonly string[];

/**
 * Checks the value of an option as a file has it.
 *
 * @param path - Names the value in the error message.
 * @throws PegasusError that says what is wrong.
 */
export function checkValue(option: Option, value: unknown, path: string): OptionValue {
  const { kind, choices = [], min = 0, max = Number.MAX_SAFE_INTEGER } = option;
  switch (kind) {
    case 'boolean':
      return check.boolean(value, path);
    case 'integer':
      return check.integer(value, path, min, max);
    case 'choice':
      return check.oneOf(value, path, choices);
    case 'list':
      return checkList(value, path, choices);
    default:
      return option.isSecret === true ? checkSecret(value, path) : check.nonEmpty(value, path);
  }
}

function checkSecret(value: unknown, path: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new PegasusError('ERR_INVALID_PARAMETERS', `${path} must be a non-empty text`);
}

function checkList(value: unknown, path: string, choices: readonly string[]): readonly string[] {
  const items = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
  if (!Array.isArray(items)) check.fail(path, 'an array, or a text with commas', value);
  const each = (item: unknown, at: string) =>
    choices.length > 0 ? check.oneOf(item, at, choices) : check.nonEmpty(item, at);
  return check.list(items, path, each);
}

/** Parses the text of a flag or a variable to what a file would have. What is no number or boolean stays a text, for the check. */
export function parseText({ kind }: Option, text: string): unknown {
  if (kind === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
