import type { MetaClient } from '../../client/index.js';
import type { App, Cluster } from '../../model/cluster.js';
import { chain, type MaybePromise } from '../../model/maybe-promise.js';
import { appFinder } from '../apps-by-name.js';
import type { CachedRead } from './cached-read.js';
import { appView, shareApp, shareEnvs } from './cluster-view.js';
import type { Reads } from './reads.js';

/** Reads tables by their names. */
export interface Tables {
  app(name: string): MaybePromise<App | undefined>;
  appEnvs(name: string): MaybePromise<App['envs'] | undefined>;
}

/** Maximum number of tables whose answers are kept. */
const MAX_TABLES = 2_000;

/** How many names that no table has are asked for in `maxAgeMs`. A table that is being made is not listed yet. */
const MAX_UNLISTED = 4;

/**
 * Makes {@link Tables}. A table that is asked for costs one request in `maxAgeMs`. Names that the cluster does not list cost next to
 * nothing, whatever clients ask for.
 */
export function createTables(
  meta: MetaClient,
  reads: Reads,
  listing: CachedRead<Cluster>,
  maxAgeMs: number,
): Tables {
  const find = appFinder();
  let none: { readonly of: Cluster; readonly envs: App['envs'] } | undefined;
  let unlisted = { since: Number.NEGATIVE_INFINITY, count: 0 };

  const apps = reads.keyed<App | undefined>(
    MAX_TABLES,
    async (name) => {
      const app = await meta.app(name);
      if (app === undefined) return undefined;
      const known = listing.kept();
      const row = known && find(known.value.apps, name);
      // A table that was made a moment ago may be missing from the list. Its times are then unknown.
      return appView(app, row?.appId === app.appId ? row : undefined);
    },
    (old, fresh) => fresh && shareApp(old, fresh),
  );

  const envs = reads.keyed<App['envs']>(MAX_TABLES, (name) => meta.appEnvs(name), shareEnvs);

  /** Returns the environment variables of a table that has none, one object for each state of the cluster. */
  function noEnvs(cluster: Cluster): App['envs'] {
    if (none?.of !== cluster) none = { of: cluster, envs: reads.derive(Object.freeze({}), cluster) };
    return none.envs;
  }

  /** Whether a name that is not listed may be asked for now. */
  function mayAskUnlisted(): boolean {
    if (performance.now() - unlisted.since >= maxAgeMs) unlisted = { since: performance.now(), count: 0 };
    unlisted.count += 1;
    return unlisted.count <= MAX_UNLISTED;
  }

  function listedEnvs(name: string): MaybePromise<App['envs'] | undefined> {
    return chain(listing.get(), (cluster) => {
      const app = find(cluster.apps, name);
      if (app === undefined) return undefined;
      return app.envCount === 0 ? noEnvs(cluster) : envs.of(name).get();
    });
  }

  return {
    app(name) {
      const known = apps.find(name);
      if (known?.kept()?.value !== undefined) return known.get();
      return chain(listing.get(), (cluster) => {
        if (find(cluster.apps, name) !== undefined || mayAskUnlisted()) return apps.of(name).get();
        return undefined;
      });
    },
    appEnvs(name) {
      const known = envs.find(name);
      if (isEmpty(known?.kept()?.value)) return listedEnvs(name);
      // A table without environment variables and no table look alike.
      return chain(envs.of(name).get(), (found) => (isEmpty(found) ? listedEnvs(name) : found));
    },
  };
}

function isEmpty(envs: App['envs'] | undefined): boolean {
  return envs === undefined || Object.keys(envs).length === 0;
}
