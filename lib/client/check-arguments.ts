import * as check from '../validate/checks.js';
import { checkArguments } from '../validate/options.js';

/** Checks an argument that must be a non-empty string. */
export function checkText(value: unknown, name: string): string {
  return checkArguments('PegasusClient', () => check.nonEmpty(value, name));
}

/** Checks the id of a table. */
export function checkAppId(value: unknown): number {
  return checkArguments('PegasusClient', () => check.integer(value, 'appId', 0, 2 ** 31 - 1));
}
