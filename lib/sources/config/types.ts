import type { ConfigFlag, ConfigFlagType } from '../../model/config.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import type { ConfigSource } from '../../model/source.js';

/** The TypeScript types of the values, by the type of the flag. */
export interface ConfigValues {
  /** `true` or `false`. */
  readonly bool: boolean;
  /** An integer from -2,147,483,648 to 2,147,483,647. */
  readonly int32: number;
  /** An integer from 0 to 4,294,967,295. */
  readonly uint32: number;
  /** A bigint of 64 bits. */
  readonly int64: bigint;
  /** A bigint of 64 bits without a sign. */
  readonly uint64: bigint;
  /** A finite number. */
  readonly double: number;
  /** Any text. */
  readonly string: string;
}

/** The definition of a flag of one type. */
export interface TypedConfigFlagDefinition<Type extends ConfigFlagType> {
  /** The type of the value. */
  readonly type: Type;
  /** The section of the configuration file, such as `replication`. */
  readonly section: string;
  /** One sentence. */
  readonly description: string;
  /** The value unless `values` or the environment has one. */
  readonly default: ConfigValues[Type];
  /**
   * Whether `/updateConfig` and `set` can change the flag.
   *
   * @defaultValue `false`
   */
  readonly isMutable?: boolean | undefined;
  /**
   * Called with every new value, the first one too, before it is set. Must have no effects. If it throws, the value is not set, and the
   * client of `/updateConfig` gets a 500.
   *
   * @returns `true` to accept the value. `false` or a text refuses it; the client reads the text in `update_status`.
   */
  readonly validate?: ((value: ConfigValues[Type]) => boolean | string) | undefined;
  /** The environment variable that has the first value. Its text is parsed as `/updateConfig` parses it. */
  readonly env?: string | undefined;
}

/** The definition of one flag. */
export type ConfigFlagDefinition = {
  [Type in ConfigFlagType]: TypedConfigFlagDefinition<Type>;
}[ConfigFlagType];

/** The definitions of flags by name. A name consists of letters, digits, `_`, `.` and `-`. */
export type ConfigFlagDefinitions = Readonly<Record<string, ConfigFlagDefinition>>;

/** The TypeScript type of the value of a flag. */
export type ConfigValueOf<Definition extends ConfigFlagDefinition> = ConfigValues[Definition['type']];

/** All values of a registry by the names of their flags. */
export type ConfigValuesOf<Definitions extends ConfigFlagDefinitions> = {
  readonly [Name in keyof Definitions]: ConfigValueOf<Definitions[Name]>;
};

/** Options of {@link configRegistry}. */
export interface ConfigRegistryOptions<Definitions extends ConfigFlagDefinitions> {
  /**
   * First values by the names of their flags, for instance of a configuration file. They take precedence over the environment. A text is
   * parsed as `/updateConfig` parses it. For `int64` and `uint64` a safe integer is allowed too, because JSON has no bigint.
   *
   * @defaultValue none
   */
  readonly values?: { readonly [Name in keyof Definitions]?: FirstValueOf<Definitions[Name]> } | undefined;
  /**
   * The environment that the flags with `env` are read from, once.
   *
   * @defaultValue `process.env`
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Validators of several flags together, by name. Each is called with all values as they would be, whenever one is to change, and once
   * with the first values.
   *
   * @returns `true` to accept the values. `false` or a text refuses them, as in `validate`.
   *
   * @defaultValue none
   */
  readonly groupValidators?:
    | Readonly<Record<string, (values: ConfigValuesOf<Definitions>) => boolean | string>>
    | undefined;
}

/** What {@link ConfigRegistryOptions.values} may have for a flag. */
export type FirstValueOf<Definition extends ConfigFlagDefinition> =
  | ConfigValueOf<Definition>
  | string
  | (ConfigValueOf<Definition> extends bigint ? number : never)
  | undefined;

/** Hears the changes of a flag; see {@link ConfigRegistry.onChange}. */
export type ConfigListener<Value> = (value: Value, previous: Value) => MaybePromise<unknown>;

/**
 * The configuration of a process: typed flags, which the application reads and operators see in `/config` and `/configs` and change by
 * `/updateConfig`. The changes are in memory only, as in Pegasus: a restart forgets them.
 */
export interface ConfigRegistry<Definitions extends ConfigFlagDefinitions = ConfigFlagDefinitions>
  extends ConfigSource {
  /**
   * Returns the value of a flag. Cheap enough for a hot path.
   *
   * @throws TypeError if there is no flag of that name.
   */
  get<Name extends keyof Definitions & string>(name: Name): ConfigValueOf<Definitions[Name]>;

  /**
   * Changes a flag, as `/updateConfig` does it for operators.
   *
   * @returns A promise if a listener returned one; see {@link ConfigRegistry.onChange}.
   * @throws TypeError if there is no flag of that name, it is not mutable, or the value is not of its type.
   * @throws PegasusError `ERR_INVALID_PARAMETERS` if a validator refuses the value.
   */
  set<Name extends keyof Definitions & string>(
    name: Name,
    value: ConfigValueOf<Definitions[Name]>,
  ): MaybePromise<void>;

  /**
   * Calls a listener after each change of a flag, by `set` or by `/updateConfig`.
   *
   * - The listener is called at once, before the client has its answer. `get` returns the new value already. Setting the value that the
   *   flag has is no change.
   * - Listeners of a flag are called in the order of their registration. A listener that another one registers hears only later changes.
   * - If a listener returns a promise, the client's answer waits for it. The other listeners and later changes do not.
   * - If a listener throws or rejects, the others are called nevertheless, and the value stays changed. Then `set` throws (or rejects with)
   *   an `AggregateError`. The client of `/updateConfig` gets a 500, and `onError` of the handler gets the error.
   * - Until it returns, a listener must not change a flag: `set` throws `ERR_INVALID_STATE`.
   *
   * @returns A function that removes the listener.
   * @throws TypeError if there is no flag of that name, or the listener is not a function.
   */
  onChange<Name extends keyof Definitions & string>(
    name: Name,
    listener: ConfigListener<ConfigValueOf<Definitions[Name]>>,
  ): () => void;

  /** Returns a flag with its present value; `undefined` if there is none of that name. */
  flag(name: string): ConfigFlag | undefined;

  /** Returns all flags with their present values, sorted by name. The array is the same until a flag changes. */
  flags(): readonly ConfigFlag[];

  /**
   * Parses a text and sets a flag to its value.
   *
   * @param text - Parsed as Pegasus does: `true` and `false` in any case; integers in decimal, after `0x` hexadecimal, after `0` octal.
   * @returns A promise if a listener returned one; see {@link ConfigRegistry.onChange}.
   * @throws PegasusError `ERR_OBJECT_NOT_FOUND` if there is no flag of that name; `ERR_INVALID_PARAMETERS` if the flag is not mutable, the
   *   text is none of its type, or a validator refuses the value. The messages are those of Pegasus.
   */
  update(name: string, text: string): MaybePromise<void>;
}
