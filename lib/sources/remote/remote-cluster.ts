import { createPegasusClient, type PegasusClient } from '../../client/index.js';
import { elapsedSince } from '../timestamp.js';
import { createLiveness } from './liveness.js';
import { createMetaState } from './meta-state.js';
import type { RemoteClusterOptions } from './options.js';
import { processParts } from './process-parts.js';
import { createReads } from './reads.js';
import { waitUntilReady } from './ready.js';
import { type ResolvedRemoteOptions, resolveRemoteOptions } from './resolve-options.js';
import type { RemoteCluster } from './types.js';

/**
 * Shows a running Pegasus cluster, from 1.12 to 2.6, over the HTTP interface of its meta servers.
 *
 * A refresh of the cluster costs three requests, however many tables there are. A table that is asked for costs one, its environment
 * variables one more. Nothing is asked while no client asks. Identical questions share one request, and its answer is served for
 * `maxAgeMs`. What did not change stays the same object, so that ETags hold.
 *
 * When the cluster does not answer, the last known state is served up to `maxStaleMs`, with an `Age` header. The tables of a new primary
 * count only when it has read them all.
 *
 * @returns A source. It asks nothing before the first request.
 * @throws TypeError if an option is wrong.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler } from 'pegasus-http';
 * import { remoteCluster } from 'pegasus-http/remote';
 *
 * const cluster = remoteCluster({
 *   servers: '10.0.0.1:34601,10.0.0.2:34601',
 *   onError: (error) => console.warn(error.message),
 *   onRecover: (message) => console.warn(message),
 * });
 * const server = createServer(createPegasusHandler(cluster)).listen(34601, '127.0.0.1');
 *
 * process.once('SIGTERM', async () => {
 *   server.close();
 *   await cluster.close();
 * });
 * ```
 */
export function remoteCluster(options: RemoteClusterOptions): RemoteCluster {
  const resolved = resolveRemoteOptions(options);
  const client = createClient(resolved);
  const closed = new AbortController();
  const reads = createReads(resolved);
  const { metaState, listing, primary } = createMetaState(client, reads, resolved);
  const liveness = reads.one(() => client.meta.cluster());

  async function close(): Promise<void> {
    closed.abort();
    client.close();
  }

  return {
    metaState,
    ...(resolved.server !== undefined &&
      processParts(client.server(resolved.server), reads, resolved.writes)),
    liveness: createLiveness(liveness),
    ready: (timeoutMs) => waitUntilReady(listing.get, closed.signal, timeoutMs),
    upstream() {
      const kept = listing.kept();
      return {
        primary: primary() ?? liveness.kept()?.value.server,
        ageSeconds: kept && elapsedSince(kept.readAt) / 1_000,
        isFailing: reads.isFailing(),
        requests: client.requestCount(),
        failures: reads.failures(),
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Creates the client. Errors about its options name the function that took them. */
function createClient({ client }: ResolvedRemoteOptions): PegasusClient {
  try {
    return createPegasusClient(client);
  } catch (error) {
    const { message } = error as Error;
    throw Object.assign(error as Error, { message: message.replace('createPegasusClient', 'remoteCluster') });
  }
}
