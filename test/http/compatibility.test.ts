import { describe, expect, it } from 'vitest';
import {
  type Compatibility,
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
} from '../../lib/index.js';
import { serve } from '../support/http.js';

const NAMED = ['rs-10.example:34801', 'rs-2.example:34801', 'rs-2.example:801'];

const named = memoryCluster({
  metaServers: ['meta-1.example:34601', 'meta-2.example:34601'],
  zookeeperHosts: ['zk.example:2181'],
  nodes: NAMED,
  balanceOperations: { movePrimary: 1, copyPrimary: 2, copySecondary: 3 },
  apps: [{ appName: 'temp' }],
});

interface Documents {
  readonly details: Record<string, unknown>;
  readonly nodes: Record<string, unknown>;
  readonly balance_operation_count: string;
}

const documentOf = async (cluster: Parameters<typeof serve>[0], target: string, options?: HandlerOptions) => {
  const { get } = await serve(cluster, options);
  return (await get(target)).json() as Documents;
};

describe('the option compatibility', () => {
  it.each<[Compatibility | undefined, readonly string[]]>([
    [undefined, ['rs-10.example:34801', 'rs-2.example:34801', 'rs-2.example:801']],
    ['2.5', ['rs-10.example:34801', 'rs-2.example:34801', 'rs-2.example:801']],
    ['2.6', ['rs-10.example:34801', 'rs-2.example:801', 'rs-2.example:34801']],
  ])('%s: orders nodes', async (compatibility, order) => {
    const options = { compatibility };
    for (const target of ['/meta/nodes', '/meta/nodes?detail']) {
      expect(Object.keys((await documentOf(named, target, options)).details), target).toEqual(order);
    }
    const { nodes } = await documentOf(named, '/meta/app?name=temp&detail', options);
    expect(Object.keys(nodes)).toEqual([...order, 'total']);
  });

  it.each([
    ['2.5', 'move_pri=1,copy_pri=2,copy_sec=3,total=6', 'unknown'],
    [
      '2.6',
      '{\n  "copy_pri": 2,\n  "copy_sec": 3,\n  "move_pri": 1,\n  "total": 6\n}',
      '{\n  "copy_pri": 0,\n  "copy_sec": 0,\n  "move_pri": 0,\n  "total": -1\n}',
    ],
  ] as const)('%s: prints the balance count', async (compatibility, known, unknown) => {
    const options = { compatibility };
    const unknowing = memoryCluster({ balanceOperations: 'unknown' });
    expect((await documentOf(named, '/meta/cluster', options)).balance_operation_count).toBe(known);
    expect((await documentOf(unknowing, '/meta/cluster', options)).balance_operation_count).toBe(unknown);
  });

  it('is of the handler: two handlers of one frozen snapshot keep their own responses', async () => {
    const [older, newer] = [await serve(named), await serve(named, { compatibility: '2.6' })];
    for (const target of [
      '/meta/nodes',
      '/meta/nodes?detail',
      '/meta/app?name=temp&detail',
      '/meta/cluster',
    ]) {
      const [a, b, c, d] = [
        await older.get(target),
        await newer.get(target),
        await older.get(target),
        await newer.get(target),
      ];
      expect(a.body, target).not.toBe(b.body);
      expect([c.body, d.body], target).toEqual([a.body, b.body]);
      expect(a.headers['etag']).not.toBe(b.headers['etag']);
    }
  });

  it.each(['2.5', '2.6'] as const)('%s: a missing name is 400', async (compatibility) => {
    const { get } = await serve(named, { compatibility });
    for (const target of [
      '/meta/app',
      '/meta/app?name',
      '/meta/app?name=',
      '/meta/app?detail',
      '/meta/app_envs',
    ]) {
      const answer = await get(target);
      expect(answer.status, target).toBe(400);
      expect(answer.json()).toEqual({
        error: 'ERR_INVALID_PARAMETERS',
        message: "app name shouldn't be empty",
      });
    }
  });

  it.each(['2.5', '2.6'] as const)(
    '%s: a backup redirects to the name of the primary',
    async (compatibility) => {
      const { get } = await serve(named.metaServer('meta-2.example:34601'), { compatibility });
      const answer = await get('/meta/app?name=a%23b&detail');
      expect(answer.headers['location']).toBe('http://meta-1.example:34601/meta/app?name=a%23b&detail');
    },
  );

  it.each(['2.4', '', 2.6, null, 'constructor', []])('refuses %j', (compatibility) => {
    const make = () => createPegasusHandler(named, { compatibility } as unknown as HandlerOptions);
    expect(make).toThrow(TypeError);
    expect(make).toThrow('createPegasusHandler: compatibility must be one of "2.5", "2.6", not ');
  });
});
