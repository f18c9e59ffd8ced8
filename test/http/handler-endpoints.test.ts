import { describe, expect, it } from 'vitest';
import { createPegasusHandler, type HandlerOptions, memoryCluster } from '../../lib/index.js';
import { ENDPOINT_GROUPS } from '../../lib/routing/endpoint.js';
import { serve } from '../support/http.js';

describe('handler.endpoints', () => {
  const { endpoints } = createPegasusHandler(memoryCluster());

  it('has path, group, access and summary of each endpoint, in the order of the paths', () => {
    expect(endpoints).toContainEqual({
      path: '/meta/app',
      group: 'meta',
      access: 'read',
      summary: expect.stringMatching(/^[A-Z].*\.$/),
    });
    for (const { path, group, access, summary } of endpoints) {
      expect(path).toMatch(/^\/[\w./]*$/);
      expect(ENDPOINT_GROUPS).toContain(group);
      expect(['read', 'write']).toContain(access);
      expect(summary).not.toBe('');
    }
    const paths = endpoints.map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)].sort());
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(endpoints)).toBe(true);
    expect(endpoints.every(Object.isFrozen)).toBe(true);
  });

  it.each<[what: string, options: HandlerOptions]>([
    ['all groups', {}],
    ['no meta', { exclude: ['meta'] }],
    ['a mount path', { basePath: '/ops' }],
  ])('names what GET / lists: %s', async (_, options) => {
    const paths = createPegasusHandler(memoryCluster(), options).endpoints.map(({ path }) => path);
    const { get } = await serve(memoryCluster(), options);
    const help = (await get(`${options.basePath ?? ''}/`)).json() as object;
    expect(paths).toEqual(expect.arrayContaining(Object.keys(help)));
    expect(paths.some((path) => path.startsWith('/meta'))).toBe(options.exclude === undefined);
  });
});
