import { expect, it, onTestFinished, vi } from 'vitest';
import { remoteCluster } from '../../lib/sources/remote/index.js';
import { serve } from '../support/http.js';
import {
  emptyBackup,
  httpText,
  type React,
  type ReplayServer,
  recorded,
  redirectingBackup,
  replay,
  startReplayServer,
} from '../support/replay-server.js';

const STEPS = 25;

/** Random numbers of a seed (mulberry32), so that a failure can be repeated. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** What the primary says of table `temp`: with each step a larger ballot, so that the age of an answer shows. */
function primaryAt(step: () => number): React {
  const healthy = replay(recorded('2.5', 'healthy'), 'meta1');
  return (request) => {
    const reaction = healthy(request);
    if (typeof reaction !== 'object' || 'raw' in reaction) return reaction;
    return { ...reaction, body: reaction.body.replaceAll(/"ballot":"\d+"/g, `"ballot":"${step() + 10}"`) };
  };
}

/** Reactions of servers that are broken in many ways. */
function faults(primary: React, foreign: ReplayServer, random: (below: number) => number): React {
  const ways: readonly React[] = [
    () => undefined,
    () => 'silence',
    () => ({ status: 500, body: 'ERR_UNKNOWN' }),
    () => ({ raw: 'garbage\r\n\r\n' }),
    () => ({ status: 200, body: '{"general_info":{"1":' }),
    () => ({ status: 200, body: `"${'x'.repeat(300_000)}"` }),
    () => ({ status: 200, body: '['.repeat(2_000) }),
    (request) => {
      const reaction = primary(request);
      if (typeof reaction !== 'object' || 'raw' in reaction) return reaction;
      const text = httpText(reaction);
      return { raw: text.slice(0, random(text.length)) };
    },
    ({ target }) => ({ status: 307, body: '', location: `http://${foreign.address}${target}` }),
    () => ({ status: 307, body: '', location: 'http://invalid address/meta/apps' }),
  ];
  return (request) => (ways[random(ways.length)] as React)(request);
}

it.each([1, 2, 3])('survives chaos of seed %i', { timeout: 120_000 }, async (seed) => {
  const random = randomOf(seed);
  const foreign = await startReplayServer(replay(recorded('2.5', 'healthy'), 'meta1'));
  let step = 0;
  const primary = primaryAt(() => step);
  const metas = await Promise.all(Array.from({ length: 3 }, () => startReplayServer(emptyBackup)));
  const dead = new Set<ReplayServer>();
  const source = remoteCluster({
    servers: metas.map(({ address }) => address),
    maxAgeMs: 20,
    timeoutMs: 2_000,
    requestTimeoutMs: 150,
    retries: 1,
    maxResponseBytes: 200_000,
  });
  onTestFinished(() => source.close());
  const { get } = await serve(source, { timeoutMs: 5_000 });
  let leader: ReplayServer | undefined;

  /** Makes one server the primary, and the others backups of either kind. */
  async function elect(next: ReplayServer): Promise<void> {
    leader = next;
    for (const meta of metas) {
      meta.thaw();
      if (dead.delete(meta)) await meta.restart();
      const isReleased = random(2) === 0;
      meta.react(meta === next ? primary : isReleased ? emptyBackup : redirectingBackup(() => next.address));
    }
  }

  /** Whether every answer is a whole one, or a 503. */
  async function check(): Promise<void> {
    const answers = await Promise.all(
      ['/meta/app?name=temp&detail', '/meta/apps?detail', '/meta/nodes', '/meta/cluster'].map((target) =>
        get(target),
      ),
    );
    for (const { status, body } of answers) {
      expect([200, 500, 503, 504], body).toContain(status);
      if (status === 200) expect(() => JSON.parse(body)).not.toThrow();
    }
    const [app, apps] = answers;
    // Dropped tables were not dropped.
    if (apps?.status === 200)
      expect(Object.keys((apps.json() as { summary: object }).summary)).toHaveLength(5);
    if (apps?.status === 200) expect(apps.body).toContain('"total_app_count":"3"');
    expect(app?.status).not.toBe(404);
  }

  await elect(metas[random(3)] as ReplayServer);
  await check();
  for (step = 1; step <= STEPS; step += 1) {
    const meta = metas[random(3)] as ReplayServer;
    switch (random(6)) {
      case 0:
        if (!dead.has(meta)) {
          dead.add(meta);
          await meta.kill();
        }
        break;
      case 1:
        meta.freeze();
        break;
      case 2:
        meta.react(faults(primary, foreign, random));
        break;
      default:
        await elect(meta);
    }
    await check();
    if (leader !== undefined && !dead.has(leader) && random(3) === 0) {
      await elect(leader);
      const current = leader;
      const known = step;
      await vi.waitFor(
        async () => {
          const answer = await get('/meta/app?name=temp&detail');
          expect(answer.headers['age']).toBeUndefined();
          expect(answer.body).toContain(`"ballot":"${known + 10}"`);
          expect((await get('/meta/apps')).status).toBe(200);
          expect(source.upstream().primary).toBe(current.address);
        },
        { timeout: 10_000 },
      );
    }
  }
  expect(foreign.connections()).toBe(0);
  for (const meta of metas) {
    expect(meta.faults).toEqual([]);
    expect(meta.requests.every((one) => /^GET \/meta\//.test(one))).toBe(true);
  }
});
