import { ERROR_CODES } from '../model/errors.js';
import { type DocumentOf, literal, named, rowOf, string } from './schema.js';

/** The body of every error response. */
export const error = named('Error', rowOf({ error: literal(ERROR_CODES), message: string }), {
  error: 'ERR_OBJECT_NOT_FOUND',
  message: 'table not found: "nope"',
});

/** The document of every error response. */
export type ErrorDocument = DocumentOf<typeof error>;
