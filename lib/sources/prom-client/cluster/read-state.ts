import type { Cluster } from '../../../model/cluster.js';
import { PegasusError } from '../../../model/errors.js';
import type { MetaStateSource } from '../../../model/source.js';

/** A snapshot, and how old it is. */
export interface ReadState {
  readonly cluster: Cluster;
  readonly ageSeconds: number;
}

/**
 * Makes a function that reads the state of a cluster within a time limit. While a call is pending beyond the limit, the source is not
 * called again.
 *
 * @returns A function that rejects with the error of the source, or with `ERR_TIMEOUT`.
 */
export function createStateReader(metaState: MetaStateSource, timeoutMs: number): () => Promise<ReadState> {
  let pending: Promise<ReadState> | undefined;

  async function start(signal: AbortSignal): Promise<ReadState> {
    const cluster = await metaState.cluster({ signal });
    const since = await metaState.staleSince?.({ signal }, cluster);
    return { cluster, ageSeconds: since == null ? 0 : Math.max(0, Date.now() / 1_000 - since) };
  }

  const tooLate = () =>
    new PegasusError(
      'ERR_TIMEOUT',
      `the source has not given the state of the cluster within ${timeoutMs} ms`,
    );

  return async () => {
    if (pending !== undefined) throw tooLate();
    const controller = new AbortController();
    const done = () => {
      pending = undefined;
    };
    const started = start(controller.signal);
    pending = started;
    started.then(done, done);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = tooLate();
        reject(error);
        controller.abort(error);
      }, timeoutMs);
    });
    try {
      return await Promise.race([started, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
