import type { App } from '../contracts.js';
import { PegasusError } from '../errors.js';
import { ascending, literal } from '../text/format.js';
import { APP_STATUSES } from '../vocabulary.js';

/** The app that may be shown, else the error that says why not. */
export function availableApp(app: App | null | undefined, asked: string): App {
  if (app == null) throw new PegasusError('ERR_OBJECT_NOT_FOUND', `table not found: "${asked}"`);
  switch (literal(app.status, APP_STATUSES, 'status')) {
    case 'AVAILABLE':
      return app;
    case 'CREATING':
    case 'RECALLING':
      throw new PegasusError('ERR_BUSY_CREATING', `table is being created: "${asked}"`);
    case 'DROPPING':
      throw new PegasusError('ERR_BUSY_DROPPING', `table is being dropped: "${asked}"`);
    default:
      throw new PegasusError('ERR_OBJECT_NOT_FOUND', `table not found: "${asked}"`);
  }
}

/** The apps that are listed and counted. */
export function availableApps(apps: readonly App[]): App[] {
  ascending(apps, (app) => app.appId, 'appId');
  return apps.filter((app) => literal(app.status, APP_STATUSES, 'status') === 'AVAILABLE');
}
