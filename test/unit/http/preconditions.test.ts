import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PegasusRequest } from '../../../lib/http/node.js';
import { evaluatePreconditions, type PreconditionStatus } from '../../../lib/http/preconditions.js';

const ETAG = '"v1"';

const evaluate = (method: string, headers: object, etag: string | undefined = ETAG): PreconditionStatus =>
  evaluatePreconditions({ method, headers } as PegasusRequest, etag);

/** A field of a request, `undefined` for none. */
type Field = string | undefined;

describe('the preconditions of RFC 9110, section 13.2.2', () => {
  it.each<[ifMatch: Field, ifNoneMatch: Field, get: PreconditionStatus, post: PreconditionStatus]>([
    [undefined, undefined, undefined, undefined],
    // Step 1: If-Match, by strong comparison.
    ['"v1"', undefined, undefined, undefined],
    ['*', undefined, undefined, undefined],
    [' * ', undefined, undefined, undefined],
    ['"v2", "v1"', undefined, undefined, undefined],
    ['"v2"', undefined, 412, 412],
    ['W/"v1"', undefined, 412, 412],
    ['', undefined, 412, 412],
    // Step 3: If-None-Match, by weak comparison: 304 for GET and HEAD, 412 for other methods.
    [undefined, '"v1"', 304, 412],
    [undefined, 'W/"v1"', 304, 412],
    [undefined, '*', 304, 412],
    [undefined, '"v2", W/"v1"', 304, 412],
    [undefined, '"v2"', undefined, undefined],
    [undefined, '', undefined, undefined],
    // If-Match comes first. Only where it holds, If-None-Match is evaluated.
    ['"v1"', '"v1"', 304, 412],
    ['"v2"', '"v1"', 412, 412],
    ['"v1"', '"v2"', undefined, undefined],
  ])('If-Match: %s, If-None-Match: %s', (ifMatch, ifNoneMatch, get, post) => {
    const headers = {
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
    };
    expect(evaluate('GET', headers)).toBe(get);
    expect(evaluate('HEAD', headers)).toBe(get);
    expect(evaluate('POST', headers)).toBe(post);
  });

  it.each([
    { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
    { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
    { 'if-range': '"v1"', range: 'bytes=0-1' },
  ])('ignores %j, because there is no date and no range', (headers) => {
    expect(evaluate('GET', headers)).toBeUndefined();
  });

  it.each<[headers: object, status: PreconditionStatus]>([
    [{ 'if-match': '*' }, undefined],
    [{ 'if-match': '"v1"' }, 412],
    [{ 'if-none-match': '*' }, undefined],
    [{ 'if-none-match': '"v1"' }, undefined],
  ])('of a representation without an entity tag: %j', (headers, status) => {
    expect(evaluatePreconditions({ method: 'GET', headers } as PegasusRequest, undefined)).toBe(status);
  });

  it.each([
    '"v1"',
    '"v0","v1"',
    '"v0" , "v1"',
    '\t"v1"\t',
    ', ,"v1"',
    '"v0",,"v1",',
    'v0, "v1"',
    '"a,b", "v1"',
    '"a" "b", "v1"',
  ])('finds the tag in the list %j', (list) => {
    expect(evaluate('GET', { 'if-none-match': list })).toBe(304);
    expect(evaluate('GET', { 'if-match': list })).toBeUndefined();
  });

  it.each(['v1', "'v1'", '"v1', 'v1"', '"v1"x', 'w/"v1"', 'W/ "v1"', '"V1"', '*, "v2"'])(
    'finds no tag in the list %j',
    (list) => {
      expect(evaluate('GET', { 'if-none-match': list })).toBeUndefined();
      expect(evaluate('GET', { 'if-match': list })).toBe(412);
    },
  );

  it('finds a tag at each place of a list, beside any other tags', () => {
    const tag = fc.stringMatching(/^[!#-~]{0,8}$/).map((text) => `"${text}"`);
    fc.assert(
      fc.property(fc.array(tag), fc.array(tag), tag, (before, after, own) => {
        const list = [...before, own, ...after].join(', ');
        expect(evaluate('GET', { 'if-none-match': list }, own)).toBe(304);
        expect(evaluate('GET', { 'if-match': list }, own)).toBeUndefined();
      }),
    );
  });

  it('takes time in proportion to a hostile list', () => {
    for (const part of ['"', ',', '"v0",', ' ', '\t', 'W/', '"v0"x'])
      expect(evaluate('GET', { 'if-none-match': part.repeat(16_384 / part.length) })).toBeUndefined();
  });
});
