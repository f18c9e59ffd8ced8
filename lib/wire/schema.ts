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
  /** The name of the schema in the OpenAPI document. Schemas without a title are written in place. */
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly [documentType]?: Document;
}

/** The TypeScript type of the documents that a schema describes. */
export type DocumentOf<S> = S extends Schema<infer Document> ? Document : never;

type Fields<Key extends string> = Readonly<Record<Key, Schema<string>>>;

/** An object of strings in a fixed order of keys: what a compiled row writer writes. */
export interface RowSchema<Key extends string = string, Columns extends Fields<Key> = Fields<Key>>
  extends Schema<{ readonly [Name in Key]: DocumentOf<Columns[Name]> }> {
  readonly type: 'object';
  readonly properties: Columns;
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

/** Any JSON value. */
export const anyValue: Schema<unknown> = {};

/** Describes a string of a fixed form. */
export function text(pattern: string, description: string): Schema<string> {
  return { type: 'string', pattern, description };
}

/** Describes one of several literals. */
export function literal<const Value extends string>(values: readonly Value[]): Schema<Value> {
  return { type: 'string', enum: values };
}

/** Describes an object of strings. */
export function row<const Key extends string>(...keys: Key[]): RowSchema<Key> {
  return rowOf(Object.fromEntries(keys.map((key) => [key, string])) as Fields<Key>);
}

/** Describes an object of strings with a schema for each. */
export function rowOf<Columns extends Fields<string>>(
  properties: Columns,
): RowSchema<keyof Columns & string, Columns> {
  return { type: 'object', properties, required: Object.keys(properties) };
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

/** Names a schema for the OpenAPI document, and gives an example. */
export function named<S extends Schema>(title: string, schema: S, example?: DocumentOf<S>): S {
  return { ...schema, title, ...(example !== undefined && { examples: [example] }) };
}
