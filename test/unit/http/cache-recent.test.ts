import { describe, expect, it } from 'vitest';
import { cacheRecent } from '../../../lib/http/cache-recent.js';

describe('a cache of recent results', () => {
  const counting = (maxEntries?: number) => {
    const calls: string[] = [];
    const cached = cacheRecent((arg: string) => {
      calls.push(arg);
      return arg === '' ? undefined : arg.toUpperCase();
    }, maxEntries);
    return { calls, cached };
  };

  it('computes a result once for equal arguments', () => {
    const { calls, cached } = counting();
    expect(['a', 'b', 'a', 'b'].map(cached)).toEqual(['A', 'B', 'A', 'B']);
    expect(calls).toEqual(['a', 'b']);
  });

  it('starts anew when it is full, and stays correct', () => {
    const { calls, cached } = counting(2);
    expect(['a', 'b', 'c', 'a'].map(cached)).toEqual(['A', 'B', 'C', 'A']);
    expect(calls).toEqual(['a', 'b', 'c', 'a']);
  });

  it('does not keep long arguments', () => {
    const { calls, cached } = counting();
    const long = 'x'.repeat(513);
    expect([long, long].map(cached)).toEqual([long.toUpperCase(), long.toUpperCase()]);
    expect(calls).toHaveLength(2);
  });

  it('returns undefined where the function does', () => {
    expect(counting().cached('')).toBeUndefined();
  });
});
