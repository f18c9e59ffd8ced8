import type { PegasusClientOptions } from '../../client/index.js';
import type { PegasusError } from '../../model/errors.js';

/** Options of {@link remoteCluster}. */
export interface RemoteClusterOptions extends PegasusClientOptions {
  /**
   * How old an answer may be before the cluster is asked again, in milliseconds.
   *
   * @defaultValue 1,000
   */
  readonly maxAgeMs?: number | undefined;
  /**
   * How long the last known state is served while the cluster does not answer, in milliseconds, with an `Age` header. Then requests get
   * 503 `ERR_SERVICE_NOT_ACTIVE`. `Infinity` for no limit, 0 for never.
   *
   * @defaultValue 60,000
   */
  readonly maxStaleMs?: number | undefined;
  /**
   * Whether this handler redirects its clients to the primary meta server, as a backup does. A function takes the primary's
   * `host:port` and returns the base URL of its HTTP interface, without a user, a query or a fragment.
   *
   * @defaultValue `false`: this handler answers by itself
   */
  readonly redirectToPrimary?: boolean | ((address: string) => string) | undefined;
  /**
   * The server whose version, perf counters, metrics, configuration and replicas the source has, `host:port`. It may be a meta server, a
   * replica server or a collector.
   *
   * @defaultValue none, so that the source has only the meta state
   */
  readonly server?: string | undefined;
  /**
   * Whether the source has the operations that change the cluster: bulk load, compaction, usage scenario, configuration. Each is sent
   * once. The handler needs `authorize` for them.
   *
   * @defaultValue `false`
   */
  readonly writes?: boolean | undefined;
  /** Called once for each outage of the cluster, at once. Exceptions from this function are ignored. */
  readonly onError?: ((error: PegasusError) => void) | undefined;
  /**
   * Called once after each outage, when it is over. Exceptions from this function are ignored.
   *
   * @param message - What is back, as a sentence for a log.
   */
  readonly onRecover?: ((message: string) => void) | undefined;
}
