import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConfigFlagDefinitions, configRegistry, PegasusError } from '../../lib/index.js';
import { serve } from '../support/http.js';

const about = { section: 's', description: 'd' } as const;

// What TypeScript refuses and JavaScript lets pass.
// biome-ignore lint/suspicious/noExplicitAny: the calls with it are mistakes of types
const untyped = (value: unknown) => value as any;

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not throw');
}

const registry = () =>
  configRegistry({
    verbose: { ...about, type: 'bool', default: false, isMutable: true },
    threads: { ...about, type: 'int32', default: 4, isMutable: true, validate: (value) => value > 0 },
    ratio: { ...about, type: 'double', default: 0.5, isMutable: true },
    bytes: { ...about, type: 'uint64', default: 2n ** 40n, isMutable: true },
    level: {
      ...about,
      type: 'string',
      default: 'info',
      isMutable: true,
      validate: (value) => ['debug', 'info'].includes(value) || `level must be debug or info, not ${value}`,
    },
    port: { ...about, type: 'uint32', default: 80 },
  });

describe('values', () => {
  it('are the defaults, and those that set and update set', () => {
    const config = registry();
    expect(config.get('threads')).toBe(4);
    expect(config.get('bytes')).toBe(2n ** 40n);
    config.set('threads', 8);
    config.update('bytes', '0x10');
    config.update('verbose', 'TRUE');
    expect([config.get('threads'), config.get('bytes'), config.get('verbose')]).toEqual([8, 16n, true]);
  });

  it('come first from values, then from the environment, then from the default', () => {
    const definitions = {
      a: { ...about, type: 'int32', default: 1, env: 'A' },
      b: { ...about, type: 'int32', default: 1, env: 'B' },
      c: { ...about, type: 'int32', default: 1, env: 'C' },
      d: { ...about, type: 'int64', default: 1n },
      e: { ...about, type: 'bool', default: false },
    } as const satisfies ConfigFlagDefinitions;
    const config = configRegistry(definitions, {
      values: { a: 3, d: 5, e: 'true', c: undefined },
      env: { A: '2', B: '0x2' },
    });
    expect(config.flags().map(({ value }) => value)).toEqual([3, 2, 1, 5n, true]);
  });

  it('come from process.env unless another environment is given', () => {
    process.env['PEGASUS_HTTP_TEST_FLAG'] = '7';
    onTestFinished(() => void delete process.env['PEGASUS_HTTP_TEST_FLAG']);
    const flag = { ...about, type: 'int32', default: 1, env: 'PEGASUS_HTTP_TEST_FLAG' } as const;
    expect(configRegistry({ flag }).get('flag')).toBe(7);
    expect(configRegistry({ flag }, { env: {} }).get('flag')).toBe(1);
  });

  it.each([
    [
      { values: { a: 'x' } },
      'configRegistry: values.a must be an integer from -2147483648 to 2147483647, not "x"',
    ],
    [{ env: { A: '' } }, 'configRegistry: environment variable A (flag "a") must be an integer from'],
    [{ env: { A: '-1' } }, 'configRegistry: environment variable A (flag "a"): a must be positive'],
    [{ values: { a: -1 } }, 'configRegistry: values.a: a must be positive'],
  ])('%j are refused as data', (options, message) => {
    const validate = (value: number) => value > 0 || 'a must be positive';
    const make = () =>
      configRegistry({ a: { ...about, type: 'int32', default: 1, env: 'A', validate } }, options);
    const error = caught(make);
    expect(error).toBeInstanceOf(PegasusError);
    expect(error).toMatchObject({
      code: 'ERR_INVALID_PARAMETERS',
      message: expect.stringContaining(message),
    });
  });
});

