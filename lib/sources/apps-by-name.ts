import type { App } from '../model/cluster.js';

/** Maps each name to its table: the one in use, else the dropped one that comes last. */
export function indexByName(apps: readonly App[]): Map<string, App> {
  const inUse = apps.filter((app) => app.status !== 'DROPPED');
  const dropped = apps.filter((app) => app.status === 'DROPPED');
  return new Map([...dropped, ...inUse].map((app) => [app.appName, app]));
}
