import type { CallNode, CallNodeLine } from '../model/profiler.js';
import { describeValue } from '../validate/describe-value.js';

/** Maximum length of a list in a call tree. */
const MAX_ITEMS = 1_000_000;

/** The numbers of a call node as integers, the form in which the formats have them. */
export interface NodeValues {
  readonly count: number;
  readonly value: number;
  /** Distribution over lines, which includes the line where the function begins; `undefined` when all is there. */
  readonly lines: readonly CallNodeLine[] | undefined;
}

/**
 * Validates and rounds the numbers of a call node.
 *
 * @returns A `count` of at least 1 where there is a value: the tools divide one by the other.
 * @throws TypeError that names the field. The tree comes from the application.
 */
export function readNodeValues(node: CallNode): NodeValues {
  const count = nonNegative(node.count, 'count');
  const value = nonNegative(node.value, 'value');
  return { count: value > 0 ? count || 1 : count, value, lines: readLines(node, count, value) };
}

/**
 * Validates the children of a call node.
 *
 * @throws TypeError for an iterable that is no array, because it might never end.
 */
export function readChildren({ children }: CallNode): readonly CallNode[] {
  return boundedArray(children, 'children');
}

/**
 * Validates a line or a column.
 *
 * @throws TypeError for anything but an integer from 0.
 */
export function readPosition(value: number, field: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError(`${field} of a call node must be an integer from 0, not ${describeValue(value)}`);
}

function readLines(node: CallNode, count: number, value: number): CallNodeLine[] | undefined {
  if (node.lines === undefined) return undefined;
  const lines: CallNodeLine[] = [];
  let restCount = count;
  let restValue = value;
  for (const item of boundedArray(node.lines, 'lines')) {
    const line = readPosition(item.line, 'lines[].line');
    const part = {
      line,
      count: nonNegative(item.count, 'lines[].count'),
      value: nonNegative(item.value, 'lines[].value'),
    };
    restCount -= part.count;
    restValue -= part.value;
    if (part.value > 0) lines.push(part);
  }
  // Each line was rounded by half a unit at most.
  if (restValue < -node.lines.length || restCount < -node.lines.length) {
    throw new TypeError('lines of a call node must not add up to more than its count and its value');
  }
  if (restValue > 0) lines.push({ line: node.line, count: Math.max(0, restCount), value: restValue });
  return lines;
}

function boundedArray<T>(items: readonly T[], field: string): readonly T[] {
  if (!Array.isArray(items)) {
    throw new TypeError(`${field} of a call node must be an array, not ${describeValue(items)}`);
  }
  if (items.length > MAX_ITEMS) {
    throw new TypeError(`${field} of a call node must have at most ${MAX_ITEMS} items, not ${items.length}`);
  }
  return items;
}

function nonNegative(value: number, field: string): number {
  if (Number.isFinite(value) && value >= 0) return Math.round(value);
  throw new TypeError(`${field} of a call node must be a number from 0, not ${describeValue(value)}`);
}
