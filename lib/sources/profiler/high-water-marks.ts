import type { CallNode } from '../../model/profiler.js';

/** A program with more nodes than this generates its functions. Later nodes are left out. */
const MAX_NODES = 50_000;

interface Mark extends Pick<CallNode, 'name' | 'url' | 'line' | 'column'> {
  count: number;
  value: number;
  readonly children: Map<string, Mark>;
}

/**
 * Remembers the most that was live of each stack at any reading. This is the nearest to tcmalloc's growth profile, which counts what
 * made the process ask the system for memory: V8 has no event for that.
 */
export interface HighWaterMarks {
  /** Raises the marks to a reading. */
  record(tree: CallNode): void;
  /** Returns a copy of the marks. */
  tree(): CallNode;
}

/** Creates an empty {@link HighWaterMarks}. */
export function createHighWaterMarks(): HighWaterMarks {
  const top = createMark({ name: '(root)', url: '', line: 0 });
  let nodes = 0;

  function raise(mark: Mark, node: CallNode): void {
    if (node.value > mark.value) {
      mark.value = node.value;
      mark.count = node.count;
    }
    for (const child of node.children) {
      const key = `${child.name}\n${child.url}\n${child.line}\n${child.column}`;
      let below = mark.children.get(key);
      if (below === undefined) {
        if (nodes >= MAX_NODES) continue;
        nodes += 1;
        below = createMark(child);
        mark.children.set(key, below);
      }
      raise(below, child);
    }
  }

  return { record: (tree) => raise(top, tree), tree: () => copy(top) };
}

function createMark({ name, url, line, column }: Pick<CallNode, 'name' | 'url' | 'line' | 'column'>): Mark {
  return { name, url, line, column, count: 0, value: 0, children: new Map() };
}

function copy(mark: Mark): CallNode {
  return { ...mark, children: Array.from(mark.children.values(), copy) };
}
