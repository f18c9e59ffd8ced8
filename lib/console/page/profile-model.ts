import { Profile } from 'pprof-format';

/** A function that was called by the frame above. `value` includes what it called. */
export interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly parent: Frame | undefined;
  readonly children: Frame[];
  value: number;
  self: number;
}

/** A function with its values in all places that call it. */
export interface FunctionRow {
  readonly key: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  self: number;
  total: number;
}

/** A decoded profile. */
export interface ProfileTree {
  readonly root: Frame;
  readonly functions: readonly FunctionRow[];
  readonly unit: string;
}

type Code = Pick<FunctionRow, 'key' | 'name' | 'file' | 'line'>;

/** Decodes a gzipped `profile.proto`. */
export async function decodeProfile(bytes: Blob): Promise<ProfileTree> {
  const stream = bytes.stream().pipeThrough(new DecompressionStream('gzip'));
  return treeOf(Profile.decode(new Uint8Array(await new Response(stream).arrayBuffer())));
}

function treeOf(profile: Profile): ProfileTree {
  const text = (index: number | bigint) => profile.stringTable.strings[Number(index)] ?? '';
  const codes = codesByLocation(profile, text);
  const index = Math.max(
    0,
    profile.sampleType.findIndex(({ type }) => Number(type) === Number(profile.defaultSampleType)),
  );
  const root = frame({ key: '', name: '', file: '', line: 0 }, undefined);
  const functions = new Map<string, FunctionRow>();
  const children = new Map<Frame, Map<string, Frame>>();
  for (const { locationId, value } of profile.sample) {
    const amount = Number(value[index] ?? 0);
    if (amount <= 0) continue;
    const stack = locationId.flatMap((id) => codes.get(Number(id)) ?? []).reverse();
    addToTree(root, stack, amount, children);
    addToFunctions(functions, stack, amount);
  }
  sortFrames(root);
  const unit = profile.sampleType[index]?.unit ?? 0;
  return { root, functions: [...functions.values()], unit: text(unit) };
}

/** Returns the functions of each location; inlined ones come first. */
function codesByLocation(profile: Profile, text: (index: number | bigint) => string): Map<number, Code[]> {
  const codes = new Map<number, Code>();
  for (const one of profile.function) {
    const line = Number(one.startLine);
    const file = text(one.filename);
    codes.set(Number(one.id), {
      key: String(one.id),
      name: text(one.systemName) || '(anonymous)',
      file,
      line,
    });
  }
  return new Map(
    profile.location.map(({ id, line }) => [
      Number(id),
      line.flatMap(({ functionId }) => codes.get(Number(functionId)) ?? []),
    ]),
  );
}

function frame({ name, file, line }: Code, parent: Frame | undefined): Frame {
  return { name, file, line, parent, children: [], value: 0, self: 0 };
}

function addToTree(
  root: Frame,
  stack: readonly Code[],
  amount: number,
  known: Map<Frame, Map<string, Frame>>,
): void {
  let at = root;
  at.value += amount;
  for (const code of stack) {
    const siblings = known.get(at) ?? new Map<string, Frame>();
    known.set(at, siblings);
    let next = siblings.get(code.key);
    if (next === undefined) {
      next = frame(code, at);
      siblings.set(code.key, next);
      at.children.push(next);
    }
    next.value += amount;
    at = next;
  }
  at.self += amount;
}

/** A function that calls itself counts once. */
function addToFunctions(rows: Map<string, FunctionRow>, stack: readonly Code[], amount: number): void {
  for (const code of new Set(stack)) {
    const row = rows.get(code.key) ?? { ...code, self: 0, total: 0 };
    row.total += amount;
    rows.set(code.key, row);
  }
  const own = rows.get(stack.at(-1)?.key ?? '');
  if (own !== undefined) own.self += amount;
}

/** Sorts by value iteratively, because recursive programs have deep stacks. */
function sortFrames(root: Frame): void {
  const left = [root];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    one.children.sort((a, b) => b.value - a.value);
    left.push(...one.children);
  }
}

/** Prints an amount of a profile. */
export function amountText(amount: number, unit: string): string {
  if (unit === 'nanoseconds') {
    return amount >= 1e9 ? `${(amount / 1e9).toFixed(2)} s` : `${(amount / 1e6).toFixed(1)} ms`;
  }
  if (unit === 'bytes') {
    if (amount >= 2 ** 20) return `${(amount / 2 ** 20).toFixed(1)} MiB`;
    return amount >= 1024 ? `${(amount / 1024).toFixed(1)} KiB` : `${amount} B`;
  }
  return String(amount);
}
