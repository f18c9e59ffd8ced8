import { setTimeout } from 'node:timers/promises';

/**
 * A meta state that takes its time, as one behind a network does.
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
      async app(name, call) {
        await setTimeout(delayMs, undefined, { signal: call.signal });
        return metaState.app(name, call);
      },
      async cluster(call) {
        await setTimeout(delayMs, undefined, { signal: call.signal });
        return metaState.cluster(call);
      },
    },
  };
}
