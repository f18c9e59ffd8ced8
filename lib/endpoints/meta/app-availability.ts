import type { App } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import { oneOf } from '../../render/format.js';
import { param } from '../../routing/params.js';

/** The parameter `name` of endpoints about one table. */
export const appNameParam = param.requiredString('app_name', "app name shouldn't be empty");

/** Whether a table exists and is available. */
export function isAvailable(app: App | null | undefined): app is App {
  return app != null && oneOf(app.status, APP_STATUSES, 'status') === 'AVAILABLE';
}

/**
 * Creates the error of a table that is not available. Return it as a value: many clients ask for tables that do not exist, and throwing
 * would cost more than the rest of the response.
 */
export function notAvailable(app: App | null | undefined, name: string): PegasusError {
  switch (app?.status) {
    case 'CREATING':
    case 'RECALLING':
      return clientError('ERR_BUSY_CREATING', `table is being created: "${name}"`);
    case 'DROPPING':
      return clientError('ERR_BUSY_DROPPING', `table is being dropped: "${name}"`);
    default:
      return tableNotFound(name);
  }
}

/** Creates the error of a table that does not exist. */
export function tableNotFound(name: string): PegasusError {
  return clientError('ERR_OBJECT_NOT_FOUND', `table not found: "${name}"`);
}
