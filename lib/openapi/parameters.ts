import type { Param, Params } from '../routing/params.js';

/** Describes query parameters. */
export function describeParameters(params: Params): object[] {
  return Object.entries(params).map(([name, param]) => ({
    name,
    in: 'query',
    required: param.isRequired,
    ...(param.type === 'flag' && { allowEmptyValue: true }),
    ...serialization(param),
    schema: schemaOf(param),
  }));
}

/** Returns how several values are written. By default they repeat the parameter. */
function serialization({ type }: Param<unknown>): object {
  switch (type) {
    case 'list':
      return { style: 'form', explode: false };
    case 'repeated':
    case 'rest':
      return { style: 'form', explode: true };
    default:
      return {};
  }
}

function schemaOf({ type, isRequired, values, minimum, maximum }: Param<unknown>): object {
  switch (type) {
    case 'flag':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer', minimum, maximum };
    case 'enum':
      return { type: 'string', enum: values };
    case 'list':
    case 'repeated':
      return { type: 'array', items: { type: 'string' } };
    case 'rest':
      return { type: 'object', additionalProperties: { type: 'string' } };
    default:
      return { type: 'string', ...(isRequired && { minLength: 1 }) };
  }
}