describe('updates', () => {
  it.each([
    ['nope', '1', 'ERR_OBJECT_NOT_FOUND', 'nope is not found'],
    ['toString', '1', 'ERR_OBJECT_NOT_FOUND', 'toString is not found'],
    ['port', '81', 'ERR_INVALID_PARAMETERS', 'port is not mutable'],
    ['threads', '4.0', 'ERR_INVALID_PARAMETERS', '4.0 is invalid'],
    ['threads', '0', 'ERR_INVALID_PARAMETERS', 'value validation failed'],
    ['level', 'loud', 'ERR_INVALID_PARAMETERS', 'level must be debug or info, not loud'],
  ])('%s=%s is refused', (name, text, code, message) => {
    const config = registry();
    const before = config.flags();
    expect(caught(() => config.update(name, text))).toMatchObject({ code, message });
    expect(config.flags()).toBe(before);
  });

  it.each<[name: string, value: unknown, message: string]>([
    ['nope', 1, 'configRegistry: unknown flag "nope", known are bytes, level, port'],
    ['thread', 1, 'configRegistry: unknown flag "thread", did you mean "threads"?'],
    ['port', 81, 'configRegistry: port is not mutable'],
    [
      'threads',
      '8',
      'configRegistry: flag "threads" must be an integer from -2147483648 to 2147483647, not "8"',
    ],
    ['threads', 1.5, 'not 1.5'],
    ['bytes', 1, 'configRegistry: flag "bytes" must be a bigint from 0 to 18446744073709551615, not 1'],
    ['ratio', Number.NaN, 'configRegistry: flag "ratio" must be a finite number, not NaN'],
    ['verbose', 1, 'configRegistry: flag "verbose" must be true or false, not 1'],
  ])('set(%j, %j) is a TypeError', (name, value, message) => {
    const error = caught(() => untyped(registry()).set(name, value));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(message);
  });

  it('by set are refused by the validator as by update', () => {
    expect(caught(() => registry().set('threads', 0))).toMatchObject({ code: 'ERR_INVALID_PARAMETERS' });
  });

  it.each([undefined, null, 1, '', Promise.resolve(true)])(
    'whose validator returns %j are no success',
    (verdict) => {
      let isFirst = true;
      const validate = () => {
        const result = isFirst || verdict;
        isFirst = false;
        return result;
      };
      const config = configRegistry({
        a: { ...about, type: 'int32', default: 1, isMutable: true, validate: untyped(validate) },
      });
      const error = caught(() => config.update('a', '2'));
      if (verdict === '') expect(error.message).toBe('value validation failed');
      else
        expect(error.message).toMatch(
          'validate of flag "a" must return true, false or the text of a refusal, not',
        );
      expect(config.get('a')).toBe(1);
    },
  );

  it('are validated by groups, as Pegasus words it', () => {
    const flag = { ...about, type: 'int32', isMutable: true } as const;
    const config = configRegistry(
      { min: { ...flag, default: 1 }, max: { ...flag, default: 5 } },
      {
        groupValidators: {
          order: ({ min, max }) => min <= max || `min(${min}) should be <= max(${max})`,
          even: ({ min, max }) => (max - min) % 2 === 0,
        },
      },
    );
    config.update('max', '7');
    expect(caught(() => config.update('max', '0')).message).toBe(
      'group validator "even" failed; group validator "order" failed: "min(1) should be <= max(0)"',
    );
    expect(caught(() => config.set('min', 9)).message).toBe(
      'group validator "order" failed: "min(9) should be <= max(7)"',
    );
    expect(config.flags().map(({ value }) => value)).toEqual([7, 1]);
  });
});

describe('flags', () => {
  it('are frozen, sorted, and the same array until one changes', () => {
    const config = registry();
    const before = config.flags();
    expect(before.map(({ name }) => name)).toEqual(['bytes', 'level', 'port', 'ratio', 'threads', 'verbose']);
    expect(before.every(Object.isFrozen) && Object.isFrozen(before)).toBe(true);
    expect(config.flags()).toBe(before);
    config.set('ratio', 0.5);
    expect(config.flags()).toBe(before);
    config.set('ratio', 0.25);
    expect(config.flags()).not.toBe(before);
    expect(before[3]).toMatchObject({ name: 'ratio', value: 0.5 });
    expect(config.flag('ratio')).toEqual({
      ...about,
      name: 'ratio',
      type: 'double',
      isMutable: true,
      value: 0.25,
    });
    expect(config.flag('port')).toMatchObject({ isMutable: false });
    expect(config.flag('hasOwnProperty')).toBeUndefined();
  });

  it('do not follow later changes of the definitions', () => {
    const a = { ...about, type: 'int32' as const, default: 1, isMutable: false };
    const config = configRegistry({ a });
    a.isMutable = true;
    expect(() => config.update('a', '2')).toThrow('a is not mutable');
  });
});

