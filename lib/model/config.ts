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
