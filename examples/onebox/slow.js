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
  return {
    ...source,
    metaState: {
      role: metaState.role,
      async app(name, context) {
        await setTimeout(delayMs, undefined, { signal: context.signal });
        return metaState.app(name, context);
      },
      async cluster(context) {
        await setTimeout(delayMs, undefined, { signal: context.signal });
        return metaState.cluster(context);
      },
    },
  };
}
