import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../lib/index.js';
import { ROOT } from '../support/child.js';

/** The paths in the first cells of the table of endpoints. `POST /meta/app/a`, `b` is also `/meta/app/b`. */
function pathsIn(readme: string): string[] {
  const text = readFileSync(ROOT + readme, 'utf8');
  const rows =
    text
      .split(/\n(?=\| `\/` \|)/)[1]
      ?.split('\n\n')[0]
      ?.split('\n') ?? [];
  return rows.flatMap((row) => {
    let folder = '';
    return Array.from(row.split('|')[1]?.matchAll(/`(?:POST )?([^`?[]+)[^`]*`/g) ?? [], ([, path = '']) => {
      if (!path.startsWith('/')) return folder + path;
      folder = path.slice(0, path.lastIndexOf('/') + 1);
      return path;
    });
  });
}

describe.each(['README.md', 'README.zh-CN.md'])('the table of endpoints in %s', (readme) => {
  it('has every path that there is, and no other', () => {
    expect(pathsIn(readme).sort()).toEqual(Object.keys(openApiDocument().paths ?? {}).sort());
  });
});
