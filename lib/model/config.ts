/** The types of configuration flags. */
export type ConfigFlagType = 'bool' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'double' | 'string';

export const CONFIG_FLAG_TYPES: readonly ConfigFlagType[] = [
  'bool',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'double',
  'string',
];

interface FlagBase {
  /** The name, such as `config_sync_interval_ms`. */
  readonly name: string;
  /** The section of the configuration file, such as `replication`. */
  readonly section: string;
  /** One sentence. */
  readonly description: string;
  /** Whether the flag can change while the process runs. */
  readonly isMutable: boolean;
}

/** One configuration flag with its value at one moment. */
export type ConfigFlag =
  | (FlagBase & { readonly type: 'bool'; readonly value: boolean })
  | (FlagBase & { readonly type: 'int32' | 'uint32' | 'double'; readonly value: number })
  | (FlagBase & { readonly type: 'int64' | 'uint64'; readonly value: bigint })
  | (FlagBase & { readonly type: 'string'; readonly value: string });
