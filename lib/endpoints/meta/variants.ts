import type { Compatibility } from '../../model/enums.js';

/**
 * Names the cached bodies of an endpoint by compatibility. Constants, because V8 computes the hash of a text that is composed for each
 * request anew, which takes a tenth of a cached response.
 */
export function variantsOf(name: string): Readonly<Record<Compatibility, string>> {
  return { '2.5': `${name} 2.5`, '2.6': `${name} 2.6` };
}
