import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PegasusError } from '../../../lib/index.js';
import { describeParams, type Params, param } from '../../../lib/routing/params.js';
import { parseQueryParams } from '../../../lib/routing/parse-query-params.js';

const parse = (params: Params, query: string, rejectUnknownParams = false, maxQueryParams = 100) =>
  parseQueryParams({ path: '/test', params, rejectUnknownParams }, query, maxQueryParams);

/** One declaration of each kind. */
const ALL = {
  name: param.requiredString('app_name', "app name shouldn't be empty"),
  node: param.string('ip:port'),
  detail: param.flag(),
  seconds: param.integer(1, 300),
  format: param.enum(['proto', 'gperftools']),
  types: param.list('type'),
  policy: param.repeated('policy'),
};

describe('a declared parameter', () => {
  it.each<[kind: string, params: Params, query: string, value: unknown]>([
    ['a required text', { p: param.requiredString('x', 'missing') }, 'p=a', 'a'],
    ['a required text', { p: param.requiredString('x', 'missing') }, 'p=0', '0'],
    ['a required text, decoded', { p: param.requiredString('x', 'missing') }, 'p=a%26b+c', 'a&b+c'],
    ['a text', { p: param.string('x') }, 'p=a', 'a'],
    ['a text', { p: param.string('x') }, 'p=', ''],
    ['a text', { p: param.string('x') }, 'p', ''],
    ['a text', { p: param.string('x') }, '', undefined],
    ['a flag', { p: param.flag() }, '', false],
    ['a flag', { p: param.flag() }, 'p', true],
    ['a flag', { p: param.flag() }, 'p=', true],
    ['a flag', { p: param.flag() }, 'p&p', true],
    ['a flag', { p: param.flag() }, 'p=true', true],
    ['a flag', { p: param.flag() }, 'p=no', true],
    ['a flag', { p: param.flag() }, 'p=false', false],
    ['a flag', { p: param.flag() }, 'p=0', false],
    ['an integer', { p: param.integer(1, 300) }, '', undefined],
    ['an integer', { p: param.integer(1, 300) }, 'p=1', 1],
    ['an integer', { p: param.integer(1, 300) }, 'p=300', 300],
    ['an integer', { p: param.integer(1, 300) }, 'p=007', 7],
    ['an enum', { p: param.enum(['a', 'b']) }, '', undefined],
    ['an enum', { p: param.enum(['a', 'b']) }, 'p=b', 'b'],
    ['a boolean', { p: param.boolean() }, '', undefined],
    ['a boolean', { p: param.boolean() }, 'p=true', true],
    ['a boolean', { p: param.boolean() }, 'p=FALSE', false],
    ['pairs', { p: param.pairs('x') }, '', []],
    [
      'pairs',
      { p: param.pairs('x') },
      'p=a,1,b,2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a list', { p: param.list('x') }, '', undefined],
    ['a list', { p: param.list('x') }, 'p=', []],
    ['a list', { p: param.list('x') }, 'p=a', ['a']],
    ['a list', { p: param.list('x') }, 'p=a,b', ['a', 'b']],
    ['a list', { p: param.list('x') }, 'p=,%20a%20,,b,', ['a', 'b']],
    ['a repeated text', { p: param.repeated('x') }, '', []],
    ['a repeated text', { p: param.repeated('x') }, 'p=a', ['a']],
    ['a repeated text', { p: param.repeated('x') }, 'p=a&p=&p=a,b', ['a', '', 'a,b']],
    ['all others', { q: param.string('x'), p: param.rest('key') }, 'q=1', new Map()],
    [
      'all others',
      { q: param.string('x'), p: param.rest('key') },
      'b=2&q=1&a=1&__proto__=3',
      new Map(Object.entries(JSON.parse('{"b":"2","a":"1","__proto__":"3"}'))),
    ],
  ])('%s: %o of "%s" is %o', (_, params, query, value) => {
    expect(parse(params, query)['p']).toEqual(value);
  });

  it.each<[params: Params, query: string, message: string]>([
    [{ p: param.requiredString('x', "x shouldn't be empty") }, '', "x shouldn't be empty"],
    [{ p: param.requiredString('x', "x shouldn't be empty") }, 'p=', "x shouldn't be empty"],
    [{ p: param.integer(1, 300) }, 'p=', 'p must be an integer from 1 to 300, not ""'],
    [{ p: param.integer(1, 300) }, 'p=0', 'p must be an integer from 1 to 300, not "0"'],
    [{ p: param.integer(1, 300) }, 'p=301', 'p must be an integer from 1 to 300, not "301"'],
    [{ p: param.integer(1, 300) }, 'p=-1', 'p must be an integer from 1 to 300, not "-1"'],
    [{ p: param.integer(1, 300) }, 'p=1.5', 'p must be an integer from 1 to 300, not "1.5"'],
    [{ p: param.integer(1, 300) }, 'p=0x10', 'p must be an integer from 1 to 300, not "0x10"'],
    [{ p: param.integer(1, 300) }, 'p=%201', 'p must be an integer from 1 to 300, not " 1"'],
    [{ p: param.integer(1, 300) }, 'p=99999999999999999999', 'p must be an integer from 1 to 300, not "9999'],
    [{ p: param.enum(['a', 'b']) }, 'p=c', 'p must be a or b, not "c"'],
    [{ p: param.enum(['a', 'b']) }, 'p=', 'p must be a or b, not ""'],
    [{ p: param.enum(['a', 'b']) }, 'p=A', 'p must be a or b, not "A"'],
    [{ p: param.boolean() }, 'p', 'p must be true or false, not ""'],
    [{ p: param.boolean() }, 'p=1', 'p must be true or false, not "1"'],
    [{ p: param.pairs('x') }, 'p=a', 'p must be names and values in turn, such as p=a,<value>'],
    [{ p: param.pairs('x') }, 'p=a,1,b', 'p must be names and values in turn'],
    [{ p: param.string('x') }, 'p=1&p=2', 'duplicate parameter: "p"'],
    [{ p: param.flag() }, 'p&p=1', 'duplicate parameter: "p"'],
    [{ q: param.string('x'), p: param.rest('key') }, 'a=1&a=2', 'duplicate parameter: "a"'],
    [{ p: param.string('x') }, 'p=%ff', 'bad escape or bytes that are not UTF-8 in parameter "p=%ff"'],
  ])('%o refuses "%s"', (params, query, message) => {
    const thrown = (() => {
      try {
        return parse(params, query);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(PegasusError);
    expect(thrown).toMatchObject({
      code: 'ERR_INVALID_PARAMETERS',
      message: expect.stringContaining(message),
    });
  });

  it('counts every occurrence of a repeated parameter', () => {
    const params = { p: param.repeated('x') };
    expect(parse(params, 'p=1&p=2', false, 2)).toEqual({ p: ['1', '2'] });
    expect(() => parse(params, 'p=1&p=2&p=3', false, 2)).toThrow('too many parameters: at most 2');
  });
});

describe('an undeclared parameter', () => {
  const declared = { name: param.string('x'), detail: param.flag() };
  it.each<[params: Params, message: string]>([
    [declared, 'unknown parameter "nmae": /test takes name and detail'],
    [{ name: param.string('x') }, 'unknown parameter "nmae": /test takes name'],
    [{}, 'unknown parameter "nmae": /test takes no parameters'],
  ])('of %o is an error if the route says so', (params, message) => {
    expect(() => parse(params, 'nmae=1', true)).toThrow(message);
    expect(() => parse(params, 'nmae=1', false)).not.toThrow();
  });

  it('does not exist beside rest', () => {
    expect(parse({ p: param.rest('key') }, 'any=1', true)).toEqual({ p: new Map([['any', '1']]) });
  });

  it.each(['__proto__', 'constructor', 'toString'])('"%s" is no inherited declaration', (name) => {
    expect(() => parse(declared, `${name}=1`, true)).toThrow(`unknown parameter "${name}"`);
  });
});

describe('the help text', () => {
  it.each<[params: Params, text: string]>([
    [{}, ''],
    [{ name: ALL.name }, 'name=<app_name>'],
    [{ name: ALL.name, detail: ALL.detail }, 'name=<app_name>[&detail]'],
    [{ detail: ALL.detail }, '[detail]'],
    [{ seconds: ALL.seconds, format: ALL.format }, '[seconds=<n>][&format=proto|gperftools]'],
    [{ on: param.boolean(), labels: param.pairs('label') }, '[on=true|false][&labels=<label>,<value>,...]'],
    [{ types: ALL.types, policy: ALL.policy }, '[types=<type>,...][&policy=<policy>]'],
    [{ name: ALL.name, env: param.rest('env') }, 'name=<app_name>[&<env>=<value>]'],
  ])('of %o is "%s"', (params, text) => {
    expect(describeParams(params)).toBe(text);
  });
});

it('never throws anything but a PegasusError, and never an inherited value', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (query, isStrict) => {
      try {
        const values = parse(ALL, query, isStrict);
        expect(Object.keys(values)).toEqual(Object.keys(ALL));
      } catch (error) {
        expect(error).toBeInstanceOf(PegasusError);
      }
    }),
  );
});

it('reads back what encodeURIComponent wrote', () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(name, fc.integer({ min: 1, max: 300 }), fc.array(name), (text, seconds, policy) => {
      const query = [
        `name=${encodeURIComponent(text)}`,
        `seconds=${seconds}`,
        ...policy.map((one) => `policy=${encodeURIComponent(one)}`),
      ].join('&');
      expect(parse(ALL, query)).toMatchObject({ name: text, seconds, policy, detail: false });
    }),
  );
});
