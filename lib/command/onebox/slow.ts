import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterSource, MetaStateSource, SourceContext } from '../../index.js';

/** Delays the answers of a meta state, as a network would. */
export function delayed(source: ClusterSource, delayMs: number): ClusterSource {
  const { metaState } = source;
  if (delayMs === 0 || metaState === undefined) return source;
  const slow: Record<string, unknown> = { ...metaState };
  for (const [name, call] of Object.entries(metaState)) {
    // The role is known without a call to another server.
    if (name === 'role' || typeof call !== 'function') continue;
    slow[name] = async (...args: unknown[]) => {
      const { signal } = args.at(-1) as SourceContext;
      await sleep(delayMs, undefined, { signal });
      return call(...args);
    };
  }
  return { ...source, metaState: slow as unknown as MetaStateSource };
}
