import type { CallNode } from '../../model/profiler.js';

/** Stacks of more functions than this are a program that makes them up as it goes; new ones are left out then. */
const MAX_NODES = 50_000;

interface Mark {
  readonly name: string;
  readonly url: string;
  readonly line: number;
  count: number;
  value: number;
  readonly children: Map<string, Mark>;
}

/**
 * Remembers for every stack the most that lived of it at any reading. That is what comes nearest to tcmalloc's growth profile, which
 * counts what made the process ask the system for memory, and never shrinks: V8 does not say when it does that.
 */
export interface HighWaterMarks {
  record(tree: CallNode): void;
  tree(): CallNode;
}

/** Makes an empty {@link HighWaterMarks}. */
export function createHighWaterMarks(): HighWaterMarks {
  const top = mark({ name: '(root)', url: '', line: 0 });
  let nodes = 0;

  function raise(at: Mark, node: CallNode): void {
    if (node.value > at.value) {
      at.value = node.value;
      at.count = node.count;
    }
    for (const child of node.children) {
      const key = `${child.name}\n${child.url}\n${child.line}`;
      let below = at.children.get(key);
      if (below === undefined) {
        if (nodes >= MAX_NODES) continue;
        nodes += 1;
        below = mark(child);
        at.children.set(key, below);
      }
      raise(below, child);
    }
  }

  return { record: (tree) => raise(top, tree), tree: () => frozen(top) };
}

function mark({ name, url, line }: Pick<Mark, 'name' | 'url' | 'line'>): Mark {
  return { name, url, line, count: 0, value: 0, children: new Map() };
}

function frozen(at: Mark): CallNode {
  return { ...at, children: Array.from(at.children.values(), frozen) };
}