describe('listeners', () => {
  it('hear every change once, in order, with the new value in place', () => {
    const config = registry();
    const heard: string[] = [];
    const stop = config.onChange('threads', (value, previous) => {
      heard.push(`1: ${previous} to ${value}, ${config.get('threads')}`);
    });
    config.onChange('threads', (value) => void heard.push(`2: ${value}`));
    config.onChange('verbose', () => void heard.push('another flag'));
    config.update('threads', '5');
    config.set('threads', 5);
    expect(() => config.update('threads', '0')).toThrow();
    stop();
    stop();
    config.set('threads', 6);
    expect(heard).toEqual(['1: 4 to 5, 5', '2: 5', '2: 6']);
  });

  it('that are added twice are called twice, and removed one by one', () => {
    const config = registry();
    let calls = 0;
    const listener = () => {
      calls += 1;
    };
    const stop = config.onChange('threads', listener);
    config.onChange('threads', listener);
    config.set('threads', 5);
    stop();
    config.set('threads', 6);
    expect(calls).toBe(3);
  });

  it('that throw keep no other from hearing, and the value stays', async () => {
    const config = registry();
    const heard: number[] = [];
    const broken = new Error('broken');
    config.onChange('threads', () => {
      throw broken;
    });
    config.onChange('threads', (value) => void heard.push(value));
    const error = caught(() => config.set('threads', 5)) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.message).toBe('flag "threads" has changed, but 1 of its listeners failed');
    expect(error.errors).toEqual([broken]);
    expect(heard).toEqual([5]);
    config.onChange('threads', async () => {
      throw broken;
    });
    await expect(config.set('threads', 6)).rejects.toMatchObject({ errors: [broken, broken] });
    expect(config.get('threads')).toBe(6);
  });

  it('that throw a refusal are a failure for the client, not a refusal', async () => {
    const config = registry();
    const errors: unknown[] = [];
    config.onChange('threads', () => {
      throw new PegasusError('ERR_INVALID_PARAMETERS', 'secret');
    });
    const { get } = await serve(
      { config },
      { authorize: () => 'allow', onError: ({ cause }) => void errors.push(cause) },
    );
    const answer = await get('/updateConfig?threads=5');
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(errors).toEqual([expect.any(AggregateError)]);
  });

  it('that return promises delay the answer', async () => {
    const config = registry();
    let isDone = false;
    config.onChange('threads', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isDone = true;
    });
    const { get } = await serve({ config }, { authorize: () => 'allow' });
    expect((await get('/updateConfig?threads=5')).json()).toEqual({ update_status: 'ERR_OK' });
    expect(isDone).toBe(true);
  });

  it('must not change a flag before they return', async () => {
    const config = registry();
    config.onChange('threads', () => config.set('verbose', true));
    config.onChange('ratio', async () => {
      await null;
      await config.set('level', 'debug');
    });
    const error = caught(() => config.set('threads', 5)) as AggregateError;
    expect(error.errors).toEqual([
      expect.objectContaining({
        code: 'ERR_INVALID_STATE',
        message:
          'a listener of flag "threads" is being called: change no flag until the listener has returned',
      }),
    ]);
    await config.set('ratio', 1);
    expect([config.get('verbose'), config.get('level')]).toEqual([false, 'debug']);
  });
});

