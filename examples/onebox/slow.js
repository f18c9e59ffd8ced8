import { setTimeout } from 'node:timers/promises';

/**
 * Delays the answers of a meta state, as a network would.
 *
 * @param {import('pegasus-http').ClusterSource} source
 * @param {number} delayMs
 * @returns {import('pegasus-http').ClusterSource}
 */
export function delayed(source, delayMs) {
  const { metaState } = source;
  if (delayMs === 0 || metaState === undefined) return source;
  /** @type {Record<string, unknown>} */
  const slow = { ...metaState };
  for (const [name, call] of Object.entries(metaState)) {
    // The role is known without a call to another server.
    if (name === 'role' || typeof call !== 'function') continue;
    slow[name] = async (/** @type {unknown[]} */ ...args) => {
      const { signal } = /** @type {import('pegasus-http').SourceContext} */ (args.at(-1));
      await setTimeout(delayMs, undefined, { signal });
      return call(...args);
    };
  }
  return {
    ...source,
    metaState: /** @type {import('pegasus-http').MetaStateSource} */ (/** @type {unknown} */ (slow)),
  };
}
