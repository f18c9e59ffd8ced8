import { Ajv, type JSONSchemaType } from 'ajv';
import { describe, expect, it } from 'vitest';
import { PegasusError } from '../../../lib/index.js';
import { jsonRequestBody } from '../../../lib/routing/request-body.js';

interface Policy {
  readonly name: string;
  readonly level?: 'low' | 'high';
  readonly limits?: { readonly count: number };
  readonly parts?: readonly { readonly name: string }[];
}

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 10 },
    level: { type: 'string', enum: ['low', 'high'], nullable: true },
    limits: {
      type: 'object',
      properties: { count: { type: 'integer', minimum: 0 } },
      required: ['count'],
      additionalProperties: false,
      nullable: true,
    },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' } },
        required: ['name'],
        additionalProperties: false,
      },
      nullable: true,
    },
  },
  required: ['name'],
  additionalProperties: false,
} as const satisfies JSONSchemaType<Policy>;

const body = jsonRequestBody(schema, new Ajv({ strict: true }).compile<Policy>(schema));

const refusal = (text: string): unknown => {
  try {
    return body.parse(text);
  } catch (error) {
    return error;
  }
};

describe('a declared JSON body', () => {
  it('says its type, its size and its schema', () => {
    expect(body).toMatchObject({
      contentType: 'application/json',
      maxBytes: 65_536,
      schema: { type: 'object' },
    });
  });

  it.each<[text: string, value: Policy]>([
    ['{"name":"a"}', { name: 'a' }],
    [' {"name":"a","level":"high"}\n', { name: 'a', level: 'high' }],
    ['{"name":"a","limits":{"count":0}}', { name: 'a', limits: { count: 0 } }],
    ['{"name":"c","parts":[{"name":"a"}]}', { name: 'c', parts: [{ name: 'a' }] }],
    [
      '{"parts":[{"name":"a"},{"name":"b"}],"name":"c"}',
      { parts: [{ name: 'a' }, { name: 'b' }], name: 'c' },
    ],
    ['{"parts":[{"name":"}{\\"name\\":"}],"name":"c"}', { parts: [{ name: '}{"name":' }], name: 'c' }],
  ])('%s', (text, value) => {
    expect(body.parse(text)).toEqual(value);
  });

  it.each<[text: string, message: string]>([
    ['', 'the body must be JSON: '],
    ['name=a', 'the body must be JSON: '],
    ['{"name":"a"', 'the body must be JSON: '],
    ['null', 'the body must be an object'],
    ['[]', 'the body must be an object'],
    ['"a"', 'the body must be an object'],
    ['{}', 'the body must have the field "name"'],
    ['{"name":5}', '"name" must be a string'],
    ['{"name":""}', `"name" shouldn't be empty`],
    ['{"name":"12345678901"}', '"name" must NOT have more than 10 characters'],
    ['{"name":"a","level":"mid"}', '"level" must be low or high'],
    ['{"name":"a","limits":{"count":-1}}', '"limits.count" must be >= 0'],
    ['{"name":"a","limits":{"count":1.5}}', '"limits.count" must be an integer'],
    ['{"name":"a","limits":{}}', '"limits" must have the field "count"'],
    ['{"name":"a","name":"b"}', 'the body has the field "name" twice'],
    ['{"name":"a","limits":{"count":1,"count":2}}', 'the body has the field "count" twice'],
    ['{"name":"a","parts":[{"name":"a"},{"name":"b","name":"c"}]}', 'the body has the field "name" twice'],
    ['{"name":"a","parts":[{"name":"a"}],"name":"b"}', 'the body has the field "name" twice'],
    ['{"name":"a","nmae":"b"}', 'the body has an unknown field "nmae", known are name, level, limits, parts'],
    ['{"name":"a","__proto__":{}}', 'the body has an unknown field "__proto__"'],
    [`{"name":"a","${'x'.repeat(99)}":1}`, `the body has an unknown field "${'x'.repeat(60)}"`],
    ['{"name":"a","limits":{"count":1,"max":2}}', '"limits" has an unknown field "max"'],
  ])('refuses %s', (text, message) => {
    const thrown = refusal(text);
    expect(thrown).toBeInstanceOf(PegasusError);
    expect(thrown).toMatchObject({
      code: 'ERR_INVALID_PARAMETERS',
      message: expect.stringContaining(message),
    });
  });
});
