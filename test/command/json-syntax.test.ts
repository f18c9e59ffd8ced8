import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findSyntaxMistake } from '../../lib/command/options/json-syntax.js';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it('finds no mistake in JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      expect(findSyntaxMistake(JSON.stringify(value, null, space))).toBeUndefined();
    }),
  );
});

it('agrees with JSON.parse about texts that are almost JSON', () => {
  const almost = fc.tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(),
    fc.constantFrom('', ',', '"', '}', ']', ':', '0', '-', 'e', ' ', '\n', '\\', '\t'),
  );
  fc.assert(
    fc.property(almost, ([text, seed, inserted]) => {
      const at = seed % (text.length + 1);
      const changed = text.slice(0, at) + inserted + text.slice(at + (seed % 2));
      const mistake = findSyntaxMistake(changed);
      // JSON.parse takes equal keys.
      if (mistake?.expected.startsWith('each key once')) return;
      expect(mistake === undefined).toBe(parses(changed));
    }),
    { numRuns: 2_000 },
  );
});
