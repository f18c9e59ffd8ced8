import { COMPATIBILITIES, type Compatibility } from '../../model/enums.js';

/** Creates one value for each version that the documents can be compatible with. */
export function byCompatibility<Value>(
  create: (compatibility: Compatibility) => Value,
): Readonly<Record<Compatibility, Value>> {
  const entries = COMPATIBILITIES.map((compatibility) => [compatibility, create(compatibility)] as const);
  return Object.fromEntries(entries) as Record<Compatibility, Value>;
}
