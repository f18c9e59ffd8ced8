import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { Profile as Proto } from 'pprof-format';
import { describe, expect, it } from 'vitest';
import type { CallNode } from '../../../lib/index.js';
import { displayName } from '../../../lib/pprof/function-names.js';
import { encodeCpuProfile } from '../../../lib/pprof/gperftools-cpu.js';
import { encodeHeapProfile } from '../../../lib/pprof/gperftools-heap.js';
import { encodeProfileProto } from '../../../lib/pprof/profile-proto.js';
import { flattenCallTree } from '../../../lib/pprof/stacks.js';
import { createSymbolTable, isSynthetic } from '../../../lib/pprof/symbol-table.js';
import { runWithoutPause } from '../../../lib/render/time-slicing.js';
import { createHighWaterMarks } from '../../../lib/sources/profiler/high-water-marks.js';

describe('the call tree', () => {
  const leaf = (name: string, value: number): CallNode => ({
    name,
    url: '/a.js',
    line: 1,
    count: 1,
    value,
    children: [],
  });

  it('may be very deep', () => {
    let node = leaf('deepest', 1);
    for (let i = 0; i < 100_000; i += 1) node = { ...leaf(`f${i}`, 0), children: [node] };
    const stacks = flattenCallTree({ root: node, startMs: 0, durationMs: 0, period: 1 });
    expect(stacks.map(({ functions }) => functions.length)).toEqual([100_000]);
  });

  it.each([
    ['comes back to itself', 0, (node: { children: unknown }) => [node]],
    ['comes back to itself with figures', 1, (node: { children: unknown }) => [node]],
    ['comes back to itself in many ways', 1, (node: { children: unknown }) => [node, leaf('f', 1), node]],
    [
      'has children without end',
      1,
      () => ({
        *[Symbol.iterator]() {
          for (;;) yield leaf('f', 1);
        },
      }),
    ],
    [
      'says that it has many children',
      1,
      () => new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 40 : undefined) }),
    ],
  ])('is none where it %s', (_, value, children) => {
    const root = { ...leaf('f', value), children: [] as unknown };
    root.children = children(root);
    const profile = { root: root as CallNode, startMs: 0, durationMs: 0, period: 1 };
    expect(() => flattenCallTree(profile)).toThrow(TypeError);
  });

  it('names the root where a row has no caller', () => {
    const stacks = flattenCallTree({ root: leaf('(root)', 5), startMs: 0, durationMs: 0, period: 1 });
    expect(stacks).toEqual([{ functions: [{ name: '(root)', url: '/a.js', line: 1 }], count: 1, value: 5 }]);
  });

  it('is two rows of a binary profile when it has but one stack', () => {
    const root = { ...leaf('root', 0), children: [{ ...leaf('caller', 0), children: [leaf('f', 5000)] }] };
    const book = createSymbolTable();
    const binary = encodeCpuProfile({ root, startMs: 0, durationMs: 0, period: 1000 }, book, ['maps']);
    const words = Array.from({ length: 16 }, (_, i) => Number(binary.readBigUInt64LE(i * 8)));
    const [f, caller] = ['f', 'caller'].map((name) => book.addressOf({ name, url: '/a.js', line: 1 }));
    const rows = [2, 2, Number(f) + 4, Number(caller) + 8, 3, 2, Number(f) + 4, Number(caller) + 9];
    expect(words).toEqual([0, 3, 0, 1000, 0, ...rows, 0, 1, 0]);
    expect(binary.toString('latin1', 16 * 8)).toBe('maps\n');
  });

  it('has rows by line, which add up to the node', () => {
    const lines = [
      { line: 3, count: 2, value: 20 },
      { line: 4, count: 1, value: 0.4 },
    ];
    const root = { ...leaf('root', 0), children: [{ ...leaf('f', 50), count: 5, lines }] };
    const [stack] = flattenCallTree({ root, startMs: 0, durationMs: 0, period: 1 });
    expect(stack).toMatchObject({ count: 5, value: 50 });
    // What rounds to nothing has no row; the rest is where the function begins.
    expect(stack?.lines).toEqual([
      { line: 3, count: 2, value: 20 },
      { line: 1, count: 2, value: 30 },
    ]);
  });

  it.each<[string, Partial<CallNode>]>([
    ['lines must be an array, not 5', { lines: 5 as never }],
    [
      'lines[].line must be an integer from 0, not NaN',
      { lines: [{ line: Number.NaN, count: 1, value: 1 }] },
    ],
    ['lines[].value must be a number from 0, not -1', { lines: [{ line: 2, count: 1, value: -1 }] }],
    [
      'lines must not add up to more than its count and its value',
      { lines: [{ line: 2, count: 1, value: 999 }] },
    ],
    ['line must be an integer from 0, not NaN', { line: Number.NaN }],
    ['line must be an integer from 0, not 1.5', { line: 1.5 }],
    ['column must be an integer from 0, not -1', { column: -1 }],
  ])('is refused: %s', (message, part) => {
    const root = { ...leaf('root', 0), children: [{ ...leaf('f', 50), ...part }] };
    const [field = '', ...rest] = message.split(' ');
    expect(() => flattenCallTree({ root, startMs: 0, durationMs: 0, period: 1 })).toThrow(
      new TypeError([field, 'of a call node', ...rest].join(' ')),
    );
  });

  it('distinguishes functions of one name on one line by their column, in every format', () => {
    const at = (column: number) => ({ ...leaf('e', 1000), column });
    const root = {
      ...leaf('root', 0),
      children: [at(10), at(90), leaf('alone', 1000), { ...leaf('f', 1000), column: 7 }],
    };
    const profile = { root, startMs: 0, durationMs: 0, period: 1000 };
    const names = ['e /a.js:1:10', 'e /a.js:1:90', 'alone /a.js:1', 'f /a.js:1'];
    const { function: functions, stringTable } = Proto.decode(
      Buffer.concat(runWithoutPause(encodeProfileProto(profile, 'cpu', 'x'))),
    );
    expect(functions.map(({ name }) => stringTable.strings[Number(name)]).sort()).toEqual([...names].sort());
    const symbols = createSymbolTable();
    const text = encodeHeapProfile(profile, 'heapprofile', symbols, []);
    const addresses = Array.from(text.matchAll(/@ (0x\w+)$/gm), ([, address]) => Number(address));
    expect(addresses.map((address) => symbols.nameAt(address)).sort()).toEqual([...names].sort());
  });

  it('has a location for each line in profile.proto, and a row for each', () => {
    const lines = [{ line: 3, count: 2, value: 20 }];
    const root = { ...leaf('root', 0), children: [{ ...leaf('f', 50), count: 5, column: 4, lines }] };
    const profile = { root, startMs: 0, durationMs: 0, period: 1 };
    const proto = Proto.decode(Buffer.concat(runWithoutPause(encodeProfileProto(profile, 'heap', 'x'))));
    expect(proto.location.map(({ line: [at] }) => [Number(at?.line), Number(at?.column)])).toEqual([
      [1, 4],
      [3, 0],
    ]);
    expect(proto.sample.map(({ locationId, value }) => [...locationId, ...value].map(Number))).toEqual([
      [2, 2, 20],
      [1, 3, 30],
    ]);
  });

  it('is encoded in many steps, whose parts are one file', () => {
    const children = Array.from({ length: 5_000 }, (_, i) => leaf(`f${i}`, 1));
    const root = { ...leaf('root', 0), children };
    const steps = encodeProfileProto({ root, startMs: 0, durationMs: 0, period: 1 }, 'cpu', 'x');
    let count = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) count += 1;
    expect(count).toBeGreaterThan(5_000);
    const proto = Proto.decode(Buffer.concat(step.value));
    const { strings } = proto.stringTable;
    const names = proto.function.map(({ systemName }) => strings[Number(systemName)]);
    expect(new Set(names)).toEqual(new Set(children.map(({ name }) => name)));
    expect(proto.sample.length).toBe(5_000);
    expect(proto.location.length).toBe(5_000);
    expect([strings[0], strings[Number(proto.mapping[0]?.filename)]]).toEqual(['', 'x']);
  });

  it('keeps the highest mark of every stack', () => {
    const marks = createHighWaterMarks();
    marks.record({ ...leaf('root', 0), children: [leaf('a', 5), leaf('b', 9)] });
    marks.record({ ...leaf('root', 0), children: [leaf('a', 7)] });
    marks.record({ ...leaf('root', 0), children: [leaf('b', 3), leaf('c', 1)] });
    expect(marks.tree().children.map(({ name, value }) => [name, value])).toEqual([
      ['a', 7],
      ['b', 9],
      ['c', 1],
    ]);
  });

  it('keeps only so many marks', () => {
    const marks = createHighWaterMarks();
    marks.record({
      ...leaf('root', 0),
      children: Array.from({ length: 60_000 }, (_, i) => leaf(`f${i}`, 1)),
    });
    expect(marks.tree().children.length).toBe(50_000);
  });
});

