import { describe, expect, it } from 'vitest';
import { history } from '../support/soak/history.js';
import { soak } from '../support/soak/soak.js';
import { complaintOf } from '../support/soak/traffic.js';

// The short form of `npm run soak`. It needs the build: the server, with its CPU profiles, is a process of its own.
it('mixed load with faults: every answer is right for some state, and nothing is left of it', {
  timeout: 90_000,
}, async () => {
  const { complaints, compared, answers, profiles, stats } = await soak({ seconds: 15 });
  expect(complaints).toEqual([]);
  const [warm, , rest] = stats;
  expect(rest?.heapUsed ?? 0, 'heap').toBeLessThan((warm?.heapUsed ?? 0) + 8 * 2 ** 20);
  expect(rest?.resources.filter((name) => name === 'TCPSocketWrap')).toEqual([]);
  expect(Math.min(compared, rest?.reported ?? 0, rest?.changes ?? 0)).toBeGreaterThan(50);
  expect(profiles).toBeGreaterThan(0);
  expect(Object.keys(answers)).toEqual(expect.arrayContaining(['200', '304', '307', '500', '503']));
});

describe('what a soak compares with', () => {
  const app = (appId: number, ballot: number) => ({
    appId,
    appName: `table${appId}`,
    appType: 'pegasus',
    status: 'AVAILABLE' as const,
    partitionCount: 1,
    maxReplicaCount: 3,
    isStateful: true,
    createSecond: 0,
    dropSecond: 0,
    expireSecond: 0,
    envs: {},
    partitions: [{ pidx: 0, ballot, primary: null, secondaries: [] }],
  });
  const rest = {
    nodes: [],
    metaServers: [],
    primaryMetaServer: null,
    zookeeperHosts: [],
    zookeeperRoot: '/',
    metaFunctionLevel: 'steady' as const,
    balanceOperations: 'unknown' as const,
  };
  const TARGET = '/meta/app?name=table1&detail';

  /** A table whose ballot was 1, then 2 from 100 ms on, then 3 from 200 on. */
  function states() {
    const told = history();
    [1, 2, 3].forEach((ballot, i) => {
      told.add({ sinceMs: 100 * i - 1, untilMs: 100 * i, changed: [app(1, ballot)], rest });
    });
    return told;
  }

  it.each([
    [120, 130, [2]],
    [50, 150, [1, 2]],
    [150, 250, [2, 3]],
    [99.5, 99.6, [1, 2]],
    [250, 260, [3]],
  ])('is what was so between %d and %d', async (fromMs, toMs, ballots) => {
    const expected = await states().between(TARGET, fromMs, toMs);
    expect(expected.map(({ body }) => Number(JSON.parse(body).replicas[0].ballot))).toEqual(ballots);
  });

  const asked = { server: 'failing' as const, target: TARGET, headers: {} };

  it('flags an answer of another time, and accepts that of the time', async () => {
    const [old] = await states().between(TARGET, 10, 20);
    const answer = { status: 200, headers: {}, body: old?.body ?? '' };
    expect(await complaintOf(asked, answer, () => states().between(TARGET, 10, 50), [])).toBeUndefined();
    expect(await complaintOf(asked, answer, () => states().between(TARGET, 210, 250), [])).toMatch(
      /in none of 1 states/,
    );
  });

  it.each([
    [500, '{"error":"ERR_UNKNOWN","message":"the meta state source failed"}', undefined],
    [500, '{"error":"ERR_TIMEOUT","message":"x"}', /^500/],
    [502, '{"error":"ERR_UNKNOWN","message":"x"}', /^502/],
    [
      500,
      '{"error":"ERR_UNKNOWN","message":"postgres://admin:hunter2@10.0.0.7/pegasus"}',
      /the message of a source/,
    ],
  ])('judges %d %s', async (status, body, complaint) => {
    const found = await complaintOf(asked, { status, headers: {}, body }, async () => [], []);
    if (complaint === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(complaint);
  });
});
