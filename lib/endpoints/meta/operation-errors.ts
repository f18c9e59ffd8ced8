import { clientError, type PegasusError } from '../../model/errors.js';

/** Returns the error for a feature that the configuration of the cluster switches off. */
export function featureDisabled(feature: 'duplication' | 'cold backup' | 'bulk load'): PegasusError {
  return clientError('ERR_OBJECT_NOT_FOUND', `${feature} is not enabled`);
}