describe('addresses of functions', () => {
  it('are stable, apart, beyond native code, and resolve in all their slot', () => {
    const functions = fc.record({ name: fc.string(), url: fc.string(), line: fc.nat() });
    fc.assert(
      fc.property(fc.uniqueArray(functions, { selector: (code) => JSON.stringify(code) }), (codes) => {
        const book = createSymbolTable();
        const addresses = codes.map((code) => book.addressOf(code));
        expect(codes.map((code) => createSymbolTable().addressOf(code))).toEqual(addresses);
        expect(book.size).toBe(new Set(addresses).size);
        codes.forEach((code, i) => {
          const address = addresses[i] ?? 0;
          expect(isSynthetic(address) && Number.isSafeInteger(address + 15) && address % 16 === 0).toBe(true);
          for (const offset of [0, 4, 8, 15]) expect(book.nameAt(address + offset)).toBe(displayName(code));
        });
      }),
    );
  });

  it('forget the oldest when there are too many', () => {
    const book = createSymbolTable();
    const code = (line: number) => ({ name: 'f', url: '/a.js', line });
    const first = book.addressOf(code(0));
    for (let line = 1; line <= 100_000; line += 1) book.addressOf(code(line));
    expect(book.nameAt(first)).toBeUndefined();
    expect(book.size).toBe(100_000);
  });

  it('have names that the tools can read, for any function name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.webUrl(), fc.nat(), (name, url, line) => {
        const shown = displayName({ name, url, line });
        expect(shown).not.toMatch(/[()<>\n\r\t\0]|--|^(?:runtime\.|tcmalloc::|_?_Z)/);
      }),
    );
    expect(displayName({ name: 'f', url: pathToFileURL('/a b/ü.js').href, line: 2 })).toBe('f /a b/ü.js:2');
    expect(displayName({ name: 'f', url: 'file://%', line: 0 })).toBe('f file://%');
  });
});
