import type { Upstream } from './upstream.js';
import { codeOf } from './upstream.js';

/** Whether one cluster has a state that is not too old. */
export interface ClusterReadiness {
  readonly ready: boolean;
  /** Age of the state in seconds; absent if there is none. */
  readonly ageSeconds?: number;
  /** Why it is not ready. It names no address, because /readyz needs no credentials. */
  readonly reason?: string;
}

/** How long a cluster may take to answer. Kubernetes waits a second by default, so a probe needs `timeoutSeconds: 3`. */
const TIMEOUT_MS = 2_000;

/**
 * Asks a cluster for its state. The answer comes from the cache of the source, as for clients.
 *
 * @param maxAgeMs - How old the state may be.
 */
export async function readinessOf({ source }: Upstream, maxAgeMs: number): Promise<ClusterReadiness> {
  const { metaState } = source;
  const controller = new AbortController();
  const context = { signal: controller.signal };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new DOMException(`no answer in ${TIMEOUT_MS} ms`, 'TimeoutError');
    timer = setTimeout(() => reject(error), TIMEOUT_MS);
  });
  try {
    const since = await Promise.race([
      (async () => {
        const cluster = await metaState.cluster(context);
        return (await metaState.staleSince?.(context, cluster)) ?? undefined;
      })(),
      late,
    ]);
    const ageSeconds = since === undefined ? 0 : Math.max(0, Math.round(Date.now() / 1_000 - since));
    if (ageSeconds * 1_000 <= maxAgeMs) return { ready: true, ageSeconds };
    return { ready: false, ageSeconds, reason: `the state is ${ageSeconds} s old` };
  } catch (error) {
    return { ready: false, reason: reasonOf(error) };
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException) return error.message;
  const { code = 'ERR_UNKNOWN' } = codeOf(error);
  return `the cluster does not answer (${code})`;
}
