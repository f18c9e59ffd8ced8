import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createPegasusClient,
  type PegasusClient,
  type PegasusClientOptions,
} from '../../lib/client/index.js';
import {
  type Recorded,
  recorded,
  replay,
  startReplayCluster,
  startReplayServer,
  statesOf,
  VERSIONS,
} from '../support/replay-server.js';

/** A client that is closed behind the test. */
function clientOf(options: PegasusClientOptions): PegasusClient {
  const client = createPegasusClient(options);
  onTestFinished(() => client.close());
  return client;
}

const STATES = VERSIONS.flatMap((version) =>
  statesOf(version).map((state) => [version, state] as const),
).filter(([, state]) => !/^(builtin|backup_crash|redirects|posts|manual)/.test(state));

type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;

describe.each(STATES)('Pegasus %s, %s', (version, state) => {
  const exchanges = recorded(version, state);
  const json = (target: string): Record<string, Rows> | undefined => {
    const found = exchanges.findLast(
      (one) =>
        one.target === target &&
        one.status === 200 &&
        one.afterSeconds === undefined &&
        /[1-9]/.test(one.body),
    );
    return found && JSON.parse(found.body);
  };

  it('is read as domain values, backups first', async () => {
    const { servers, primary, backups } = await startReplayCluster(version, state);
    const { meta } = clientOf({ servers });
    expect(await meta.primary()).toBe(primary.address);

    const apps = await meta.apps();
    const { general_info: general = {}, healthy_info: healthy = {} } = json('/meta/apps?detail') ?? {};
    expect(apps.map(({ appName }) => appName)).toEqual(Object.values(general).map((row) => row['app_name']));
    for (const app of apps) {
      expect(new Date(app.createSecond * 1000).getFullYear()).toBe(2026);
      expect(app.health?.fullyHealthy).toBe(Number(healthy[app.appId]?.['fully_healthy']));
    }

    const nodes = await meta.nodes();
    expect(nodes.map(({ address }) => address)).toEqual(
      Object.keys(json('/meta/nodes?detail')?.['details'] ?? {}),
    );
    expect(nodes.every(({ replicaCounts }) => replicaCounts !== undefined)).toBe(true);

    const cluster = await meta.cluster();
    expect(cluster.metaServers).toHaveLength(version === '1.12' ? 2 : 3);
    expect(cluster.zookeeperRoot).toBe('/pegasus/onebox/127.0.0.1');

    for (const { target, body, status } of exchanges.filter(isAppDetail)) {
      const name = new URLSearchParams(target.split('?')[1]).get('name') ?? '';
      if (status === 404) expect(await meta.app(name)).toBeUndefined();
      // A real server splits the decoded query, so a name with & cannot be asked for.
      if (status === 400)
        await expect(meta.app(name)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAMETERS' });
      if (status !== 200) continue;
      const app = await meta.app(name);
      const { replicas, general } = JSON.parse(body);
      expect(app?.appId).toBe(Number(general.app_id));
      expect(app?.partitions.map(({ primary }) => primary ?? '-')).toEqual(
        Object.values<Record<string, string>>(replicas).map(({ primary }) => primary),
      );
    }

    const { apps: again, nodes: counted, ...info } = await meta.overview();
    expect([again, counted]).toEqual([apps, nodes]);
    const { nodes: alive, ...same } = cluster;
    expect(info).toEqual(same);
    expect(alive.map(({ address }) => address)).toEqual(nodes.map(({ address }) => address));
    expect(cluster.server).toBe(primary.address);
    for (const { faults } of [primary, ...backups]) expect(faults).toEqual([]);
    for (const { requests } of backups) expect(requests.join()).not.toContain('/meta/cluster');
  });
});

function isAppDetail({ server, target, afterSeconds, body }: Recorded): boolean {
  if (afterSeconds !== undefined || !/^\/meta\/app\?name=.*&detail$/.test(target)) return false;
  return server === 'meta1' || body.startsWith('{"general"');
}

it('sends its requests over few connections', async () => {
  const server = await startReplayServer(replay(recorded('2.5', 'healthy'), 'meta1'));
  const { meta } = clientOf({ servers: server.address, maxConnections: 2 });
  await Promise.all(Array.from({ length: 50 }, () => meta.app('temp')));
  expect(server.connections()).toBeLessThanOrEqual(2);
  expect(server.faults).toEqual([]);
});
