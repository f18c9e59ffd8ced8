import { CLUSTERS } from './clusters.js';
import type { ViewName } from './icons.js';
import type { Listing } from './wire.js';

/** What a view requests; a server that does not have the path has no such view. */
const PATHS: Record<ViewName, string | undefined> = {
  clusters: undefined,
  cluster: '/meta/cluster',
  tables: '/meta/apps',
  nodes: '/meta/nodes',
  counters: '/perfCounter',
  metrics: '/metrics',
  profile: '/pprof/profile',
  config: '/configs',
  api: undefined,
};

/** Tells whether the server lists a path. Without a listing the page assumes that the server has it. */
export function hasPath(listing: Listing | undefined, path: string): boolean {
  return listing === undefined || Object.hasOwn(listing, path);
}

/** Returns the views of a server, in the order of the navigation. */
export function viewsOf(listing: Listing | undefined): readonly ViewName[] {
  return (Object.keys(PATHS) as ViewName[]).filter((view) => {
    if (view === 'clusters') return CLUSTERS.length > 0;
    const path = PATHS[view];
    return path === undefined || hasPath(listing, path);
  });
}

/** Returns the view of the page without a fragment: the cluster of the server, else the list of clusters, else what it has. */
export function firstViewOf(views: readonly ViewName[]): ViewName {
  return views.includes('cluster') ? 'cluster' : (views[0] ?? 'api');
}
