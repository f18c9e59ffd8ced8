import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cachedRowBlocks, cachedRows } from '../../../lib/render/block-cache.js';

describe('cachedRows', () => {
  const row = (id: number) => Object.freeze({ id });
  const written: number[] = [];
  const writer = () =>
    cachedRows<{ readonly id: number }, string>((one, context) => {
      written.push(one.id);
      return `${context}${one.id}`;
    }, Object.isFrozen);

  function text(write: ReturnType<typeof writer>, rows: { id: number }[], context = ''): string {
    written.length = 0;
    let joined = '';
    for (const piece of write(rows, context)) {
      joined += typeof piece === 'string' ? piece : piece.bytes.toString();
    }
    return joined;
  }

  const rows = Array.from({ length: 1_000 }, (_, i) => row(i));
  const expected = rows.map(({ id }) => id).join();

  it('writes every row once, and then none', () => {
    const write = writer();
    expect(text(write, rows)).toBe(expected);
    expect(written).toHaveLength(1_000);
    expect(text(write, [...rows])).toBe(expected);
    expect(written).toEqual([]);
  });

  it.each([0, 1, 63, 64, 127, 500, 959, 960, 999])('renders one block again when row %d has changed', (i) => {
    const write = writer();
    text(write, rows);
    const changed = rows.with(i, row(-i));
    expect(text(write, changed)).toBe(changed.map(({ id }) => id).join());
    expect(written.length).toBeLessThanOrEqual(64);
    expect(written).toContain(-i);
  });

  it('renders the last block again when a row is added, and all blocks in another context', () => {
    const write = writer();
    text(write, rows);
    expect(text(write, [...rows, row(1_000)])).toBe(`${expected},1000`);
    expect(written.length).toBeLessThanOrEqual(64);
    expect(text(write, rows, 'x')).toBe(rows.map(({ id }) => `x${id}`).join());
    expect(written).toHaveLength(1_000);
  });

  it('keeps nothing of rows that may change', () => {
    const write = writer();
    const mutable = rows.map(({ id }) => ({ id }));
    text(write, mutable);
    for (const one of mutable) one.id += 1;
    expect(text(write, mutable)).toBe(mutable.map(({ id }) => id).join());
  });

  it('equals the joined rows, after any earlier output', () => {
    const pool = Array.from({ length: 300 }, (_, i) => row(i));
    const lists = fc.array(fc.array(fc.nat(299), { maxLength: 200 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lists, (chosen) => {
        const write = writer();
        for (const ids of chosen)
          expect(
            text(
              write,
              ids.map((id) => pool[id] as { id: number }),
            ),
          ).toBe(ids.join());
      }),
    );
  });
});

describe('cachedRowBlocks', () => {
  const written: string[] = [];
  const writer = () =>
    cachedRowBlocks((row: string) => {
      written.push(row);
      return row;
    });

  function text(write: ReturnType<typeof writer>, blocks: readonly (readonly string[])[]): string {
    written.length = 0;
    return [...write(blocks)].map((piece) => (typeof piece === 'string' ? piece : piece.bytes)).join('');
  }

  const [a, b, c] = [['1', '2'], ['3'], ['4', '5']] as const;

  it('writes the rows of a block once', () => {
    const write = writer();
    expect(text(write, [a, b, c])).toBe('1,2,3,4,5');
    expect(text(write, [a, b, c])).toBe('1,2,3,4,5');
    expect(written).toEqual([]);
    expect(text(write, [a, ['3', '6'], c])).toBe('1,2,3,6,4,5');
    expect(written).toEqual(['3', '6']);
  });

  it('writes no comma before the block that has become the first one', () => {
    const write = writer();
    text(write, [a, b, c]);
    expect(text(write, [b, c])).toBe('3,4,5');
    expect(text(write, [a, b, c])).toBe('1,2,3,4,5');
  });

  it.each([
    ['no block', [], ''],
    ['one block', [a], '1,2'],
  ])('writes the text of %s', (_, blocks, expected) => {
    expect([...writer()(blocks)]).toEqual([expected]);
  });
});
