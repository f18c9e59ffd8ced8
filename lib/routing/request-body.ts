import { Ajv, type ErrorObject, type JSONSchemaType } from 'ajv';
import { clientError } from '../model/errors.js';

/** The declared body of a POST request. */
export interface RequestBody<Value> {
  readonly contentType: string;
  readonly maxBytes: number;
  /** The JSON Schema of a JSON body. */
  readonly schema?: object;
  /**
   * Parses the body.
   *
   * @throws `ERR_INVALID_PARAMETERS` that says what is wrong and what is right.
   */
  parse(text: string): Value;
}

const ajv = new Ajv({ strict: true });

/** Declares a JSON body that must match a schema. */
export function jsonRequestBody<Value>(
  schema: JSONSchemaType<Value>,
  maxBytes = 64 * 1024,
): RequestBody<Value> {
  const validate = ajv.compile(schema);
  return {
    contentType: 'application/json',
    maxBytes,
    schema,
    parse(text) {
      const value = parseJson(text);
      if (validate(value)) return value;
      const [error] = validate.errors as [ErrorObject];
      throw clientError('ERR_INVALID_PARAMETERS', describeError(error));
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw clientError('ERR_INVALID_PARAMETERS', `the body must be JSON: ${(error as Error).message}`);
  }
}

function describeError({ instancePath, keyword, params, message }: ErrorObject): string {
  const field = instancePath === '' ? 'the body' : `"${instancePath.slice(1).replaceAll('/', '.')}"`;
  if (keyword === 'additionalProperties') {
    return `${field} has an unknown field "${String(params['additionalProperty']).slice(0, 60)}"`;
  }
  const allowed = keyword === 'enum' ? `: ${(params['allowedValues'] as string[]).join(', ')}` : '';
  return `${field} ${message}${allowed}`;
}
