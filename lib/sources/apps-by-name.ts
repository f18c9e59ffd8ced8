import type { App } from '../model/cluster.js';

/** The table that each name stands for: the one in use, else the one dropped last. */
export function indexByName(apps: readonly App[]): Map<string, App> {
  const inUse = apps.filter((app) => app.status !== 'DROPPED');
  const dropped = apps.filter((app) => app.status === 'DROPPED');
  return new Map([...dropped, ...inUse].map((app) => [app.appName, app]));
}
