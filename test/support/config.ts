import { readFileSync } from 'node:fs';
import { type ConfigFlagDefinition, type ConfigRegistry, configRegistry } from '../../lib/index.js';

/** One row of `/configs` as a real server wrote it. */
export interface RecordedFlag {
  readonly name: string;
  readonly section: string;
  readonly type: string;
  readonly tags: string;
  readonly description: string;
  readonly value: string;
}

/** What a real server answered to `/config`, `/configs` and `/updateConfig`. */
export interface RecordedConfig {
  readonly flags: readonly RecordedFlag[];
  readonly exchanges: readonly {
    readonly method: string;
    readonly target: string;
    readonly requestBody?: string;
    readonly status: number;
    readonly body: string;
  }[];
}

export function recordedConfig(version: '2.5' | '2.6'): RecordedConfig {
  const file = new URL(`../fixtures/config/${version}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const VALIDATORS: Readonly<Record<string, (value: never) => boolean>> = {
  max_allowed_replica_count: (value: number) => value > 0,
  min_allowed_replica_count: (value: number) => value > 0,
};

/** A registry with the recorded flags and the validators that Pegasus has for them. */
export function recordedRegistry({ flags }: RecordedConfig): ConfigRegistry {
  const definitions = flags.map((flag) => [flag.name, definitionOf(flag)]);
  const values = Object.fromEntries(flags.map(({ name, value }) => [name, value]));
  return configRegistry(Object.fromEntries(definitions), {
    values,
    groupValidators: {
      min_max_allowed_replica_count({ min_allowed_replica_count: min, max_allowed_replica_count: max }) {
        if (Number(min) <= Number(max)) return true;
        const [low, high] = [`min_allowed_replica_count(${min})`, `max_allowed_replica_count(${max})`];
        return `meta_server.${low} should be <= meta_server.${high}`;
      },
    },
  });
}

const DEFAULTS = { bool: false, int32: 1, uint32: 1, int64: 1n, uint64: 1n, double: 0, string: '' } as const;

function definitionOf({ name, section, type, tags, description }: RecordedFlag): ConfigFlagDefinition {
  const ours = type.replace('FV_', '').toLowerCase() as keyof typeof DEFAULTS;
  const isMutable = tags === 'flag_tag::FT_MUTABLE';
  const validate = VALIDATORS[name];
  const definition = { type: ours, section, description, default: DEFAULTS[ours], isMutable, validate };
  return definition as ConfigFlagDefinition;
}
