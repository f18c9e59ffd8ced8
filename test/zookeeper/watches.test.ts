import { describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../lib/sources/zookeeper/connection.js';
import { watchZnodes } from '../../lib/sources/zookeeper/watch.js';
import { createWatchRegistry } from '../../lib/sources/zookeeper/watch-registry.js';

describe('the listeners of a connection', () => {
  const CREATED = 1;
  const DELETED = 2;
  const DATA_CHANGED = 3;
  const CHILDREN_CHANGED = 4;

  /** A registry with one listener of each kind for `/a`, and one for `/b`. */
  function filled() {
    const registry = createWatchRegistry();
    const called: string[] = [];
    const listener = (kind: string) => (path: string) => void called.push(`${kind} ${path}`);
    registry.registerDataWatcher('/a', listener('data'));
    registry.registerExistenceWatcher('/a', listener('existence'));
    registry.registerChildWatcher('/a', listener('children'));
    registry.registerDataWatcher('/b', listener('data'));
    return { registry, called };
  }

  it.each<[what: string, type: number, called: string[]]>([
    ['the creation', CREATED, ['data /a', 'existence /a']],
    ['the removal', DELETED, ['data /a', 'children /a']],
    ['a change of the data', DATA_CHANGED, ['data /a', 'existence /a']],
    ['a change of the children', CHILDREN_CHANGED, ['children /a']],
  ])('hear of %s once, with the path', (_, type, expected) => {
    const { registry, called } = filled();
    registry.emit({ type, path: '/a' });
    registry.emit({ type, path: '/a' });
    registry.emit({ type, path: '/without/listeners' });
    expect(called).toEqual(expected);
  });

  it('are kept once each for a path', () => {
    const registry = createWatchRegistry();
    const [one, other, third] = [vi.fn(), vi.fn(), vi.fn()];
    for (const listener of [one, one, other, third, other, one]) registry.registerDataWatcher('/a', listener);
    registry.emit({ type: DATA_CHANGED, path: '/a' });
    for (const listener of [one, other, third]) expect(listener).toHaveBeenCalledExactlyOnceWith('/a');
  });

  it('can listen again from within the call', () => {
    const registry = createWatchRegistry();
    const again = vi.fn(() => registry.registerDataWatcher('/a', again));
    again();
    registry.emit({ type: DATA_CHANGED, path: '/a' });
    registry.emit({ type: DATA_CHANGED, path: '/a' });
    expect(again).toHaveBeenCalledTimes(3);
  });

  it('hear nothing after the end, not even the rest of an event', () => {
    const { registry, called } = filled();
    registry.registerDataWatcher('/c', () => registry.end());
    registry.registerDataWatcher('/c', () => called.push('late'));
    registry.emit({ type: DATA_CHANGED, path: '/c' });
    registry.emit({ type: DATA_CHANGED, path: '/a' });
    registry.registerDataWatcher('/d', () => called.push('later'));
    registry.emit({ type: DATA_CHANGED, path: '/d' });
    expect(called).toEqual([]);
  });

  it('refuse an event of no known type', () => {
    expect(() => createWatchRegistry().emit({ type: -1, path: '/a' })).toThrow('a watch event of type -1');
  });
});

describe('the watched znodes', () => {
  /** Watches over a connection whose reads the test answers. */
  function watching(maxConcurrentReads: number) {
    const reads: { path: string; answer(data: Buffer | undefined): void; change(): void }[] = [];
    const connection: Partial<Connection> = {
      sessionTimeoutMs: 60_000,
      data: (path, listener) =>
        new Promise((resolve) => reads.push({ path, answer: resolve, change: () => listener(path) })),
    };
    const onConsistent = vi.fn();
    const watcher = watchZnodes(connection as Connection, {
      maxConcurrentReads,
      onRead: vi.fn(),
      onConsistent,
    });
    return { watcher, reads, onConsistent };
  }

  it('are stopped by tens of thousands while they wait for their first read', async () => {
    const { watcher, reads, onConsistent } = watching(1);
    const handlers = { onChange: vi.fn(), onError: vi.fn() };
    const watches = Array.from({ length: 50_000 }, (_, i) => watcher.listedData(`/a/${i}`, handlers));
    for (const watch of watches) watch.stop();
    expect(reads).toHaveLength(1);
    reads[0]?.answer(Buffer.from('late'));
    await vi.waitFor(() => expect(onConsistent).toHaveBeenCalledOnce(), 10_000);
    expect(watcher.pendingReads()).toBe(0);
    expect(handlers.onChange).not.toHaveBeenCalled();
  });

  it('report an exception of a handler as an error of its znode, and go on', async () => {
    const { watcher, reads, onConsistent } = watching(8);
    const onError = vi.fn();
    const wrong = new Error('wrong');
    const onChange = vi.fn(() => {
      throw wrong;
    });
    watcher.listedData('/a/1', { onChange, onError });
    reads[0]?.answer(Buffer.from('x'));
    await vi.waitFor(() => expect(onConsistent).toHaveBeenCalledOnce(), 10_000);
    expect(onError).toHaveBeenCalledExactlyOnceWith(wrong, '/a/1');
  });

  it('are read again when they change during their read, and tell only the last data', async () => {
    const { watcher, reads, onConsistent } = watching(8);
    const onChange = vi.fn();
    watcher.listedData('/a/1', { onChange, onError: vi.fn() });
    reads[0]?.change();
    reads[0]?.answer(Buffer.from('old'));
    await vi.waitFor(() => expect(reads).toHaveLength(2), 10_000);
    expect(onChange).not.toHaveBeenCalled();
    reads[1]?.answer(Buffer.from('new'));
    await vi.waitFor(() => expect(onConsistent).toHaveBeenCalledOnce(), 10_000);
    expect(onChange).toHaveBeenCalledExactlyOnceWith(Buffer.from('new'), '/a/1');
  });

  it('give their place to a later watch of the same path', async () => {
    const { watcher, reads, onConsistent } = watching(8);
    const [earlier, later] = [vi.fn(), vi.fn()];
    const first = watcher.listedData('/a/1', { onChange: earlier, onError: vi.fn() });
    watcher.listedData('/a/1', { onChange: later, onError: vi.fn() });
    first.stop();
    for (const read of reads) read.answer(Buffer.from('x'));
    await vi.waitFor(() => expect(onConsistent).toHaveBeenCalledOnce(), 10_000);
    reads[1]?.change();
    await vi.waitFor(() => expect(reads).toHaveLength(3), 10_000);
    reads[2]?.answer(Buffer.from('y'));
    await vi.waitFor(() => expect(later).toHaveBeenCalledTimes(2), 10_000);
    expect(earlier).not.toHaveBeenCalled();
  });
});
