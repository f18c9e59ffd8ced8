import { describe, expect, it } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { describeGolden, GOLDEN, golden } from '../support/fixtures.js';
import { serve } from '../support/http.js';

// What a real Pegasus 1.12.3 answered, byte for byte: the same values in the same key order.
describe.each(GOLDEN)('the recorded cluster "%s"', (name) => {
  const { exchanges, ...state } = golden(name);
  const answered = exchanges.filter(({ server, status }) => server === 'meta1' && status === 200);

  it.each(answered)('answers $target as the real server did', async ({ target, body }) => {
    const { get } = await serve(memoryCluster(describeGolden({ exchanges, ...state })));
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(body);
  });

  const refused = exchanges.filter(({ server, status }) => server === 'meta1' && status !== 200);
  it.each(refused)('refuses $target with the status of the real server', async ({ target, status, body }) => {
    const { get } = await serve(memoryCluster(describeGolden({ exchanges, ...state })));
    const answer = await get(target);
    expect(answer.status).toBe(status);
    // Where the real server says why, so do we; the others are this library's own words.
    if (body.startsWith('table not found') || body.startsWith('app name')) {
      expect(answer.json()).toMatchObject({ message: body });
    }
  });

  const redirected = exchanges.filter(({ server }) => server === 'meta2');
  it.each(redirected)('redirects $target on the backup', async ({ target, headers }) => {
    const cluster = memoryCluster(describeGolden({ exchanges, ...state }));
    const { get } = await serve(cluster.metaServer('127.0.0.1:34602'));
    const answer = await get(target);
    expect(answer.status).toBe(307);
    // The real server re-emits `?detail` as `?detail=`; here the query stays as it came.
    expect(answer.headers['location']).toBe(headers['location']?.replace('detail=', 'detail'));
  });
});

it('comes to the recorded state when the node that was killed there is killed here', async () => {
  const cluster = memoryCluster(describeGolden(golden('healthy')));
  cluster.killNode('127.0.0.1:34803');
  const { get } = await serve(cluster);
  for (const { server, target, status, body } of golden('one_node_down').exchanges) {
    if (server === 'meta1' && status === 200) expect((await get(target)).body, target).toBe(body);
  }
});
