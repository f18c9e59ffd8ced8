import type { Schema } from '../wire/schema.js';

/** Any JSON Schema, also of a request body. */
export type JsonSchema = Schema | object;

/** The schemas of a document: named ones are written once and referenced. */
export interface SchemaComponents {
  /** The named schemas that {@link SchemaComponents.write} has met. */
  readonly schemas: Readonly<Record<string, object>>;
  /** Writes a schema: a reference if it has a title, else the schema with its parts written. */
  write(schema: JsonSchema): object;
}

/** Creates an empty set of schemas. */
export function createSchemaComponents(): SchemaComponents {
  const schemas: Record<string, object> = {};
  const sources = new Map<string, JsonSchema>();

  function write(schema: JsonSchema): object {
    const { title, ...rest } = schema as Schema;
    if (title === undefined) return writeParts(rest);
    const known = sources.get(title);
    if (known !== undefined && known !== schema) throw new TypeError(`two schemas have the title ${title}`);
    if (known === undefined) {
      sources.set(title, schema);
      schemas[title] = writeParts(rest);
    }
    return { $ref: `#/components/schemas/${title}` };
  }

  function writeParts(schema: object): object {
    const written = Object.entries(schema).map(([key, value]) => [key, writeKeyword(key, value)]);
    const { nullable, ...rest } = Object.fromEntries(written);
    // `nullable` is of ajv. JSON Schema 2020-12, which OpenAPI 3.1 takes, has a type for it.
    return nullable === true && rest.type !== undefined ? { ...rest, type: [rest.type, 'null'] } : rest;
  }

  function writeKeyword(key: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    switch (key) {
      case 'items':
      case 'additionalProperties':
        return write(value);
      case 'properties':
        return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, write(part)]));
      case 'anyOf':
      case 'oneOf':
      case 'allOf':
        return (value as JsonSchema[]).map(write);
      default:
        return value;
    }
  }

  return { schemas, write };
}
