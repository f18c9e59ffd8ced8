import { describe, expect, it } from 'vitest';
import type { CallNode } from '../../../../lib/index.js';
import { runWithoutPause } from '../../../../lib/render/time-slicing.js';
import { createCallTree, type Frame } from '../../../../lib/sources/profiler/call-tree.js';
import { addCpuSlice } from '../../../../lib/sources/profiler/cpu-slice.js';
import type { HeapReading, SampledNode } from '../../../../lib/sources/profiler/heap-sampler.js';
import { addHeapReading } from '../../../../lib/sources/profiler/heap-tree.js';
import { identity } from '../../../../lib/sources/profiler/source-position.js';

function frame(name: string, line = 1, column = 1): Frame {
  return { name, url: '/a.js', line, column };
}

const ONE = [{ line: 0, count: 1, value: 10 }];

function namesOf(node: CallNode): string[] {
  return node.children.flatMap((child) => [child.name, ...namesOf(child)]);
}

function total(node: CallNode, field: 'count' | 'value'): number {
  return node.children.reduce((sum, child) => sum + total(child, field), node[field]);
}

describe('a call tree', () => {
  it('merges equal stacks and distinguishes functions of one name on one line', () => {
    const tree = createCallTree();
    tree.add([frame('main'), frame('e', 1, 10)], ONE);
    tree.add([frame('main'), frame('e', 1, 90)], ONE);
    tree.add([frame('main'), frame('e', 1, 10)], ONE);
    const [main] = runWithoutPause(tree.toCallNode(identity)).children;
    expect(main?.children.map(({ name, column, count, value }) => [name, column, count, value])).toEqual([
      ['e', 10, 2, 20],
      ['e', 90, 1, 10],
    ]);
  });

  it('sums up lines, and leaves the line where the function begins out', () => {
    const tree = createCallTree();
    tree.add(
      [frame('f', 5)],
      [
        { line: 5, count: 1, value: 10 },
        { line: 7, count: 2, value: 20 },
      ],
    );
    tree.add([frame('f', 5)], [{ line: 7, count: 3, value: 30 }, ...ONE]);
    expect(runWithoutPause(tree.toCallNode(identity)).children).toMatchObject([
      { name: 'f', count: 7, value: 70, lines: [{ line: 7, count: 5, value: 50 }] },
    ]);
  });

  it.each([
    ['nodes', { maxNodes: 6, maxFrames: 1000, maxTruncated: 2 }],
    ['frames', { maxNodes: 1000, maxFrames: 6, maxTruncated: 2 }],
  ])('keeps the function but not the callers of stacks beyond its limit of %s', (_, limits) => {
    const tree = createCallTree(limits);
    for (const caller of ['a', 'b', 'c', 'd']) tree.add([frame(caller), frame('between'), frame('hot')], ONE);
    tree.add([frame('a'), frame('between'), frame('hot')], ONE);
    tree.add([frame('a'), frame('between'), frame('cold'), frame('colder')], ONE);
    tree.add([frame('a'), frame('between'), frame('cold'), frame('coldest')], ONE);
    const root = runWithoutPause(tree.toCallNode(identity));
    expect(root.children.map(({ name }) => name)).toEqual(['a', 'b', '(truncated)']);
    expect(root.children[2]?.children.map(({ name, value }) => [name, value])).toEqual([
      ['hot', 20],
      ['colder', 10],
    ]);
    // One function more than `maxTruncated`.
    expect(root.children[2]?.value).toBe(10);
    expect([total(root, 'count'), total(root, 'value')]).toEqual([7, 70]);
    expect(namesOf(root).length).toBeLessThanOrEqual(9);
  });

  it('no longer distinguishes lines when it is full', () => {
    const tree = createCallTree({ maxNodes: 100, maxFrames: 2, maxTruncated: 2 });
    tree.add(
      [frame('f', 5)],
      [6, 7, 8].map((line) => ({ line, count: 1, value: 10 })),
    );
    expect(runWithoutPause(tree.toCallNode(identity)).children).toMatchObject([
      {
        count: 3,
        value: 30,
        lines: [
          { line: 6, value: 10 },
          { line: 7, value: 10 },
        ],
      },
    ]);
  });
});

describe('what V8 samples', () => {
  const callFrame = (functionName: string) => ({
    functionName,
    scriptId: '1',
    url: '/a.js',
    lineNumber: 0,
    columnNumber: 0,
  });

  it('is distributed over the lines of a function without a loss', () => {
    const tree = createCallTree();
    const samples = Array.from({ length: 7 }, () => 2);
    runWithoutPause(
      addCpuSlice(tree, {
        nodes: [
          { id: 1, callFrame: callFrame('(root)'), children: [2] },
          {
            id: 2,
            callFrame: callFrame('work'),
            positionTicks: [
              { line: 1, ticks: 1 },
              { line: 3, ticks: 2 },
              { line: 5, ticks: 4 },
            ],
          },
        ],
        startTime: 0,
        endTime: 1000,
        samples,
        timeDeltas: samples.map((_, i) => (i === 0 ? 0 : 100)),
      }),
    );
    expect(runWithoutPause(tree.toCallNode(identity)).children).toMatchObject([
      {
        count: 7,
        value: 1000,
        lines: [
          { line: 3, count: 2, value: 286 },
          { line: 5, count: 4, value: 571 },
        ],
      },
    ]);
  });

  it('may be 150,000 functions that one function called', () => {
    const children = Array.from(
      { length: 150_000 },
      (_, i): SampledNode => ({ id: i + 2, callFrame: callFrame(`f${i}`), children: [] }),
    );
    const reading: HeapReading = {
      head: { id: 1, callFrame: callFrame('(root)'), children },
      samples: children.map(({ id }) => ({ nodeId: id, size: 8, ordinal: id })),
      objectBytes: new Map(),
    };
    const tree = createCallTree();
    runWithoutPause(addHeapReading(tree, reading));
    expect(total(runWithoutPause(tree.toCallNode(identity)), 'value')).toBe(150_000 * 8);
  });
});
