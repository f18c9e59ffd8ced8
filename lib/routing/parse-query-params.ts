import { parseQuery } from '../http/query.js';
import { clientError, type PegasusError } from '../model/errors.js';
import type { Params } from './params.js';

/** What a route says about its query. */
export interface QueryRules {
  readonly path: string;
  readonly params: Params;
  readonly rejectUnknownParams: boolean;
}

/**
 * Parses a query by its declaration.
 *
 * @throws `ERR_INVALID_PARAMETERS` that says what is wrong and what is right.
 */
export function parseQueryParams(
  { path, params, rejectUnknownParams }: QueryRules,
  rawQuery: string,
  maxQueryParams: number,
): Record<string, unknown> {
  const names = Object.keys(params);
  const declared = names.filter((name) => params[name]?.type !== 'rest');
  const repeatable = names.filter((name) => params[name]?.type === 'repeated');
  const query = parseQuery(rawQuery, maxQueryParams, repeatable);
  if (!query.ok) throw invalidQuery(query.message);
  if (rejectUnknownParams && declared.length === names.length) {
    for (const name of query.parameters.keys()) {
      if (declared.includes(name)) continue;
      throw invalidQuery(
        `unknown parameter "${name}": ${path} takes ${declared.join(' and ') || 'no parameters'}`,
      );
    }
  }
  const values: Record<string, unknown> = {};
  for (const name of names) values[name] = params[name]?.parse(query.parameters, name, declared);
  return values;
}

function invalidQuery(message: string): PegasusError {
  return clientError('ERR_INVALID_PARAMETERS', message);
}
