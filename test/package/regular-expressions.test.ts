import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { ROOT } from '../support/child.js';

const LIB = `${ROOT}lib/`;
const FILES = (readdirSync(LIB, { recursive: true, encoding: 'utf8' }) as string[]).filter((file) =>
  /(?<!\.d)\.[jt]s$/.test(file),
);

/** The regular expressions of a file, as they are written. */
function regularExpressionsOf(text: string): string[] {
  const found: string[] = [];
  function visit(node: ts.Node): void {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  }
  visit(ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest));
  return found;
}

/** Opening parentheses, and one atom that is repeated without a bound. */
const REPEATED_FIRST = /^(?:\((?:\?:|\?<\w+>)?)*(?:\\.|\[(?:\\.|[^\\\]])*\]|[^\\^[()$])(?:[+*]|\{\d+,\})\)*/;

/**
 * Whether a regular expression takes quadratic time, because it looks for a repetition at any place and for something behind it, as
 * `/0+$/` does. On `000001` it tries all zeros from each of them.
 */
function isQuadratic(literal: string): boolean {
  const end = literal.lastIndexOf('/');
  const [pattern, flags] = [literal.slice(1, end), literal.slice(end + 1)];
  const [first] = REPEATED_FIRST.exec(pattern) ?? [];
  return first !== undefined && first.length < pattern.length && !flags.includes('y');
}

it.each([
  ['/\\0+$/', true],
  ['/\\/+$/', true],
  ['/(\\w+)"?:/g', true],
  ['/[a-z]*x/', true],
  ['/^\\/+$/', false],
  ['/\\b(\\w+)"?:/g', false],
  ['/[^a-z]+/g', false],
  ['/x+y/y', false],
  ['/xy+$/', false],
])('judges %s', (literal, expected) => {
  expect(isQuadratic(literal)).toBe(expected);
});

it.each(FILES)('%s has no regular expression of quadratic time', (file) => {
  expect(regularExpressionsOf(readFileSync(LIB + file, 'utf8')).filter(isQuadratic)).toEqual([]);
});
