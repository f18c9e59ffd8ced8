import type { MetaStateSource } from '../model/source.js';
import { OPTIONAL_METHODS } from '../validate/source.js';

type Functions = Record<string, ((...args: readonly unknown[]) => unknown) | undefined>;

/**
 * Returns a source that calls another one, for wrappers that replace some of its functions. It has exactly the optional functions that
 * the other one has, because an endpoint whose function is missing does not exist.
 */
export function forwardMetaState(source: MetaStateSource): MetaStateSource {
  const functions = source as unknown as Functions;
  const optional = OPTIONAL_METHODS.metaState.filter((name) => functions[name] !== undefined);
  const forwarded = ['role', 'app', 'cluster', ...optional].map((name) => [
    name,
    // By way of the source, whose functions may use `this` or be replaced later.
    (...args: readonly unknown[]) => functions[name]?.(...args),
  ]);
  return Object.fromEntries(forwarded);
}
