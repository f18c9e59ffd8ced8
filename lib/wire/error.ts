import { row } from './schema.js';

/** The body of every error response. */
export const error = row('error', 'message');
