import type { PerfCounter, ProcessVersion } from '../model/cluster.js';
import type { ConfigFlag, ConfigFlagBase } from '../model/config.js';
import { PERF_COUNTER_TYPES } from '../model/enums.js';
import type { ConfigFlagDocument, ConfigFlagsDocument } from '../wire/config.js';
import type {
  EndpointsDocument,
  PerfCounterDocument,
  RecentStartTimeDocument,
  VersionDocument,
} from '../wire/process.js';
import { type Answer, isNotFound, okJson } from './answer.js';
import { type Fields, readFields } from './fields.js';
import { readTime } from './local-time.js';

/** Parses `/version`. */
export function parseVersion(answer: Answer): ProcessVersion {
  const row = readFields<VersionDocument>(okJson(answer));
  return { version: row.text('Version'), gitCommit: row.text('GitCommit') };
}

/** Parses `/recentStartTime`. */
export function parseStartSecond(answer: Answer): number {
  return readTime(readFields<RecentStartTimeDocument>(okJson(answer)), 'RecentStartTime', answer.toUnix);
}

/** Parses `/`: the paths that the server has. */
export function parsePaths(answer: Answer): readonly string[] {
  return readFields<EndpointsDocument>(okJson(answer)).keys();
}

/** Parses `/perfCounter`; `undefined` if there is no such counter. */
export function parsePerfCounter(answer: Answer): PerfCounter | undefined {
  if (isNotFound(answer)) return undefined;
  const row = readFields<PerfCounterDocument>(okJson(answer));
  // A real server answers 200 and an empty object.
  if (!row.has('name')) return undefined;
  const [name, description] = [row.text('name'), row.text('description')];
  const type = row.oneOf('type', PERF_COUNTER_TYPES);
  return type === 'PERCENTILE'
    ? { name, type, p99: row.number('p99'), p999: row.number('p999'), description }
    : { name, type, value: row.number('value'), description };
}

/** Parses `/config`; `undefined` if there is no such flag. */
export function parseFlag(answer: Answer): ConfigFlag | undefined {
  // A real server says so in plain text with the status 200.
  if (answer.status === 200 && answer.text().startsWith('ERR_OBJECT_NOT_FOUND')) return undefined;
  if (isNotFound(answer)) return undefined;
  return configFlag(readFields<ConfigFlagDocument>(okJson(answer)));
}

/** Parses `/configs`. */
export function parseFlags(answer: Answer): readonly ConfigFlag[] {
  return readFields<ConfigFlagsDocument>(okJson(answer))
    .rows()
    .map(([, row]) => configFlag(row));
}

function configFlag(row: Fields<ConfigFlagDocument>): ConfigFlag {
  const base: ConfigFlagBase = {
    name: row.text('name'),
    section: row.text('section'),
    description: row.text('description'),
    isMutable: row.text('tags').includes('FT_MUTABLE'),
  };
  switch (row.text('type')) {
    case 'FV_BOOL':
      return { ...base, type: 'bool', value: row.boolean('value') };
    case 'FV_INT32':
      return { ...base, type: 'int32', value: row.integer('value') };
    case 'FV_UINT32':
      return { ...base, type: 'uint32', value: row.integer('value') };
    case 'FV_INT64':
      return { ...base, type: 'int64', value: bigint(row) };
    case 'FV_UINT64':
      return { ...base, type: 'uint64', value: bigint(row) };
    case 'FV_DOUBLE':
      return { ...base, type: 'double', value: row.number('value') };
    case 'FV_STRING':
      return { ...base, type: 'string', value: row.text('value') };
    default:
      return row.fail('type', 'a type of flags such as "FV_INT32"');
  }
}

function bigint(row: Fields<ConfigFlagDocument>): bigint {
  const text = row.text('value');
  return /^-?\d{1,20}$/.test(text) ? BigInt(text) : row.fail('value', 'a whole number');
}
