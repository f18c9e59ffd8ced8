import { gzipSync } from 'node:zlib';
import { Profile as Proto, StringTable } from 'pprof-format';
import type { Profile } from '../model/profiler.js';
import { displayName, pathOf } from './function-names.js';
import { type FunctionInfo, flattenCallTree } from './stacks.js';

/** What a profile is of: the names are those that Go gives its own, so that the tools pick the same defaults. */
const KINDS = {
  cpu: {
    samples: ['samples', 'count'],
    amount: ['cpu', 'nanoseconds'],
    period: ['cpu', 'nanoseconds'],
    scale: 1000,
  },
  heap: {
    samples: ['inuse_objects', 'count'],
    amount: ['inuse_space', 'bytes'],
    period: ['space', 'bytes'],
    scale: 1,
  },
  growth: { samples: ['objects', 'count'], amount: ['space', 'bytes'], period: ['space', 'bytes'], scale: 1 },
} as const;

/** What a profile is of. */
export type ProfileKind = keyof typeof KINDS;

/** Above every address that the format can carry without a bigint. */
const ALL_ADDRESSES = Number.MAX_SAFE_INTEGER;

/**
 * A gzipped `profile.proto`, complete in itself: it needs neither this process nor a symbol table to be read.
 *
 * @param program - The path of the program, which the tools show as the profile's title.
 */
export function encodeProfileProto(profile: Profile, kind: ProfileKind, program: string): Buffer {
  const { samples, amount, period, scale } = KINDS[kind];
  const strings = new StringTable();
  const text = (value: string) => strings.dedup(value);
  const valueType = ([type, unit]: readonly [string, string]) => ({ type: text(type), unit: text(unit) });
  const ids = new Map<FunctionInfo, number>();
  const sample = flattenCallTree(profile).map((stack) => ({
    locationId: stack.functions.map((code) => idOf(code, ids)),
    value: [stack.count, stack.value * scale],
  }));
  const proto = new Proto({
    sampleType: [valueType(samples), valueType(amount)],
    defaultSampleType: text(amount[0]),
    sample,
    // One that covers everything and is symbolised, so that the tools don't go and look for symbols.
    mapping: [
      {
        id: 1,
        memoryLimit: ALL_ADDRESSES,
        filename: text(program),
        hasFunctions: true,
        hasFilenames: true,
        hasLineNumbers: true,
      },
    ],
    // V8 tells where a function begins, not where in it the sample was taken: one location a function.
    location: Array.from(ids, ([{ line }, id]) => ({ id, mappingId: 1, line: [{ functionId: id, line }] })),
    function: Array.from(ids, ([code, id]) => ({
      id,
      name: text(displayName(code)),
      systemName: text(code.name),
      filename: text(pathOf(code.url)),
      startLine: code.line,
    })),
    timeNanos: BigInt(Math.round(profile.startMs)) * 1_000_000n,
    durationNanos: Math.round(profile.durationMs * 1e6),
    periodType: valueType(period),
    period: Math.round(profile.period * scale),
    stringTable: strings,
  });
  return gzipSync(proto.encode());
}

function idOf(code: FunctionInfo, ids: Map<FunctionInfo, number>): number {
  let id = ids.get(code);
  if (id === undefined) {
    id = ids.size + 1;
    ids.set(code, id);
  }
  return id;
}
