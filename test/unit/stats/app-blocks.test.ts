import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { App } from '../../../lib/index.js';
import { appBlocks } from '../../../lib/stats/app-blocks.js';

const table = (appId: unknown) => Object.freeze({ appId }) as unknown as App;
const listOf = (...ids: unknown[]) => Object.freeze(ids.map(table)) as readonly App[];
const idsOf = (apps: readonly App[]) =>
  appBlocks(apps).map((block) => block.map((app) => (app as App | null)?.appId));

describe('appBlocks', () => {
  it.each<[string, unknown[], unknown[][]]>([
    ['no table', [], []],
    ['one table', [7], [[7]]],
    ['ids of one range', [1, 2, 63], [[1, 2, 63]]],
    ['the first id of the next range', [63, 64], [[63], [64]]],
    ['a range without tables', [1, 200, 201], [[1], [200, 201]]],
    ['ids out of order', [64, 1], [[64], [1]]],
    ['an invalid id', [1, 'x', 2, -0.5, 64], [[1, 'x', 2, -0.5], [64]]],
    ['invalid ids first', ['x', undefined, 70, 71, 128], [['x', undefined, 70, 71], [128]]],
    ['invalid ids alone', [Number.NaN, null], [[Number.NaN, null]]],
  ])('%s', (_, ids, expected) => {
    expect(idsOf(listOf(...ids))).toEqual(expected);
  });

  it('has what is no table in the block before it', () => {
    const apps = Object.freeze([table(1), null, 'x', table(64)]) as unknown as readonly App[];
    expect(appBlocks(apps).map(({ length }) => length)).toEqual([3, 1]);
  });

  it('does not throw when an id does', () => {
    const hostile = Object.freeze({
      get appId(): number {
        throw new Error('no id');
      },
    }) as App;
    expect(appBlocks(Object.freeze([table(1), hostile, table(64)])).map(({ length }) => length)).toEqual([
      2, 1,
    ]);
  });

  it('has every table once, in the order of the list, however the list has changed', () => {
    const ids = fc.array(
      fc.oneof({ weight: 5, arbitrary: fc.nat(400) }, { weight: 1, arbitrary: fc.anything() }),
      {
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(ids, fc.array(fc.nat(199)), (first, removed) => {
        const apps = listOf(...first);
        const changed = Object.freeze(apps.filter((_, i) => !removed.includes(i)));
        for (const list of [apps, changed, apps]) {
          const blocks = appBlocks(list);
          expect(blocks.flat()).toEqual([...list]);
          // The same blocks as of tables that no earlier list had.
          const again = appBlocks(Object.freeze(list.map((app) => Object.freeze({ ...app }))));
          expect(blocks.map(({ length }) => length)).toEqual(again.map(({ length }) => length));
        }
      }),
    );
  });

  const ids = Array.from({ length: 1_000 }, (_, i) => i + 1);
  const kept = (before: readonly App[], after: readonly App[]) => {
    const old = new Set(appBlocks(before));
    return appBlocks(after).filter((block) => !old.has(block)).length;
  };

  it.each([0, 1, 62, 63, 64, 500, 999])('has one new block when table %d has changed', (i) => {
    const before = listOf(...ids);
    expect(kept(before, Object.freeze(before.with(i, table(i + 1))))).toBe(1);
  });

  it.each([0, 1, 62, 63, 500, 998])('has one new block when table %d is no longer there', (i) => {
    const before = listOf(...ids);
    expect(kept(before, Object.freeze(before.toSpliced(i, 1)))).toBe(1);
  });

  it('has one new block when a table is added to it', () => {
    const before = listOf(...ids);
    expect(kept(before, Object.freeze([...before, table(1_001)]))).toBe(1);
  });

  it('has the same blocks of the same list, and of a copy', () => {
    const apps = listOf(...ids);
    expect(appBlocks(apps)).toBe(appBlocks(apps));
    expect(kept(apps, [...apps])).toBe(0);
  });

  it('has the changes of a list that is not frozen', () => {
    const apps = [...listOf(1, 2)];
    expect(idsOf(apps)).toEqual([[1, 2]]);
    apps.push(table(3));
    expect(idsOf(apps)).toEqual([[1, 2, 3]]);
  });

  it('has new blocks of tables that are not frozen', () => {
    const apps = [{ appId: 1 }, { appId: 2 }] as App[];
    expect(appBlocks(apps)[0]).not.toBe(appBlocks(apps)[0]);
  });
});
