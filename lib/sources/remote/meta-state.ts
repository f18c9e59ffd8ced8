import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterOverview, PegasusClient } from '../../client/index.js';
import type { Cluster, MetaRole } from '../../model/cluster.js';
import { chain, isPromiseLike, type MaybePromise } from '../../model/maybe-promise.js';
import type { MetaStateSource } from '../../model/source.js';
import type { CachedRead } from './cached-read.js';
import { clusterView } from './cluster-view.js';
import { metaOperations } from './operations.js';
import type { Reads } from './reads.js';
import type { ResolvedRemoteOptions } from './resolve-options.js';
import { createTables } from './tables.js';

/** How long a new primary has to list all tables, before it is believed that some were dropped. */
const CONFIRM_MS = 500;

/** The meta state of a running cluster, and what the source itself needs of it. */
export interface RemoteMetaState {
  readonly metaState: MetaStateSource;
  /** The read of the whole cluster. */
  readonly listing: CachedRead<Cluster>;
  /** Returns the server that answered last. */
  primary(): string | undefined;
}

/** Makes a {@link RemoteMetaState}. */
export function createMetaState(
  { meta }: PegasusClient,
  reads: Reads,
  options: ResolvedRemoteOptions,
): RemoteMetaState {
  const { primaryUrl, maxAgeMs, writes } = options;
  let last: ClusterOverview | undefined;

  /** Reads the cluster. A new primary that lists fewer tables than the last one is asked again: it may not have read them all. */
  async function readOverview(): Promise<ClusterOverview> {
    const first = await meta.overview();
    const isPartial = last !== undefined && last.server !== first.server && lacksTables(last, first);
    if (isPartial) await sleep(CONFIRM_MS, undefined, { ref: false });
    last = isPartial ? await meta.overview() : first;
    return last;
  }

  let view: Cluster | undefined;
  const listing = reads.one<Cluster>(async () => {
    view = clusterView(view, await readOverview());
    return view;
  });
  const primary = reads.one(() => meta.primary());
  const tables = createTables(meta, reads, listing, maxAgeMs);

  function redirect(): MaybePromise<MetaRole> {
    const none: MetaRole = { role: 'backup', primaryUrl: null };
    const to = (address: string): MetaRole => ({ role: 'backup', primaryUrl: primaryUrl?.(address) ?? null });
    try {
      const found = chain(primary.get(), to);
      return isPromiseLike(found) ? found.then(undefined, () => none) : found;
    } catch {
      return none;
    }
  }

  return {
    metaState: {
      role: primaryUrl === undefined ? () => ({ role: 'primary' }) : redirect,
      app: tables.app,
      appEnvs: tables.appEnvs,
      cluster: listing.get,
      staleSince: (_, answer) => reads.staleSince(answer),
      ...metaOperations(meta, reads, writes),
    },
    listing,
    primary: () => last?.server,
  };
}

function lacksTables(old: ClusterOverview, fresh: ClusterOverview): boolean {
  const listed = new Set(fresh.apps.map(({ appId }) => appId));
  return old.apps.some(({ appId }) => !listed.has(appId));
}
