import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { CONFORMANCE } from '../support/conformance.js';
import { ALL_MOUNTS, type SourceMount } from '../support/fetch-mounts.js';
import { ONEBOX } from '../support/fixtures.js';

/** A running host of the primary meta, or of another server of the cluster, until the test is over. */
async function mounted(
  mount: SourceMount,
  prefix: string,
  source = memoryCluster(ONEBOX).metaServer('127.0.0.1:34601'),
) {
  const { client, close } = await mount.start(source, {}, prefix);
  onTestFinished(async () => void (await close()));
  return client;
}

describe.each(ALL_MOUNTS)('mounted under $name', (mount) => {
  describe.each([
    ['at the root', ''],
    ['under a prefix', '/ops/pegasus'],
  ])('%s', (_, prefix) => {
    for (const { name, run } of CONFORMANCE) it(name, async () => run(await mounted(mount, prefix)));

    it('a backup redirects to where the primary is', async () => {
      const { get } = await mounted(mount, prefix, memoryCluster(ONEBOX).metaServer('127.0.0.1:34602'));
      const answer = await get('/meta/app?name=a%23b%26c+d');
      expect(answer.status).toBe(307);
      expect(answer.headers['location']).toBe('http://127.0.0.1:34601/meta/app?name=a%23b%26c+d');
      expect((await get('/version')).status).toBe(200);
    });

    it('a backup never redirects to itself', async () => {
      const { metaState } = memoryCluster(ONEBOX);
      let primaryUrl = '';
      const role = () => ({ role: 'backup' as const, primaryUrl });
      const source = { metaState: { ...metaState, role } };
      const { client, origin, close } = await mount.start(source, {}, prefix);
      onTestFinished(async () => void (await close()));
      // The client of HTTP/2 has no origin.
      if (origin === undefined) return;
      primaryUrl = origin + prefix;
      expect((await client.get('/meta/apps')).status).toBe(503);
    });

    it('a source that fails, or is slow, or hangs', async () => {
      const { metaState } = memoryCluster(ONEBOX);
      const ways = [
        [200, () => new Promise((resolve) => setTimeout(resolve, 5, metaState.cluster()))],
        [500, () => Promise.reject(new Error('broken'))],
        [504, () => new Promise(() => {})],
      ] as const;
      for (const [status, cluster] of ways) {
        const source = { metaState: { ...metaState, cluster: cluster as never } };
        const { client, close } = await mount.start(source, { timeoutMs: 40 }, prefix);
        onTestFinished(async () => void (await close()));
        expect((await client.get('/meta/apps')).status).toBe(status);
      }
    });
  });
});
