import { describe, expect, it } from 'vitest';
import { unknownKey } from '../../../lib/validate/unknown-key.js';

describe('unknownKey', () => {
  it.each<[given: object, mistake: string | undefined]>([
    [{}, undefined],
    [{ timeoutMs: 1 }, undefined],
    [{ timeoutMS: 1 }, 'unknown option "timeoutMS", did you mean "timeoutMs"?'],
    [{ leaveOut: [] }, 'unknown option "leaveOut", did you mean "exclude"?'],
    [{ colour: 1 }, 'unknown option "colour", known are timeoutMs, exclude'],
    [{ constructor: 1 }, 'unknown option "constructor", known are timeoutMs, exclude'],
    [{ ['x'.repeat(8000)]: 1 }, `unknown option "${'x'.repeat(60)}", known are timeoutMs, exclude`],
  ])('of %o', (given, mistake) => {
    expect(unknownKey(given, ['timeoutMs', 'exclude'], 'option', { leaveOut: 'exclude' })).toBe(mistake);
  });
});
