import { clientError } from '../model/errors.js';

/** The declared body of a POST request. */
export interface RequestBody<Value> {
  readonly contentType: string;
  readonly maxBytes: number;
  /** Default: yes. */
  readonly isRequired?: boolean;
  /** The JSON Schema of a JSON body. */
  readonly schema?: object;
  /**
   * Parses the body.
   *
   * @throws `ERR_INVALID_PARAMETERS` that says what is wrong and what is right.
   */
  parse(text: string): Value;
}

/** Describes what is wrong with a body. Ajv gives it. */
interface BodyError {
  /** The JSON pointer of the field; empty for the whole body. */
  readonly instancePath: string;
  readonly keyword: string;
  // biome-ignore lint/suspicious/noExplicitAny: each keyword has parameters of its own.
  readonly params: Readonly<Record<string, any>>;
  readonly message?: string;
}

/** Tells whether a body matches its schema, and keeps what is wrong. Ajv compiles one from each schema (compiled/bodies.ts). */
export interface BodyValidator<Value> {
  (body: unknown): body is Value;
  readonly errors?: readonly BodyError[] | null;
}

/** Declares a JSON body that must match a schema of an object. `validate` is compiled from the schema. */
export function jsonRequestBody<Value>(
  schema: { readonly properties: object },
  validate: BodyValidator<Value>,
  maxBytes = 64 * 1024,
): RequestBody<Value> {
  return {
    contentType: 'application/json',
    maxBytes,
    schema,
    parse(text) {
      const value = parseJson(text);
      if (!validate(value)) {
        const [error] = validate.errors as readonly [BodyError];
        throw clientError('ERR_INVALID_PARAMETERS', describeError(error, Object.keys(schema.properties)));
      }
      const repeated = findRepeatedKey(text);
      if (repeated === undefined) return value;
      throw clientError('ERR_INVALID_PARAMETERS', `the body has the field ${repeated.slice(0, 60)} twice`);
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

function describeError(error: BodyError, known: readonly string[]): string {
  const { instancePath, keyword, params, message } = error;
  const field = instancePath === '' ? 'the body' : `"${instancePath.slice(1).replaceAll('/', '.')}"`;
  switch (keyword) {
    case 'additionalProperties': {
      const unknown = String(params['additionalProperty']).slice(0, 60);
      return `${field} has an unknown field "${unknown}", known are ${known.join(', ')}`;
    }
    case 'required':
      return `${field} must have the field "${params['missingProperty']}"`;
    case 'enum':
      return `${field} must be ${(params['allowedValues'] as string[]).join(' or ')}`;
    case 'type':
      return `${field} must be ${/^[aeiou]/.test(params['type']) ? 'an' : 'a'} ${params['type']}`;
    case 'minLength':
      return `${field} shouldn't be empty`;
    default:
      return `${field} ${message}`;
  }
}

/**
 * Returns the first key that one object of a JSON text has twice, with its quotes. `JSON.parse` would take the last value, another server
 * perhaps the first: then a check in between would see other values than the server.
 */
function findRepeatedKey(json: string): string | undefined {
  /** The keys of each object that is open, the innermost last. Keys are followed by a colon, so that arrays need none. */
  const open: Set<string>[] = [];
  for (const [token, key, colon] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g)) {
    if (token === '{') open.push(new Set());
    if (token === '}') open.pop();
    if (key === undefined || colon === undefined) continue;
    const keys = open.at(-1);
    const name = JSON.parse(key) as string;
    if (keys?.has(name)) return key;
    keys?.add(name);
  }
  return undefined;
}
