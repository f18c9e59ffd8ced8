import type { App } from '../contracts.js';

/** The table that each name stands for: the one in use, else the one dropped last. */
export function namedApps(apps: readonly App[]): Map<string, App> {
  const inUse = apps.filter((app) => app.status !== 'DROPPED');
  const dropped = apps.filter((app) => app.status === 'DROPPED');
  return new Map([...dropped, ...inUse].map((app) => [app.appName, app]));
}
