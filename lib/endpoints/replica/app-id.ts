import { param } from '../../routing/params.js';

/** The parameter of endpoints about the replicas of one table: a positive int32 in Pegasus. */
export const appIdParam = param.requiredInteger('app_id', 0, 2 ** 31 - 1);
