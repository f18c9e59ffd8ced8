import type { CallNode, Profile } from '../model/profiler.js';
import { assertArray } from '../render/format.js';
import { describeValue } from '../validate/describe-value.js';

/** A function, whoever called it: one object for each in a profile. */
export type CodeFunction = Pick<CallNode, 'name' | 'url' | 'line'>;

/** One row of a profile. */
export interface Stack {
  /** The function itself first, then its callers; never empty. */
  readonly functions: readonly CodeFunction[];
  /** Positive integer. */
  readonly count: number;
  /** Positive integer. */
  readonly value: number;
}

/** A place on the way down the tree. */
interface Visit {
  readonly node: CallNode;
  readonly caller: Visit | undefined;
}

/** Nodes that a tree may have: more than a day of samples gives. What has more is no tree, but a ring that comes back to itself. */
const MOST_NODES = 1_000_000;

/** Functions that all its rows may have together. */
const MOST_FUNCTIONS = 5_000_000;

/** What tells one function from another. */
export function keyOf({ name, url, line }: CodeFunction): string {
  return `${name}\n${url}\n${line}`;
}

/**
 * The rows of a call tree: what both formats are made of. Without recursion, for a tree may be deep.
 *
 * @throws TypeError for a tree that is none: it comes from the host.
 */
export function stacksOf({ root }: Profile): Stack[] {
  const functions = new Map<string, CodeFunction>();
  const stacks: Stack[] = [];
  const ahead: Visit[] = [{ node: root, caller: undefined }];
  let nodes = 0;
  let frames = 0;
  for (let visit = ahead.pop(); visit !== undefined; visit = ahead.pop()) {
    const { node } = visit;
    nodes += 1;
    if (nodes > MOST_NODES || frames > MOST_FUNCTIONS)
      throw new TypeError('a call tree must come to an end, and this one has more nodes than any');
    const count = figure(node.count, 'count');
    const value = figure(node.value, 'value');
    // The tools divide one by the other, and refuse rows of something without a count.
    if (value > 0) {
      const stack = { functions: functionsOf(visit, functions), count: count || 1, value };
      frames += stack.functions.length;
      stacks.push(stack);
    }
    for (const child of assertArray(node.children, 'children')) ahead.push({ node: child, caller: visit });
  }
  return stacks;
}

function functionsOf(visit: Visit, known: Map<string, CodeFunction>): CodeFunction[] {
  const functions: CodeFunction[] = [];
  // The root is no function, but what has no caller at all must be somewhere.
  for (let at: Visit | undefined = visit; at !== undefined; at = at.caller) {
    if (at.caller !== undefined || functions.length === 0) functions.push(interned(at.node, known));
  }
  return functions;
}

function interned({ name, url, line }: CallNode, known: Map<string, CodeFunction>): CodeFunction {
  const key = keyOf({ name, url, line });
  let found = known.get(key);
  if (found === undefined) {
    found = { name, url, line };
    known.set(key, found);
  }
  return found;
}

function figure(value: number, field: string): number {
  if (Number.isFinite(value) && value >= 0) return Math.round(value);
  throw new TypeError(`${field} of a call node must be a number from 0, not ${describeValue(value)}`);
}
