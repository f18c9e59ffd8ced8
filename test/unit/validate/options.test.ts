import { describe, expect, it } from 'vitest';
import { PegasusError } from '../../../lib/index.js';
import * as check from '../../../lib/validate/checks.js';
import { readOptions } from '../../../lib/validate/options.js';

const read = (options: unknown) =>
  readOptions(
    'caller',
    options as { size?: unknown; onEvent?: unknown },
    ['size', 'onEvent'],
    ({ size = 1, onEvent }) => ({
      size: check.integer(size, 'size', 1, 9),
      onEvent: check.optionalFunction(onEvent, 'onEvent'),
    }),
    { amount: 'size' },
  );

describe('readOptions', () => {
  it('returns the values with their defaults', () => {
    const onEvent = () => {};
    expect(read({})).toEqual({ size: 1, onEvent: undefined });
    expect(read({ size: 9, onEvent })).toEqual({ size: 9, onEvent });
  });

  it.each<[options: unknown, message: string]>([
    [undefined, 'options must be an object, not undefined'],
    [null, 'options must be an object, not null'],
    [5, 'options must be an object, not 5'],
    [[], 'options must be an object, not an empty array'],
    [new Map(), 'options must be an object, not a Map'],
    [Promise.resolve({}), 'options must be an object, not a promise: await it first'],
    [{ sise: 1 }, 'unknown option "sise", did you mean "size"?'],
    [{ colour: 1 }, 'unknown option "colour", known are size, onEvent'],
    [{ amount: 1 }, 'unknown option "amount", did you mean "size"?'],
    [{ size: 0 }, 'size must be an integer from 1 to 9, not 0'],
    [{ size: '5' }, 'size must be an integer from 1 to 9, not "5"'],
    [{ onEvent: 5 }, 'onEvent must be a function, not 5'],
  ])('of %o throws a TypeError with a code', (options, message) => {
    const thrown = (() => {
      try {
        return read(options);
      } catch (error) {
        return error as TypeError & { code: string };
      }
    })();
    expect(thrown).toBeInstanceOf(TypeError);
    expect(thrown).not.toBeInstanceOf(PegasusError);
    expect(thrown).toMatchObject({ message: `caller: ${message}`, code: 'ERR_INVALID_PARAMETERS' });
  });

  it('passes on the error of a getter', () => {
    const broken = new Error('broken');
    const options = {
      get size(): number {
        throw broken;
      },
    };
    expect(() => read(options)).toThrow(broken);
  });
});
