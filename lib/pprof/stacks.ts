import type { CallNode, Profile } from '../model/profiler.js';
import { type NodeValues, readChildren, readNodeValues, readPosition } from './call-node.js';

/** A function independent of its callers. A profile has one object for each. */
export type FunctionInfo = Pick<CallNode, 'name' | 'url' | 'line' | 'column'>;

/** A row of a profile. `count` and `value` are positive integers. */
export interface Stack extends NodeValues {
  /** The function itself, then its callers; never empty. */
  readonly functions: readonly FunctionInfo[];
}

/** A node on the way down the tree. */
interface StackEntry {
  readonly node: CallNode;
  readonly caller: StackEntry | undefined;
}

/** Maximum number of nodes: more than a day of samples has. A larger tree is a ring that contains itself. */
const MAX_NODES = 1_000_000;

/** Maximum number of functions in all rows together. */
const MAX_FRAMES = 5_000_000;

/** Returns a key that tells functions apart, also those of one name on one line. */
export function functionKey(code: FunctionInfo): string {
  const key = baseKey(code);
  return code.column ? `${key}\n${code.column}` : key;
}

/** Returns a key that functions of one name on one line have in common. */
export function baseKey({ name, url, line }: FunctionInfo): string {
  return `${name}\n${url}\n${line}`;
}

/**
 * Flattens a call tree to the rows that all formats consist of. It does not recurse, because a tree may be deep.
 *
 * @throws TypeError when the application's tree is invalid.
 */
export function flattenCallTree(profile: Profile): Stack[] {
  const steps = flattenInSteps(profile);
  let result = steps.next();
  while (result.done !== true) result = steps.next();
  return result.value;
}

/** Flattens a call tree as {@link flattenCallTree} does. Yields where it may pause. */
export function* flattenInSteps({ root }: Profile): Generator<undefined, Stack[]> {
  const functions = new Map<string, FunctionInfo>();
  const stacks: Stack[] = [];
  const pending: StackEntry[] = [{ node: root, caller: undefined }];
  let nodes = 0;
  let frames = 0;
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { node } = entry;
    nodes += 1;
    if (nodes > MAX_NODES || frames > MAX_FRAMES) {
      throw new TypeError(
        `a call tree must have at most ${MAX_NODES} nodes, and its rows ${MAX_FRAMES} functions; this one may contain itself`,
      );
    }
    const values = readNodeValues(node);
    if (values.value > 0) {
      const stack = { functions: functionsOf(entry, functions), ...values };
      frames += stack.functions.length;
      stacks.push(stack);
    }
    for (const child of readChildren(node)) pending.push({ node: child, caller: entry });
    yield;
  }
  return stacks;
}

function functionsOf(entry: StackEntry, known: Map<string, FunctionInfo>): FunctionInfo[] {
  const functions: FunctionInfo[] = [];
  // The root is no function, but a row without a caller needs one.
  for (let at: StackEntry | undefined = entry; at !== undefined; at = at.caller) {
    if (at.caller !== undefined || functions.length === 0) functions.push(intern(at.node, known));
  }
  return functions;
}

function intern({ name, url, line, column }: CallNode, known: Map<string, FunctionInfo>): FunctionInfo {
  const key = functionKey({ name, url, line, column });
  let found = known.get(key);
  if (found === undefined) {
    readPosition(line, 'line');
    readPosition(column ?? 0, 'column');
    found = { name, url, line, column };
    known.set(key, found);
  }
  return found;
}
