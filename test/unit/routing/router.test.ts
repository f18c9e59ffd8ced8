import { expect, it } from 'vitest';
import { createRoutes } from '../../../lib/endpoints/index.js';
import { resolveOptions } from '../../../lib/handler/resolve-options.js';
import { memoryCluster } from '../../../lib/index.js';
import { createRouter } from '../../../lib/routing/router.js';

const match = createRouter(createRoutes(memoryCluster(), resolveOptions({})), '');

function found(method: string, url: string): string {
  const matched = match(method, url);
  if (matched === undefined) return 'none';
  return `${matched.route.endpoint.path} ${matched.isMethodAllowed} ${matched.rawQuery}`;
}

it.each<[method: string, url: string, expected: string]>([
  ['GET', '/meta/app?name=a', '/meta/app true name=a'],
  ['GET', '/meta/app?name=b', '/meta/app true name=b'],
  ['HEAD', '/meta/app?name=b', '/meta/app true name=b'],
  ['POST', '/meta/app?name=b', '/meta/app false name=b'],
  ['PUT', '/meta/app?name=b', '/meta/app false name=b'],
  ['GET', '/none', 'none'],
])('finds %s %s after any other request, which it remembers', (method, url, expected) => {
  const others: [string, string][] = [
    [method, url],
    ['GET', '/meta/app?name=b'],
    ['HEAD', '/meta/app?name=b'],
    ['POST', '/meta/app?name=b'],
    ['GET', '/version'],
    ['GET', '/none'],
  ];
  for (const other of others) {
    match(...other);
    expect(found(method, url), other.join(' ')).toBe(expected);
    expect(found(method, url), 'again').toBe(expected);
  }
});
