import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFlagSet, parseQuery } from '../../../lib/http/query.js';

const parsed = (raw: string): unknown => {
  const query = parseQuery(raw);
  return query.ok ? [...query.parameters] : query.message;
};

describe('parseQuery', () => {
  const cases: readonly (readonly [raw: string, parameters: [string, string][]])[] = [
    ['', []],
    ['detail', [['detail', '']]],
    ['detail=', [['detail', '']]],
    [
      'name=stat&detail',
      [
        ['name', 'stat'],
        ['detail', ''],
      ],
    ],
    ['&&name=stat&', [['name', 'stat']]],
    ['name=a=b', [['name', 'a=b']]],
    ['=x', [['', 'x']]],
    ['name=a%26b%3Dc', [['name', 'a&b=c']]],
    ['n%61me=stat', [['name', 'stat']]],
    ['name=a+b', [['name', 'a+b']]],
    ['name=%23_all_', [['name', '#_all_']]],
    ['name=a#b', [['name', 'a#b']]],
    ['name=a?b', [['name', 'a?b']]],
    ['name=%E4%B8%AD%E6%96%87', [['name', '中文']]],
    // Unescaped UTF-8, as Node hands it out: a character for a byte.
    ['name=\u00e4\u00b8\u00ad', [['name', '中']]],
    ['name=中', [['name', '中']]],
    [
      '__proto__=1&constructor=2',
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    ],
    ['name=%00', [['name', '\0']]],
    ['detail&detail', [['detail', '']]],
    ['detail=1&detail', [['detail', '1']]],
    [
      'a&%61&b=1',
      [
        ['a', ''],
        ['b', '1'],
      ],
    ],
  ];
  it.each(cases)('%s', (raw, parameters) => {
    expect(parsed(raw)).toEqual(parameters);
  });

  const refused: readonly (readonly [raw: string, message: string])[] = [
    ['name=%', 'bad escape or bytes that are not UTF-8 in parameter "name=%"'],
    ['name=%2', 'bad escape or bytes that are not UTF-8 in parameter "name=%2"'],
    ['name=%zz', 'bad escape or bytes that are not UTF-8 in parameter "name=%zz"'],
    ['%ff=1', 'bad escape or bytes that are not UTF-8 in parameter "%ff=1"'],
    ['a=1&name=%C3', 'bad escape or bytes that are not UTF-8 in parameter "name=%C3"'],
    ['name=%ED%A0%80', 'bad escape or bytes that are not UTF-8 in parameter "name=%ED%A0%80"'],
    ['name=\u00ff', 'bad escape or bytes that are not UTF-8 in parameter "name=\u00ff"'],
    ['a=1&a=2', 'duplicate parameter: "a"'],
    ['a&a=2', 'duplicate parameter: "a"'],
    ['a&%61=', 'duplicate parameter: "a"'],
  ];
  it.each(refused)('refuses %s', (raw, message) => {
    expect(parsed(raw)).toBe(message);
  });

  const parameters = fc.uniqueArray(
    fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
    {
      selector: ([name]) => name,
    },
  );

  it('decodes every output of encodeURIComponent', () => {
    fc.assert(
      fc.property(parameters, (pairs) => {
        const raw = pairs
          .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
          .join('&');
        expect(parsed(raw)).toEqual(pairs);
      }),
    );
  });

  it('never throws, for any input', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), hostile);
    fc.assert(
      fc.property(anything, (raw) => void parseQuery(raw)),
      { numRuns: 2_000 },
    );
  });

  it('agrees with a simple model', () => {
    fc.assert(
      fc.property(hostile, (raw) => {
        expect(parseQuery(raw).ok ? parsed(raw) : 'refused').toEqual(model(raw));
      }),
      { numRuns: 5_000 },
    );
  });

  const hostile = fc
    .array(
      fc.constantFrom(
        'a',
        'b',
        '&',
        '=',
        '%',
        '%2',
        '%41',
        '%26',
        '%3d',
        '%C3%A9',
        '%FF',
        '+',
        '\u00c3\u00a9',
        '\u00e9',
        '#',
      ),
    )
    .map((parts) => parts.join(''));

  /** The rule word by word, on bytes: split, split, then decode each part as strict UTF-8. */
  function model(raw: string): unknown {
    const found = new Map<string, string>();
    for (const part of raw.split('&').filter(Boolean)) {
      const [name = '', ...rest] = part.split('=');
      const pair = [name, rest.join('=')].map(bytesOf);
      if (pair.some((bytes) => bytes === undefined)) return 'refused';
      try {
        const [key = '', value = ''] = pair.map((bytes) =>
          new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
        );
        if (found.has(key) && !part.includes('=')) continue;
        if (found.has(key)) return 'refused';
        found.set(key, value);
      } catch {
        return 'refused';
      }
    }
    return [...found];
  }

  function bytesOf(text: string): Uint8Array | undefined {
    const bytes: number[] = [];
    for (let i = 0; i < text.length; i += 1) {
      if (text[i] !== '%') bytes.push(text.charCodeAt(i));
      else if (/^%[\da-f]{2}/i.test(text.slice(i))) {
        bytes.push(Number.parseInt(text.slice(i + 1, i + 3), 16));
        i += 2;
      } else return undefined;
    }
    return Uint8Array.from(bytes);
  }
});

describe('flagIsOn', () => {
  it.each([
    ['detail', true],
    ['detail=', true],
    ['detail=true', true],
    ['detail=1', true],
    ['detail=no', true],
    ['detail=false', false],
    ['detail=0', false],
    ['', false],
    ['details', false],
  ])('%s: %s', (raw, on) => {
    const query = parseQuery(raw);
    expect(query.ok && isFlagSet(query.parameters, 'detail')).toBe(on);
  });
});
