import { writeConfigFlag } from '../../compiled/rows.js';
import { type ConfigFlag, type ConfigFlagType, INTEGER_RANGES } from '../../model/config.js';
import { boolean, fixed2, type JsonSafe, jsonText, oneOf } from '../../render/format.js';
import { describeValue } from '../../validate/describe-value.js';

const WIRE_TYPES: Readonly<Record<ConfigFlagType, string>> = {
  bool: 'FV_BOOL',
  int32: 'FV_INT32',
  uint32: 'FV_UINT32',
  int64: 'FV_INT64',
  uint64: 'FV_UINT64',
  double: 'FV_DOUBLE',
  string: 'FV_STRING',
};

const TYPES = Object.keys(WIRE_TYPES) as ConfigFlagType[];

/** Renders one flag as a JSON object. */
export function renderFlag(flag: ConfigFlag): string {
  oneOf(flag.type, TYPES, 'type');
  return writeConfigFlag({
    name: jsonText(flag.name, 'name'),
    section: jsonText(flag.section, 'section'),
    type: WIRE_TYPES[flag.type] as JsonSafe,
    // admin-cli compares the whole text.
    tags: (boolean(flag.isMutable, 'isMutable') === 'true' ? 'flag_tag::FT_MUTABLE' : '') as JsonSafe,
    description: jsonText(flag.description, 'description'),
    value: flagValue(flag),
  });
}

function flagValue(flag: ConfigFlag): JsonSafe {
  switch (flag.type) {
    case 'bool':
      return boolean(flag.value, 'value');
    case 'double':
      return fixed2(flag.value, 'value');
    case 'string':
      return jsonText(flag.value, 'value');
    default:
      return integer(flag.value, flag.type);
  }
}

function integer(value: number | bigint, type: keyof typeof INTEGER_RANGES): JsonSafe {
  const [minimum, maximum] = INTEGER_RANGES[type];
  const isOfType = typeof minimum === 'bigint' ? typeof value === 'bigint' : Number.isInteger(value);
  if (isOfType && value >= minimum && value <= maximum) return String(value) as JsonSafe;
  const kind = typeof minimum === 'bigint' ? 'a bigint' : 'an integer';
  throw new TypeError(
    `value of type ${type} must be ${kind} from ${minimum} to ${maximum}, not ${describeValue(value)}`,
  );
}
