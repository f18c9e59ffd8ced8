import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSourceMaps } from '../../../../lib/sources/profiler/source-maps.js';
import { temporaryDirectory } from '../../../support/commands.js';

const SIGNAL = new AbortController().signal;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Encodes the fields of one segment in base64 VLQ. */
function vlq(...fields: number[]): string {
  return fields
    .map((field) => {
      let rest = field < 0 ? (-field << 1) | 1 : field << 1;
      let text = '';
      do {
        const digit = rest & 31;
        rest >>= 5;
        text += DIGITS[rest > 0 ? digit | 32 : digit];
      } while (rest > 0);
      return text;
    })
    .join('');
}

/** Line 1 of the script is line 10 of the source file. */
const MAP = { version: 3, sources: ['../src/work.ts'], names: [], mappings: vlq(0, 0, 9, 0) };
const COMMENT = '//# sourceMappingURL=work.js.map';

function unescapeUrl(url: string): string {
  return url.replaceAll('%20', ' ');
}

interface Script {
  readonly map?: unknown;
  readonly mapText?: string;
  readonly text?: string;
  readonly file?: string;
}

/** Resolves positions of a script `dist/work.js`. Each result is `file line`, relative to the script's parent folder. */
async function resolved(
  script: Script,
  ...positions: (readonly [line: number, column: number, at?: number])[]
) {
  const root = temporaryDirectory();
  const file = join(root, script.file ?? 'dist/work.js');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, script.text ?? `first();\nsecond();\n${COMMENT}\n`);
  writeFileSync(`${file}.map`, script.mapText ?? JSON.stringify(script.map ?? MAP));
  const url = pathToFileURL(file).href;
  const resolve = await createSourceMaps().load([url], SIGNAL);
  return positions.map(([line, column, at]) => {
    const found = resolve({ url, line, column }, at);
    return `${unescapeUrl(found.url).replace(`${pathToFileURL(root).href}/`, '')} ${found.line}`;
  });
}