describe('a mistake in the definitions is a TypeError at once', () => {
  const good = { ...about, type: 'int32', default: 1 };

  it.each<[what: string, args: readonly unknown[], message: string]>([
    ['none', [], 'definitions must be an object, not undefined'],
    ['a list', [[good]], 'definitions must be an object, not an array of 1'],
    ['a Map', [new Map()], 'definitions must be an object, not a Map'],
    ['an empty name', [{ '': good }], 'the name of a flag must be 1 to 128 letters'],
    ['a name with a blank', [{ 'a b': good }], 'not "a b"'],
    ['a name that needs escaping', [{ 'a&b': good }], 'not "a&b"'],
    ['a long name', [{ ['a'.repeat(129)]: good }], 'the name of a flag must be 1 to 128 letters'],
    ['a value', [{ a: 1 }], 'flag "a" must be an object, not 1'],
    [
      'an unknown key',
      [{ a: { ...good, mutable: true } }],
      'flag "a": unknown key "mutable", did you mean "isMutable"?',
    ],
    ['no type', [{ a: { ...good, type: undefined } }], 'type of flag "a" must be one of bool, int32, uint32'],
    ['a type of Pegasus', [{ a: { ...good, type: 'FV_INT32' } }], 'not "FV_INT32"'],
    ['a type of the prototype', [{ a: { ...good, type: 'toString' } }], 'not "toString"'],
    [
      'no section',
      [{ a: { ...good, section: '' } }],
      'section of flag "a" must be a non-empty string, not ""',
    ],
    [
      'no description',
      [{ a: { ...good, description: undefined } }],
      'description of flag "a" must be a string',
    ],
    ['no default', [{ a: { ...good, default: undefined } }], 'default of flag "a" must be an integer from'],
    ['a default out of range', [{ a: { ...good, default: 2 ** 31 } }], 'not 2147483648'],
    [
      'a number for a bigint',
      [{ a: { ...good, type: 'int64' } }],
      'default of flag "a" must be a bigint from',
    ],
    [
      'an infinite double',
      [{ a: { ...good, type: 'double', default: 1 / 0 } }],
      'a finite number, not Infinity',
    ],
    ['isMutable', [{ a: { ...good, isMutable: 'yes' } }], 'isMutable of flag "a" must be true or false'],
    ['validate', [{ a: { ...good, validate: /x/ } }], 'validate of flag "a" must be a function'],
    ['env', [{ a: { ...good, env: '' } }], 'env of flag "a" must be the name of an environment variable'],
    [
      'a refused default',
      [{ a: { ...good, validate: () => false } }],
      'default of flag "a": value validation failed',
    ],
    [
      'a validator without a result',
      [{ a: { ...good, validate() {} } }],
      'validate of flag "a" must return true',
    ],
    ['an unknown option', [{ a: good }, { value: {} }], 'unknown option "value", did you mean "values"?'],
    [
      'an unknown value',
      [{ abc: good }, { values: { abd: 1 } }],
      'values: unknown flag "abd", did you mean "abc"?',
    ],
    ['a value of another type', [{ a: good }, { values: { a: true } }], 'values.a must be an integer'],
    ['values', [{ a: good }, { values: [1] }], 'values must be an object'],
    ['an environment', [{ a: good }, { env: 'A=1' }], 'env must be an object, not "A=1"'],
    [
      'a group validator',
      [{ a: good }, { groupValidators: { g: true } }],
      'group validator "g" must be a function',
    ],
    [
      'a group validator without a result',
      [{ a: good }, { groupValidators: { g() {} } }],
      'group validator "g" must return true, false or the text of a refusal, not undefined',
    ],
  ])('%s', (_, args, message) => {
    const error = caught(() => untyped(configRegistry)(...args));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain('configRegistry: ');
    expect(error.message).toContain(message);
  });

  it.each<[what: string, use: (config: ReturnType<typeof registry>) => unknown, message: string]>([
    ['an unknown flag', (config) => config.get(untyped('threds')), 'did you mean "threads"?'],
    ['no name', (config) => config.get(untyped(undefined)), 'a flag has a name, not undefined'],
    ['a listener of none', (config) => config.onChange(untyped('nope'), () => {}), 'unknown flag "nope"'],
    ['no listener', (config) => config.onChange('threads', untyped(1)), 'must be a function, not 1'],
  ])('%s', (_, use, message) => {
    const error = caught(() => use(registry()));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(message);
  });

  it('refuses the first values as a group', () => {
    const make = () =>
      configRegistry({ a: { ...about, type: 'int32', default: 1 } }, { groupValidators: { g: () => 'no' } });
    expect(make).toThrow('group validator "g" failed: "no"');
  });
});
