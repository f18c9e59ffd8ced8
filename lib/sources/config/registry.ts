import type { ConfigFlag } from '../../model/config.js';
import { invalidParameters, PegasusError } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { describeValue } from '../../validate/describe-value.js';
import { readOptions } from '../../validate/options.js';
import { unknownKey } from '../../validate/unknown-key.js';
import { assertObject, checkDefinitions, describeType, isValueOf, mistake } from './definition.js';
import { firstValues } from './first-values.js';
import { createListeners } from './listeners.js';
import { parseValue } from './parse-value.js';
import type {
  ConfigFlagDefinition,
  ConfigFlagDefinitions,
  ConfigRegistry,
  ConfigRegistryOptions,
} from './types.js';
import { runGroupValidators, runValidator } from './validators.js';

/**
 * Creates a {@link ConfigRegistry}: the part `config` of a source.
 *
 * @param definitions - The flags by name.
 * @throws TypeError if a definition or an option is wrong.
 * @throws PegasusError `ERR_INVALID_PARAMETERS` if a first value is malformed or a validator refuses it.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { configRegistry, createPegasusHandler } from 'pegasus-http';
 *
 * const config = configRegistry({
 *   max_batch_size: {
 *     type: 'uint32',
 *     section: 'orders',
 *     description: 'Maximum number of orders that are sent at once.',
 *     default: 100,
 *     isMutable: true,
 *     validate: (value) => value > 0 || 'max_batch_size must be positive',
 *     env: 'MAX_BATCH_SIZE',
 *   },
 *   data_dir: { type: 'string', section: 'orders', description: 'Where orders are kept.', default: '/var/lib/orders' },
 * });
 *
 * const batchSize: number = config.get('max_batch_size');
 * config.onChange('max_batch_size', (value, previous) => console.log(`from ${previous} to ${value}`));
 *
 * createServer(createPegasusHandler({ config }, { authorize: () => 'allow' })).listen(34801, '127.0.0.1');
 * // curl 'http://127.0.0.1:34801/updateConfig?max_batch_size=200'
 * console.log(batchSize);
 * ```
 */
export function configRegistry<const Definitions extends ConfigFlagDefinitions>(
  definitions: Definitions,
  options: ConfigRegistryOptions<Definitions> = {},
): ConfigRegistry<Definitions> {
  checkDefinitions(definitions);
  const known = ['values', 'env', 'groupValidators'];
  const { groupValidators = {} } = readOptions('configRegistry', options, known, (given) => {
    return given as ConfigRegistryOptions<ConfigFlagDefinitions>;
  });
  assertObject(groupValidators, 'groupValidators');
  for (const [name, validator] of Object.entries(groupValidators)) {
    if (typeof validator === 'function') continue;
    throw mistake(`group validator "${name}" must be a function, not ${describeValue(validator)}`);
  }
  // Later changes of the objects that were passed have no effect.
  const defined = new Map(Object.entries(definitions).map(([name, one]) => [name, { ...one }]));
  const names = [...defined.keys()].sort();
  const values = firstValues(defined, options);
  const listeners = createListeners();
  let flags: readonly ConfigFlag[] | undefined;

  validateGroups(values);

  function validateGroups(candidates: ReadonlyMap<string, unknown>): void {
    runGroupValidators(groupValidators, Object.fromEntries(candidates) as Record<string, never>);
  }

  function definitionOf(name: string): ConfigFlagDefinition {
    const definition = defined.get(name);
    if (definition !== undefined) return definition;
    if (typeof name !== 'string') throw mistake(`a flag has a name, not ${describeValue(name)}`);
    throw mistake(unknownKey({ [name]: undefined }, names, 'flag') ?? `unknown flag "${name}"`);
  }

  function change(name: string, definition: ConfigFlagDefinition, value: unknown): MaybePromise<void> {
    runValidator(name, definition, value);
    validateGroups(new Map(values).set(name, value));
    const previous = values.get(name);
    if (value === previous) return undefined;
    values.set(name, value);
    flags = undefined;
    return listeners.notify(name, value, previous);
  }

  function toFlag(name: string): ConfigFlag | undefined {
    const definition = defined.get(name);
    if (definition === undefined) return undefined;
    const { type, section, description, isMutable = false } = definition;
    return Object.freeze({
      name,
      section,
      type,
      description,
      isMutable,
      value: values.get(name),
    }) as ConfigFlag;
  }

  const registry: ConfigRegistry = {
    get(name) {
      const value = values.get(name);
      if (value === undefined) definitionOf(name);
      return value as never;
    },

    set(name, value) {
      listeners.assertIdle();
      const definition = definitionOf(name);
      if (!definition.isMutable) throw mistake(`${name} is not mutable`);
      if (isValueOf(definition.type, value)) return change(name, definition, value);
      throw mistake(`flag "${name}" must be ${describeType(definition.type)}, not ${describeValue(value)}`);
    },

    onChange(name, listener) {
      definitionOf(name);
      if (typeof listener === 'function') return listeners.add(name, listener);
      throw mistake(`the listener of flag "${name}" must be a function, not ${describeValue(listener)}`);
    },

    flag: toFlag,

    flags() {
      flags ??= Object.freeze(names.map((name) => toFlag(name) as ConfigFlag));
      return flags;
    },

    update(name, text) {
      listeners.assertIdle();
      const definition = defined.get(name);
      if (definition === undefined) throw new PegasusError('ERR_OBJECT_NOT_FOUND', `${name} is not found`);
      if (!definition.isMutable) throw invalidParameters(`${name} is not mutable`);
      const value = parseValue(definition.type, text);
      if (value === undefined) throw invalidParameters(`${text} is invalid`);
      return change(name, definition, value);
    },
  };
  return registry as unknown as ConfigRegistry<Definitions>;
}
