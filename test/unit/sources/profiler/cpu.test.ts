import { Session } from 'node:inspector';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CallNode } from '../../../../lib/index.js';
import { runWithoutPause } from '../../../../lib/render/time-slicing.js';
import { createCallTree } from '../../../../lib/sources/profiler/call-tree.js';
import { addCpuSlice } from '../../../../lib/sources/profiler/cpu-slice.js';
import { identity } from '../../../../lib/sources/profiler/source-position.js';
import { keepBusy, ownValueOf, profilerHere, serveProfiler } from '../../../support/profiled.js';

// A file of its own: a CPU profile turns off the precise coverage of its process, which has one switch in V8.

/** The functions that the visitors of deep stacks choose from. */
const visitors: ((depth: number) => number)[] = [];

const CALL = { signal: new AbortController().signal };

describe('a CPU profile', () => {
  // A share is an estimate, which other processes on the machine can distort.
  it('shows how long each function ran', { retry: 1 }, async () => {
    keepBusy();
    const profile = await profilerHere({ cpuIntervalMicros: 250 }).cpu(2, CALL);
    const pages = ownValueOf(profile, 'renderPage');
    const logs = ownValueOf(profile, 'compactLog');
    expect(Math.abs(pages / (pages + logs) - 0.7)).toBeLessThan(0.1);
    expect(profile.durationMs).toBeGreaterThan(1900);
    expect(ownValueOf(profile, '(idle)')).toBe(0);
  });

  it('ends when its client leaves, and the next one runs', async () => {
    const profiler = profilerHere();
    const { origin, get } = await serveProfiler(profiler);
    await expect(fetch(`${origin}/pprof/profile`, { signal: AbortSignal.timeout(200) })).rejects.toThrow();
    await expect.poll(async () => (await get('/pprof/profile?seconds=1')).status).toBe(200);
    await expect(profiler.cpu(9, { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  it("keeps V8's profiler between its slices, and ends all that it started", async () => {
    const session = new Session();
    session.connect();
    onTestFinished(() => session.disconnect());
    session.post('Profiler.enable');
    const events: string[] = [];
    for (const event of ['consoleProfileStarted', 'consoleProfileFinished'])
      session.on(`Profiler.${event}`, () => events.push(event));
    await profilerHere().cpu(2, CALL);
    expect(events.slice(0, 2)).toEqual(['consoleProfileStarted', 'consoleProfileFinished']);
    expect(events.filter((event) => event === 'consoleProfileStarted')).toHaveLength(events.length / 2);
  });

  it('of deep stacks that are never the same has a bounded tree', async () => {
    // Each call chooses one of 16 functions for the next level: nearly every sample has 200 functions of its own.
    const visit = Array.from({ length: 16 }, (_, i): ((depth: number) => number) => {
      // Each is a function of its own to V8, as the functions of a parser or an interpreter are.
      return new Function(
        'visit',
        `return function visit${i}(depth) { let s = 0; for (let i = 0; i < 300; i += 1) s += Math.sqrt(i); return depth === 0 ? s : s + visit[Math.floor(16 * Math.random())](depth - 1); };`,
      )(visitors);
    });
    visitors.push(...visit);
    const timer = setInterval(() => {
      const end = performance.now() + 20;
      while (performance.now() < end) visit[0]?.(200);
    }, 1);
    onTestFinished(() => clearInterval(timer));
    const { root } = await profilerHere({ cpuIntervalMicros: 200 }).cpu(4, CALL);
    let nodes = 0;
    const names = new Set<string>();
    const pending: CallNode[] = [root];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      nodes += 1;
      names.add(node.name);
      for (const child of node.children) pending.push(child);
    }
    expect(names).toContain('(truncated)');
    expect(nodes).toBeLessThan(125_000);
  });

  it('gives a sample the time until the next, in any order', () => {
    const frame = (functionName: string) => ({
      functionName,
      scriptId: '0',
      url: '',
      lineNumber: -1,
      columnNumber: -1,
    });
    const tree = createCallTree();
    runWithoutPause(
      addCpuSlice(tree, {
        nodes: [
          { id: 1, callFrame: frame('(root)'), children: [2, 3] },
          { id: 2, callFrame: frame('work') },
          { id: 3, callFrame: frame('(idle)') },
        ],
        startTime: 1000,
        endTime: 2000,
        // At 1100, 1300, 1200 and 1900.
        samples: [2, 3, 2, 2],
        timeDeltas: [100, 200, -100, 700],
      }),
    );
    expect(runWithoutPause(tree.toCallNode(identity)).children).toEqual([
      { name: 'work', url: '', line: 0, column: 0, count: 3, value: 100 + 100 + 100, children: [] },
    ]);
  });
});
