import type { CallNode, CallNodeLine } from '../../model/profiler.js';
import type { ResolvePosition, SourcePosition } from './source-position.js';

/** A function as V8 names it, with its position in the script. */
export interface Frame extends SourcePosition {
  readonly name: string;
}

/** What was sampled of a function: samples or objects, microseconds or bytes. */
export interface Measure {
  readonly count: number;
  readonly value: number;
}

/** A {@link Measure} at a line of the script; line 0 stands for the line where the function begins. */
export interface LineMeasure extends Measure {
  readonly line: number;
}

/** Bounds of a tree. A profile repeats all frames above a row in each of its rows, so both need one. */
export interface CallTreeLimits {
  readonly maxNodes: number;
  /** Frames of all rows together. A row is a line of a node that has a measure of its own. */
  readonly maxFrames: number;
  /** Functions below `(truncated)`. */
  readonly maxTruncated: number;
}

const DEFAULT_LIMITS: CallTreeLimits = { maxNodes: 100_000, maxFrames: 1_000_000, maxTruncated: 20_000 };

/** Stands for the callers of stacks that no longer fit into the tree. */
const TRUNCATED: Frame = { name: '(truncated)', url: '', line: 0, column: 0 };

interface TreeNode {
  readonly frame: Frame;
  readonly children: Map<string, TreeNode>;
  /** Sums by line of the script. */
  readonly lines: Map<number, { count: number; value: number }>;
}

/** Merges stacks of one or more readings into one tree of bounded size. */
export interface CallTree {
  /**
   * Adds what was sampled of one stack. When the stack does not fit into the tree, its own function is kept and its callers become
   * `(truncated)`: the time of each function stays right.
   *
   * @param stack - The outermost function first.
   */
  add(stack: readonly Frame[], lines: readonly LineMeasure[]): void;
  /** The scripts of all functions in the tree. */
  urls(): Set<string>;
  /** Converts the tree to the model, with the positions of the source files. Yields where it may pause. */
  toCallNode(resolve: ResolvePosition): Generator<undefined, CallNode>;
}

/** Creates an empty {@link CallTree}. */
export function createCallTree(limits: CallTreeLimits = DEFAULT_LIMITS): CallTree {
  const root = createNode({ name: '(root)', url: '', line: 0, column: 0 });
  const urls = new Set<string>();
  let nodes = 0;
  let frames = 0;
  let truncated: TreeNode | undefined;

  function child(parent: TreeNode, frame: Frame): TreeNode {
    const key = frameKey(frame);
    let node = parent.children.get(key);
    if (node === undefined) {
      node = createNode(frame);
      parent.children.set(key, node);
      urls.add(frame.url);
      nodes += 1;
    }
    return node;
  }

  function find(stack: readonly Frame[]): TreeNode | undefined {
    let node: TreeNode | undefined = root;
    for (const frame of stack) node = node?.children.get(frameKey(frame));
    return node;
  }

  function truncatedNode(own: Frame | undefined): TreeNode {
    truncated ??= child(root, TRUNCATED);
    if (own === undefined) return truncated;
    const isFull = truncated.children.size >= limits.maxTruncated && !truncated.children.has(frameKey(own));
    return isFull ? truncated : child(truncated, own);
  }

  /** Whether another row of this stack fits. */
  function hasRoom(stack: readonly Frame[]): boolean {
    return frames + stack.length <= limits.maxFrames;
  }

  function nodeFor(stack: readonly Frame[]): TreeNode {
    const known = find(stack);
    if (known !== undefined && (known.lines.size > 0 || hasRoom(stack))) return known;
    const fits = hasRoom(stack) && nodes + stack.length <= limits.maxNodes;
    return fits ? stack.reduce(child, root) : truncatedNode(stack.at(-1));
  }

  return {
    add(stack, lines) {
      const node = nodeFor(stack);
      for (const { line, count, value } of lines) {
        // Without room for another row, the lines of a function are no longer told apart.
        const key = node.lines.has(line) || hasRoom(stack) ? line : 0;
        let sum = node.lines.get(key);
        if (sum === undefined) {
          sum = { count: 0, value: 0 };
          node.lines.set(key, sum);
          frames += stack.length;
        }
        sum.count += count;
        sum.value += value;
      }
    },
    urls: () => urls,
    toCallNode: (resolve) => toCallNode(root, resolve),
  };
}

function createNode(frame: Frame): TreeNode {
  return { frame, children: new Map(), lines: new Map() };
}

/** The keys of frames, because deep stacks share most of their frames. */
const keys = new WeakMap<Frame, string>();

function frameKey(frame: Frame): string {
  let key = keys.get(frame);
  if (key === undefined) {
    const { name, url, line, column } = frame;
    key = `${line}:${column} ${name}\n${url}`;
    keys.set(frame, key);
  }
  return key;
}

function* toCallNode(root: TreeNode, resolve: ResolvePosition): Generator<undefined, CallNode> {
  const top: CallNode[] = [];
  const pending = [{ node: root, siblings: top }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const children: CallNode[] = [];
    next.siblings.push({ ...measured(next.node, resolve), children });
    // The last one is taken first.
    for (const node of Array.from(next.node.children.values()).reverse())
      pending.push({ node, siblings: children });
    yield;
  }
  return top[0] as CallNode;
}

/** Returns the model of a node without its children. */
function measured({ frame, lines }: TreeNode, resolve: ResolvePosition): Omit<CallNode, 'children'> {
  const position = resolve(frame);
  const sums = new Map<number, { count: number; value: number }>();
  let count = 0;
  let value = 0;
  for (const [executed, measure] of lines) {
    count += measure.count;
    value += measure.value;
    // Several lines of the script may come from one line of the source file.
    const line = executed === 0 ? position.line : resolve(frame, executed).line;
    const sum = sums.get(line);
    sums.set(line, {
      count: (sum?.count ?? 0) + measure.count,
      value: (sum?.value ?? 0) + measure.value,
    });
  }
  // What is left is the line where the function begins.
  sums.delete(position.line);
  return {
    name: frame.name,
    ...position,
    count,
    value,
    ...(sums.size > 0 && { lines: Array.from(sums, ([line, sum]): CallNodeLine => ({ line, ...sum })) }),
  };
}
