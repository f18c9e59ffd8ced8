import { BASE } from './request.js';

/** A cluster that the page lists: its name, and the mount path of its handler as a URL. */
export interface ListedCluster {
  readonly name: string;
  readonly url: URL;
}

/** The clusters that `webConsole()` was given. */
export const CLUSTERS: readonly ListedCluster[] = readClusters();

function readClusters(): readonly ListedCluster[] {
  const content = document.querySelector('meta[name="pegasus-clusters"]')?.getAttribute('content');
  const listed = JSON.parse(content || '[]') as readonly { name: string; path: string }[];
  return listed.map(({ name, path }) => ({ name, url: new URL(path.replace(/\/?$/, '/'), BASE) }));
}
