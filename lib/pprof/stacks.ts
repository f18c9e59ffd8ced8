import type { CallNode, Profile } from '../model/profiler.js';
import { describeValue } from '../validate/describe-value.js';

/** A function, whoever called it: one object for each in a profile. */
export type FunctionInfo = Pick<CallNode, 'name' | 'url' | 'line'>;

/** One row of a profile. */
export interface Stack {
  /** The function itself first, then its callers; never empty. */
  readonly functions: readonly FunctionInfo[];
  /** Positive integer. */
  readonly count: number;
  /** Positive integer. */
  readonly value: number;
}

/** A place on the way down the tree. */
interface StackEntry {
  readonly node: CallNode;
  readonly caller: StackEntry | undefined;
}

/** Nodes that a tree may have: more than a day of samples gives. What has more is no tree, but a ring that comes back to itself. */
const MAX_NODES = 1_000_000;

/** Functions that all its rows may have together. */
const MAX_FRAMES = 5_000_000;

/** What tells one function from another. */
export function functionKey({ name, url, line }: FunctionInfo): string {
  return `${name}\n${url}\n${line}`;
}

/**
 * The rows of a call tree: what both formats are made of. Without recursion, for a tree may be deep.
 *
 * @throws TypeError for a tree that is none: it comes from the host.
 */
export function flattenCallTree({ root }: Profile): Stack[] {
  const functions = new Map<string, FunctionInfo>();
  const stacks: Stack[] = [];
  const stack: StackEntry[] = [{ node: root, caller: undefined }];
  let nodes = 0;
  let frames = 0;
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { node } = entry;
    nodes += 1;
    if (nodes > MAX_NODES || frames > MAX_FRAMES)
      throw new TypeError('a call tree must come to an end, and this one has more nodes than any');
    const count = nonNegative(node.count, 'count');
    const value = nonNegative(node.value, 'value');
    // The tools divide one by the other, and refuse rows of something without a count.
    if (value > 0) {
      const stack = { functions: functionsOf(entry, functions), count: count || 1, value };
      frames += stack.functions.length;
      stacks.push(stack);
    }
    for (const child of childrenOf(node)) stack.push({ node: child, caller: entry });
  }
  return stacks;
}

function functionsOf(entry: StackEntry, known: Map<string, FunctionInfo>): FunctionInfo[] {
  const functions: FunctionInfo[] = [];
  // The root is no function, but what has no caller at all must be somewhere.
  for (let at: StackEntry | undefined = entry; at !== undefined; at = at.caller) {
    if (at.caller !== undefined || functions.length === 0) functions.push(intern(at.node, known));
  }
  return functions;
}

function intern({ name, url, line }: CallNode, known: Map<string, FunctionInfo>): FunctionInfo {
  const key = functionKey({ name, url, line });
  let found = known.get(key);
  if (found === undefined) {
    found = { name, url, line };
    known.set(key, found);
  }
  return found;
}

/** Refuses an iterable that is no array: it might never end. */
function childrenOf({ children }: CallNode): readonly CallNode[] {
  if (!Array.isArray(children)) {
    throw new TypeError(`children of a call node must be an array, not ${describeValue(children)}`);
  }
  if (children.length > MAX_NODES) {
    throw new TypeError(
      `children of a call node must have at most ${MAX_NODES} items, not ${children.length}`,
    );
  }
  return children;
}

function nonNegative(value: number, field: string): number {
  if (Number.isFinite(value) && value >= 0) return Math.round(value);
  throw new TypeError(`${field} of a call node must be a number from 0, not ${describeValue(value)}`);
}
