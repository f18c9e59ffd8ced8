import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levenshtein, type Work } from '../../../lib/validate/edit-distance.js';
import { suggestCounter } from '../../../lib/validate/suggest-counter.js';

const NAMES = [
  'replica*app.pegasus*get_qps@1.0',
  'replica*app.pegasus*put_qps@1.0',
  'replica*server*memused.res(MB)',
  'replica*server*memused.virt(MB)',
  'collector*app.pegasus*app.stat.read_qps#_all_',
  'collector*app.pegasus*app.stat.read_qps#temp',
  'prometheus*orders_total*value@shop=north',
  'prometheus*orders_total*rate@shop=north',
  'prometheus*orders_total*rate@shop=south',
  'prometheus*up*value',
];

describe('suggestCounter', () => {
  it.each([
    ['a typing mistake', 'replica*server*memused.rse(MB)', 'replica*server*memused.res(MB)', ''],
    ['another case', 'Replica*Server*memused.res(mb)', 'replica*server*memused.res(MB)', ''],
    ['another partition', 'replica*app.pegasus*get_qps@1.7', 'replica*app.pegasus*get_qps@1.0', 'other'],
    ['no partition', 'replica*app.pegasus*put_qps', 'replica*app.pegasus*put_qps@1.0', 'missing'],
    ['no table', 'collector*app.pegasus*app.stat.read_qps', NAMES[4], 'missing'],
    ['another table', 'collector*app.pegasus*app.stat.read_qps#tmp', NAMES[5], 'other'],
    ['no labels', 'prometheus*orders_total*value', 'prometheus*orders_total*value@shop=north', 'missing'],
    ['a wrong value', 'prometheus*orders_total*rate@shop=soth', NAMES[8], 'other'],
    ['a label too many', 'prometheus*up*value@a=1', 'prometheus*up*value', 'other'],
    ['an unlike label', 'prometheus*orders_total*rate@country=nowhere', NAMES[7], 'other'],
    ['the metric alone', 'orders_total', 'prometheus*orders_total*value@shop=north', ''],
    ['the metric without what to read', 'prometheus*up', 'prometheus*up*value', ''],
    ['a wrong server', 'meta*server*memused.virt(MB)', 'replica*server*memused.virt(MB)', ''],
  ])('for %s', (_, asked, name, labels) => {
    const suggestion = `did you mean "${name}"?`;
    const prefix = { '': '', missing: 'labels are missing, ', other: 'other labels exist, ' }[labels];
    expect(suggestCounter(asked, NAMES)).toBe(prefix + suggestion);
  });

  it.each([
    '',
    'a',
    'completely*different*name',
    '*',
    '@',
    '#',
    'prometheus*up*valu'.repeat(400),
    '__proto__',
  ])('offers nothing for %j', (asked) => {
    expect(suggestCounter(asked, NAMES)).toBeUndefined();
  });

  it('offers nothing where there is nothing', () => {
    expect(suggestCounter('prometheus*up*value', [])).toBeUndefined();
  });

  it('offers the closest of several', () => {
    const names = ['a*b*counters', 'a*b*counter1', 'a*b*counter', 'a*b*counter12'];
    expect(suggestCounter('a*b*counte', names)).toBe('did you mean "a*b*counter"?');
  });

  it('finds a mistake in one place among 100,000 names, at any position', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `replica*app.pegasus*get_qps@${i}.0`);
    names.push('replica*app.pegasus*scan_qps');
    expect(suggestCounter('replica*app.pegasus*sacn_qps', names)).toBe(
      'did you mean "replica*app.pegasus*scan_qps"?',
    );
  });

  it('offers only names of the list, none that is longer than a registry takes', () => {
    const names = fc.array(fc.oneof(fc.string(), fc.constantFrom(...NAMES, `a*b*c@${'x'.repeat(600)}`)));
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('a*b*c', 'prometheus*up*value')),
        names,
        (asked, all) => {
          const suggestion = suggestCounter(asked, all);
          if (suggestion === undefined) return;
          const name = suggestion.slice(suggestion.indexOf('"') + 1, -2);
          expect(all).toContain(name);
          expect(name.length).toBeLessThanOrEqual(512);
        },
      ),
    );
  });
});

describe('levenshtein', () => {
  /** The textbook's whole matrix. */
  function reference(a: string, b: string): number {
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 0; i < a.length; i++) {
      const next = [i + 1];
      for (let j = 0; j < b.length; j++) {
        const changed = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
        next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
      }
      row = next;
    }
    return row[b.length] ?? 0;
  }

  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
  it('is the distance of the whole matrix, up to the limit', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 6 }), (a, b, max) => {
        expect(levenshtein(a, b, max)).toBe(Math.min(reference(a, b), max + 1));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes steps in proportion to the limit and the length, not to the square of the length', () => {
    const work: Work = { steps: 0 };
    // Every second letter differs: no two texts are further apart, and a row alone does not show it.
    const [a, b] = ['ab'.repeat(4000), 'ba'.repeat(4000)];
    expect(levenshtein(a, b, 4, work)).toBe(2);
    expect(levenshtein(a, 'c'.repeat(8000), 4, work)).toBe(5);
    expect(work.steps).toBeLessThan(9 * 8000 + 200);
  });
});

it('stops comparing after a fixed amount of work', () => {
  const tail = 'x'.repeat(240);
  // The names differ only in the middle, so that each comparison takes many steps.
  const names = Array.from({ length: 100_000 }, (_, i) => `a*b*${tail}${String(i).padStart(8, '0')}${tail}`);
  let looks = 0;
  const counted = new Proxy(names, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  expect(suggestCounter(`a*b*${tail}zzzzzzzz${tail}`, counted)).toBeUndefined();
  // 6,000,000 characters are 12,000 of these names, and 200,000 steps some 700 comparisons.
  expect(looks).toBeGreaterThan(12_000);
  expect(looks).toBeLessThan(14_000);
});
