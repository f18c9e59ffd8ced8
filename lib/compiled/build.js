// Compiles the schemas of lib/wire into rows.ts and bodies.ts, so that no process has to load the compilers when it starts.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { build, transform } from 'esbuild';
import fastJson from 'fast-json-stringify';

// Importers of CommonJS differ in what a default export of `__esModule` is.
const require = createRequire(import.meta.url);
const { default: ajvStandalone } = require('ajv/dist/standalone/index.js');
const { default: ucs2length } = require('ajv/dist/runtime/ucs2length.js');
// @ts-expect-error The package has no types of this module, whose methods the compiled code calls.
const Serializer = require('fast-json-stringify/lib/serializer.js');

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WIRE = ['cluster', 'config', 'error', 'meta', 'operations', 'process'];

/** What a file that the build writes says first. */
const HEADER = '// Written by `npm run build:compiled`. Change the schemas in lib/wire, or build.js.';

/**
 * Skips the escaping of fast-json-stringify, which takes 7% of a response of a mutable source (bench/README.md). `JsonSafe` guarantees
 * that the text is escaped already.
 */
const ESCAPED_STRING = { type: 'string', format: 'unsafe' };

/** The constants of fast-json-stringify that the compiled functions use. */
const CONSTANTS = { JSON_STR_EMPTY_OBJECT: '"{}"', JSON_STR_END_OBJECT: '"}"' };

/**
 * Compiles all schemas, and returns the text of each file of this folder by its name.
 *
 * @returns {Promise<Record<string, string>>}
 */
export async function compileAll() {
  const [rows, bodies] = await Promise.all([compileRows(), compileBodies()]);
  return { 'rows.ts': rows, 'bodies.ts': bodies };
}

async function compileRows() {
  const modules = await Promise.all(WIRE.map((name) => load(`lib/wire/${name}.ts`)));
  const rows = modules.flatMap((module) => Object.entries(module)).filter(([, schema]) => isRow(schema));
  const functions = await Promise.all(rows.map(([name, { required }]) => compileRow(name, required)));
  return [
    HEADER,
    "import type { RowWriter } from '../render/json.js';",
    `\n${unboundMethod(Serializer, 'asUnsafeString').replace('(str)', '(str: string): string')}`,
    ...functions,
    '',
  ].join('\n');
}

/**
 * Compiles the writer of a row with a line for each key.
 *
 * @param {string} name
 * @param {readonly string[]} keys
 */
async function compileRow(name, keys) {
  const properties = Object.fromEntries(keys.map((key) => [key, ESCAPED_STRING]));
  const code = /** @type {string} */ (
    /** @type {unknown} */ (
      fastJson({ type: 'object', properties, required: [...keys] }, { mode: 'standalone' })
    )
  );
  const [, found] = /\n(\s*function anonymous0[\s\S]*?)\n\s*const main = anonymous0\n/.exec(code) ?? [];
  if (found === undefined) throw new Error('fast-json-stringify has changed the form of its code');
  const options = /** @type {const} */ ({ minifyWhitespace: true, minifySyntax: true, define: CONSTANTS });
  const { code: compiled } = await transform(found, options);
  const type = `RowWriter<${keys.map((key) => `'${key}'`).join(' | ')}>`;
  return `\nexport const write${name[0]?.toUpperCase()}${name.slice(1)}: ${type} = ${compiled
    .replace('function anonymous0(input)', '(input: any) => ')
    .replaceAll(/(?:const|let) value_/g, '\n  $&')
    .trim()};`;
}

async function compileBodies() {
  const schemas = await load('lib/wire/bodies.ts');
  const ajv = new Ajv({ strict: true, code: { source: true, esm: true } });
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  const names = Object.keys(schemas);
  const code = ajvStandalone(ajv, Object.fromEntries(names.map((name) => [name, name]))).replace(
    'require("ajv/dist/runtime/ucs2length").default',
    String(ucs2length),
  );
  if (code.includes('require(')) throw new Error('the validators must import nothing');
  const { code: compiled } = await transform(code, { minifySyntax: true, minifyWhitespace: true });
  const functions = compiled
    .replace('"use strict";', '')
    .replaceAll(/export const (\w)(\w+)=/g, (_, first, rest) => {
      const name = first.toUpperCase() + rest;
      return `\nexport const validate${name}: BodyValidator<wire.${name}> = `;
    })
    .replaceAll(/(?:const schema|function validate)\d/g, '\n$&');
  return [
    HEADER,
    '// @ts-nocheck',
    "import type { BodyValidator } from '../routing/request-body.js';",
    "import type * as wire from '../wire/bodies.js';",
    functions,
  ].join('\n');
}

/**
 * Tells whether a schema describes an object of strings, each required.
 *
 * @param {any} schema
 */
function isRow({ type, properties, required }) {
  if (type !== 'object' || required === undefined) return false;
  const columns = Object.values(properties);
  return columns.length === required.length && columns.every((one) => one.type === 'string');
}

/**
 * Returns a method that does not use its object as a function.
 *
 * @param {{ readonly prototype: any }} Class
 * @param {string} name
 */
function unboundMethod({ prototype }, name) {
  const text = String(prototype[name]);
  if (text.includes('this')) throw new Error(`${name} uses its object`);
  return `function ${text}`;
}

/**
 * Loads a module of TypeScript.
 *
 * @param {string} file
 */
async function load(file) {
  const { outputFiles } = await build({
    entryPoints: [ROOT + file],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(await compileAll())) {
    const file = fileURLToPath(new URL(name, import.meta.url));
    if (readFileSync(file, { encoding: 'utf8', flag: 'a+' }) !== text) writeFileSync(file, text);
  }
}
