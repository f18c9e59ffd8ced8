/** The types of configuration flags. */
export type ConfigFlagType = 'bool' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'double' | 'string';

/** What every configuration flag has. */
export interface ConfigFlagBase {
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
  | (ConfigFlagBase & {
      /** The type of the value. */
      readonly type: 'bool';
      /** The value. */
      readonly value: boolean;
    })
  | (ConfigFlagBase & {
      /** The type of the value. */
      readonly type: 'int32' | 'uint32' | 'double';
      /** The value. */
      readonly value: number;
    })
  | (ConfigFlagBase & {
      /** The type of the value. */
      readonly type: 'int64' | 'uint64';
      /** The value. */
      readonly value: bigint;
    })
  | (ConfigFlagBase & {
      /** The type of the value. */
      readonly type: 'string';
      /** The value. */
      readonly value: string;
    });

/** The least and the greatest value of the integer types. */
export const INTEGER_RANGES = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const satisfies Partial<Record<ConfigFlagType, readonly [number | bigint, number | bigint]>>;
