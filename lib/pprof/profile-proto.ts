import { emptyTableToken, Profile as Proto, StringTable } from 'pprof-format';
import type { Profile } from '../model/profiler.js';
import { NameCounts, pathOf } from './function-names.js';
import { type FunctionInfo, flattenInSteps, type Stack } from './stacks.js';

/** Types and units of each kind of profile. Go's own profiles have the same, so that the tools pick the same defaults. */
const KINDS = {
  cpu: {
    samples: ['samples', 'count'],
    values: ['cpu', 'nanoseconds'],
    period: ['cpu', 'nanoseconds'],
    scale: 1000,
  },
  heap: {
    samples: ['inuse_objects', 'count'],
    values: ['inuse_space', 'bytes'],
    period: ['space', 'bytes'],
    scale: 1,
  },
  growth: { samples: ['objects', 'count'], values: ['space', 'bytes'], period: ['space', 'bytes'], scale: 1 },
} as const;

/** The kind of a profile. */
export type ProfileKind = keyof typeof KINDS;

/** Samples, locations or functions that are encoded without a pause. */
const BATCH = 100;

/** Above all addresses that the format can have without a bigint. */
const ALL_ADDRESSES = Number.MAX_SAFE_INTEGER;

/** A line of a function that is in the profile. */
interface Location {
  readonly id: number;
  readonly functionId: number;
  readonly line: number;
  /** 0 for unknown: only the column where a function begins is known. */
  readonly column: number;
}

/**
 * Encodes a `profile.proto`, which the client gets gzipped. It is complete: neither this process nor a symbol table is needed to read it.
 *
 * Each row begins with the line where its samples were taken; its callers have the line where they begin, because V8 does not know
 * the lines of their calls.
 *
 * @param program - Path of the program, the title of the profile in the tools.
 * @returns The parts of the file. Yields where it may pause.
 */
export function* encodeProfileProto(
  profile: Profile,
  kind: ProfileKind,
  program: string,
): Generator<undefined, Uint8Array[]> {
  const { samples, values, period, scale } = KINDS[kind];
  const strings = new StringTable();
  const text = (value: string) => strings.dedup(value);
  const valueType = ([type, unit]: readonly [string, string]) => ({ type: text(type), unit: text(unit) });
  const stacks = yield* flattenInSteps(profile);
  const ids = yield* numberFunctions(stacks);
  const names = new NameCounts();
  for (const code of ids.keys()) names.add(code);
  yield;
  const { parts, locations } = yield* encodeSamples(stacks, ids, scale);
  for (const batch of batches(locations)) {
    const location = batch.map(({ id, functionId, line, column }) => ({
      id,
      mappingId: 1,
      line: [{ functionId, line, column }],
    }));
    parts.push(encodePart({ location }));
    yield;
  }
  for (const batch of batches(Array.from(ids))) {
    const functions = batch.map(([code, id]) => ({
      id,
      name: text(names.displayName(code)),
      systemName: text(code.name),
      filename: text(pathOf(code.url)),
      startLine: code.line,
    }));
    parts.push(encodePart({ function: functions }));
    yield;
  }
  const head = {
    sampleType: [valueType(samples), valueType(values)],
    defaultSampleType: text(values[0]),
    // One mapping that covers all addresses and has all symbols, so that the tools do not look for them.
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
    timeNanos: BigInt(Math.round(profile.startMs)) * 1_000_000n,
    durationNanos: Math.round(profile.durationMs * 1e6),
    periodType: valueType(period),
    period: Math.round(profile.period * scale),
  };
  return [encodePart(head), ...parts, strings.encode()];
}

/** Encodes some fields of a profile. The parts of a profile, one after the other, are the profile. */
function encodePart(fields: ConstructorParameters<typeof Proto>[0]): Uint8Array {
  return new Proto({ ...fields, stringTable: new StringTable(emptyTableToken) }).encode();
}

/** Splits a list, so that each part takes much less than a slice of time. */
function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += BATCH) yield items.slice(i, i + BATCH);
}

function* numberFunctions(stacks: readonly Stack[]): Generator<undefined, Map<FunctionInfo, number>> {
  const ids = new Map<FunctionInfo, number>();
  for (const { functions } of stacks) {
    for (const code of functions) {
      if (!ids.has(code)) ids.set(code, ids.size + 1);
    }
    yield;
  }
  return ids;
}

/** Encodes one sample for each line of each stack. Returns them with the locations that they refer to. */
function* encodeSamples(
  stacks: readonly Stack[],
  ids: ReadonlyMap<FunctionInfo, number>,
  scale: number,
): Generator<undefined, { parts: Uint8Array[]; locations: Location[] }> {
  // A function's location where it begins has the function's number. Its other lines follow.
  const locations = Array.from(
    ids,
    ([{ line, column = 0 }, id]): Location => ({ id, functionId: id, line, column }),
  );
  const lineLocations = new Map<string, number>();

  function locationOf(code: FunctionInfo, line: number): number {
    const functionId = ids.get(code) ?? 0;
    if (line === code.line) return functionId;
    const key = `${functionId} ${line}`;
    let id = lineLocations.get(key);
    if (id === undefined) {
      id = locations.length + 1;
      locations.push({ id, functionId, line, column: 0 });
      lineLocations.set(key, id);
    }
    return id;
  }

  function samplesOf({ functions, count, value, lines }: Stack) {
    const [own, ...callers] = functions as readonly [FunctionInfo, ...FunctionInfo[]];
    const callerIds = callers.map((code) => ids.get(code) ?? 0);
    return (lines ?? [{ line: own.line, count, value }]).map((part) => ({
      locationId: [locationOf(own, part.line), ...callerIds],
      value: [part.count, part.value * scale],
    }));
  }

  const parts: Uint8Array[] = [];
  for (const batch of batches(stacks)) {
    parts.push(encodePart({ sample: batch.flatMap(samplesOf) }));
    yield;
  }
  return { parts, locations };
}