describe('a source map', () => {
  it.each<[string, unknown, string[]]>([
    ['resolves a mapped line', MAP, ['src/work.ts 10', 'dist/work.js 2']],
    [
      'has no source for a segment of one field',
      { ...MAP, mappings: `${MAP.mappings};${vlq(0)}` },
      ['src/work.ts 10', 'dist/work.js 2'],
    ],
    [
      'has no source for a line without segments',
      { ...MAP, mappings: `${MAP.mappings};;` },
      ['src/work.ts 10', 'dist/work.js 2'],
    ],
    [
      'has no source where it is null',
      { ...MAP, sources: ['../src/work.ts', null], mappings: `${MAP.mappings};${vlq(0, 1, 0, 0)}` },
      ['src/work.ts 10', 'dist/work.js 2'],
    ],
    [
      'has no source for an index that is out of range',
      { ...MAP, mappings: `${MAP.mappings};${vlq(0, 7, 0, 0)}` },
      ['src/work.ts 10', 'dist/work.js 2'],
    ],
    [
      'has no source for a negative line',
      { ...MAP, mappings: `${MAP.mappings};${vlq(0, 0, -30, 0)}` },
      ['src/work.ts 10', 'dist/work.js 2'],
    ],
    [
      'applies sourceRoot',
      { ...MAP, sourceRoot: '..', sources: ['src/work.ts'] },
      ['src/work.ts 10', 'dist/work.js 2'],
    ],
    [
      'applies sourceRoot with a slash',
      { ...MAP, sourceRoot: '../src/', sources: ['work.ts'] },
      ['src/work.ts 10', 'dist/work.js 2'],
    ],
    [
      'applies sourceRoot /',
      { ...MAP, sourceRoot: '/', sources: ['srv/work.ts'] },
      ['file:///srv/work.ts 10', 'dist/work.js 2'],
    ],
    [
      'may have sections',
      {
        version: 3,
        sections: [
          { offset: { line: 0, column: 0 }, map: MAP },
          {
            offset: { line: 1, column: 0 },
            map: {
              ...MAP,
              sources: [null, 'other.ts'],
              sourceRoot: '../src',
              mappings: `${vlq(0, 1, 4, 0)},${vlq(10, -1, 0, 0)}`,
            },
          },
        ],
      },
      ['src/work.ts 10', 'src/other.ts 5'],
    ],
    ...['webpack://[name]/./src/x.js', 'webpack://my app/./src/x.js'].map(
      (source): [string, unknown, string[]] => [
        `may have the source ${source}`,
        { ...MAP, sources: [source] },
        [`${source.replace('/./', '/')} 10`, 'dist/work.js 2'],
      ],
    ),
  ])('%s', async (_, map, expected) => {
    expect(await resolved({ map }, [1, 1], [2, 1])).toEqual(expected);
  });

  it.each(['http://[', '//', '/%', '#', '\0', 'x'.repeat(100_000)])(
    'does not fail by the source %j',
    async (source) => {
      const [first] = await resolved({ map: { ...MAP, sources: [source] } }, [1, 1]);
      expect(first).toMatch(/ (?:10|1)$/);
    },
  );

  it.each([
    ['{', 'no JSON'],
    ['null', 'null'],
    ['[]', 'an array'],
    ['{"version":3}', 'an empty object'],
    ['{"version":3,"sources":[],"mappings":5}', 'mappings that are no text'],
    ['{"version":3,"sections":[null]}', 'a section that is null'],
    ['{"version":3,"sources":["a"],"mappings":"!!!!"}', 'mappings that are no VLQ'],
  ])('that is unreadable leaves positions as they are: %s', async (mapText) => {
    expect(await resolved({ mapText }, [1, 1])).toEqual(['dist/work.js 1']);
  });

  it('may begin with a line that keeps it from being a script', async () => {
    expect(await resolved({ mapText: `)]}'\n${JSON.stringify(MAP)}` }, [1, 1])).toEqual(['src/work.ts 10']);
  });

  const json = JSON.stringify(MAP);
  const base64 = Buffer.from(json).toString('base64');
  it.each([
    ['at the end', `first();\n${COMMENT}`],
    ['in the old form', `first();\n${COMMENT.replace('#', '@')}\n`],
    ['behind code', `first();${COMMENT}\n`],
    ['in a block comment', 'first();\n/*# sourceMappingURL=work.js.map */\n'],
    [
      'before other comments',
      `first();\n${COMMENT}\n//# debugId=85314830-023f-4cf1-a267-535f4e37bb17\n/* The end. */\n`,
    ],
    ['with Windows line ends', `first();\r\n${COMMENT}\r\n`],
    ['behind one of a bundled module', `first();\n//# sourceMappingURL=module.js.map\n${COMMENT}\n`],
    ['as base64', `first();\n//# sourceMappingURL=data:application/json;base64,${base64}\n`],
    [
      'as base64 with a charset',
      `first();\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${base64}`,
    ],
    [
      'as escaped base64',
      `first();\n//# sourceMappingURL=data:application/json;base64,${encodeURIComponent(base64)}`,
    ],
    ['as escaped text', `first();\n//# sourceMappingURL=data:application/json,${encodeURIComponent(json)}`],
    ['without a media type', `first();\n//# sourceMappingURL=data:,${encodeURIComponent(json)}`],
  ])('is found %s', async (_, text) => {
    expect(await resolved({ text }, [1, 1])).toEqual(['src/work.ts 10']);
  });

  it('is found beside a script whose path must be escaped', async () => {
    const text = 'first();\n//# sourceMappingURL=100%25%20%23.js.map\n';
    expect(await resolved({ file: 'dist/100% #.js', text }, [1, 1])).toEqual(['src/work.ts 10']);
  });

  it('is none where only a string of the script names one', async () => {
    const text = `const text = "${COMMENT}";\nlog('${COMMENT}' + text);\n`;
    expect(await resolved({ text }, [1, 1])).toEqual(['dist/work.js 1']);
  });

  it('has the source line of an executed line', async () => {
    // Lines 2 and 3 of the script are lines 12 and 15 of the source file; line 4 comes from another file, line 5 from none.
    const mappings = [vlq(0, 0, 9, 0), vlq(0, 0, 2, 0), vlq(2, 0, 3, 0), vlq(0, 1, 5, 0), vlq(0)].join(';');
    const map = { ...MAP, sources: ['../src/work.ts', '../src/other.ts'], mappings };
    const lines = await resolved({ map }, [1, 1, 1], [1, 1, 2], [1, 1, 3], [1, 1, 4], [1, 1, 5]);
    expect(lines).toEqual([10, 12, 15, 10, 10].map((line) => `src/work.ts ${line}`));
  });

  it('does not tell lines of one line of the script apart', async () => {
    const mappings = [vlq(0, 0, 9, 0), vlq(5, 0, 2, 0), vlq(5, 0, 3, 0)].join(',');
    expect(await resolved({ map: { ...MAP, mappings } }, [1, 1, 1], [1, 6, 1], [1, 11, 1])).toEqual([
      'src/work.ts 10',
      'src/work.ts 12',
      'src/work.ts 15',
    ]);
  });
});

describe('a file that never ends or never begins', () => {
  it.each(['the script', 'the map'])('holds nothing up when %s is a FIFO', async (which) => {
    const directory = temporaryDirectory();
    const file = join(directory, 'work.js');
    if (which === 'the map') writeFileSync(file, `first();\n${COMMENT}\n`);
    execFileSync('mkfifo', [which === 'the map' ? `${file}.map` : file]);
    const resolve = await createSourceMaps().load([pathToFileURL(file).href], SIGNAL);
    expect(resolve({ url: file, line: 3, column: 1 })).toEqual({ url: file, line: 3, column: 1 });
  });

  it.each([
    '/dev/zero',
    '/',
    '/nowhere/work.js',
    'file:///dev/zero',
    'file://host/work.js',
    'file:///%',
    'node:fs',
    '',
  ])('leaves the positions of %j as they are', async (url) => {
    const resolve = await createSourceMaps().load([url], SIGNAL);
    expect(resolve({ url, line: 3, column: 1 })).toEqual({ url, line: 3, column: 1 });
  });

  it('ends with its signal', async () => {
    const reason = new Error('the client has left');
    await expect(createSourceMaps().load([], AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
