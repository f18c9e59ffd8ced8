/**
 * Describes the JSON documents of the interface: key order for the row writers, types for clients, JSON Schema for OpenAPI.
 *
 * @module
 */

declare const documentType: unique symbol;

type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';

/** The JSON Schema of a document. `Document` is its TypeScript type. */
export interface Schema<Document = unknown> {
  readonly type?: JsonType;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly [documentType]?: Document;
}

/** The TypeScript type of the documents that a schema describes. */
export type DocumentOf<S> = S extends Schema<infer Document> ? Document : never;

/** An object of strings in a fixed order of keys: what a compiled row writer writes. */
export interface RowSchema<Key extends string = string> extends Schema<Readonly<Record<Key, string>>> {
  readonly type: 'object';
  readonly properties: Readonly<Record<Key, Schema<string>>>;
  readonly required: readonly Key[];
}

type Properties = Readonly<Record<string, Schema>>;

type ObjectOf<Required extends Properties, Optional extends Properties> = {
  readonly [Key in keyof Required]: DocumentOf<Required[Key]>;
} & { readonly [Key in keyof Optional]?: DocumentOf<Optional[Key]> };

/** A JSON string. Pegasus prints almost every value as one, numbers too. */
export const string: Schema<string> = { type: 'string' };

/** A JSON number. */
export const number: Schema<number> = { type: 'number' };

/** A JSON number without a fraction. */
export const integer: Schema<number> = { type: 'integer' };

/** `true` or `false`. */
export const boolean: Schema<boolean> = { type: 'boolean' };

/** Describes an object of strings. */
export function row<const Key extends string>(...keys: Key[]): RowSchema<Key> {
  const properties = Object.fromEntries(keys.map((key) => [key, string])) as Record<Key, Schema<string>>;
  return { type: 'object', properties, required: keys };
}

/** Describes an object with keys that are always there and keys that may be absent. */
export function object<Required extends Properties, Optional extends Properties = Record<never, never>>(
  required: Required,
  optional: Optional = {} as Optional,
): Schema<ObjectOf<Required, Optional>> {
  return { type: 'object', properties: { ...required, ...optional }, required: Object.keys(required) };
}

/** Describes an object whose keys are data, such as partition indexes or addresses. */
export function mapOf<Value>(value: Schema<Value>): Schema<Readonly<Record<string, Value>>> {
  return { type: 'object', additionalProperties: value };
}

/** Describes an array. */
export function arrayOf<Value>(items: Schema<Value>): Schema<readonly Value[]> {
  return { type: 'array', items };
}

/** Describes one of several documents. */
export function anyOf<Members extends readonly Schema[]>(
  ...members: Members
): Schema<DocumentOf<Members[number]>> {
  return { anyOf: members };
}

/** Describes a value that may be `null`. */
export function nullable<Value>(value: Schema<Value>): Schema<Value | null> {
  return { anyOf: [value, { type: 'null' }] };
}
