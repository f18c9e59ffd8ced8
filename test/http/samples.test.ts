import { describe, expect, it } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { ONEBOX, SAMPLES, sample } from '../support/fixtures.js';
import { serve } from '../support/http.js';

describe("the samples of the user's document", () => {
  it.each(SAMPLES)('%s', async (target, name) => {
    const { get } = await serve(memoryCluster(ONEBOX));
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual(sample(name));
  });

  it('/recentStartTime', async () => {
    const startSecond = new Date(2019, 7, 14, 0, 22, 0).getTime() / 1000;
    const { get } = await serve(memoryCluster({ ...ONEBOX, startSecond }));
    expect((await get('/recentStartTime')).json()).toEqual(sample('recentStartTime'));
  });

  it('/meta/apps?detail: the same tables with primaries alone', async () => {
    const createSecond = new Date(2019, 7, 15, 12, 34, 15).getTime() / 1000;
    const alone = (partitionCount: number) =>
      Array.from({ length: partitionCount }, (_, i) => ({ primary: `127.0.0.1:3480${1 + (i % 2)}` }));
    const cluster = memoryCluster({
      ...ONEBOX,
      apps: [
        { appName: 'stat', createSecond, partitions: alone(4) },
        { appName: 'temp', createSecond, partitions: alone(8) },
      ],
    });
    const { get } = await serve(cluster);
    expect((await get('/meta/apps?detail')).json()).toEqual(sample('meta-apps'));
  });
});
