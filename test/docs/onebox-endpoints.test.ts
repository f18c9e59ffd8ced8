import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROOT } from '../support/child.js';
import { clientOf } from '../support/http.js';
import { startOnebox } from '../support/onebox.js';

const { apps, backupPolicies } = JSON.parse(readFileSync(`${ROOT}examples/onebox.json`, 'utf8'));

/** The arguments of the paths that need some. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  '/config': 'name=onebox_max_writes',
  '/perfCounter': 'name=replica*server*memused.res(MB)',
  '/pprof/profile': 'seconds=1',
  '/meta/app': 'name=temp&detail',
  '/meta/app_envs': 'name=temp',
  '/meta/app/duplication': 'name=temp',
  '/meta/app/query_bulk_load': 'name=temp',
  '/replica/duplication': 'appid=2',
  '/replica/data_version': 'app_id=2',
  '/replica/manual_compaction': 'app_id=2',
};

const BODIES: Readonly<Record<string, object>> = {
  '/meta/app/start_compaction': {
    app_name: 'temp',
    type: 'once',
    target_level: -1,
    bottommost_level_compaction: 'force',
  },
  '/meta/app/start_bulk_load': {
    app_name: 'temp',
    cluster_name: 'onebox',
    file_provider_type: 'local_service',
    remote_root_path: 'bulk',
  },
  '/meta/app/usage_scenario': { app_name: 'temp', scenario: 'bulk_load' },
};

it('the onebox serves every endpoint, with something to see in each', { timeout: 90_000 }, async () => {
  const onebox = await startOnebox(['--allow-writes'], { apps, backupPolicies });
  const seen = new Set<string>();
  for (const origin of [onebox.meta, onebox.replica, onebox.collector]) {
    const { get, send } = clientOf(origin);
    const { paths } = (await get('/openapi.json')).json() as { paths: Record<string, object> };
    for (const path of Object.keys(paths)) {
      if (path === '/updateConfig' || seen.has(path)) continue;
      const query = ARGUMENTS[path] === undefined ? '' : `?${ARGUMENTS[path]?.replaceAll(' ', '%20')}`;
      const { status, body } =
        BODIES[path] === undefined
          ? await get(path + query)
          : await send('POST', path, {}, JSON.stringify(BODIES[path]));
      expect([path, status, body.slice(0, 300)]).toEqual([path, 200, expect.anything()]);
      expect([path, body.trim()]).not.toEqual([path, expect.stringMatching(/^(\{\}|\[\]|null|)$/)]);
      seen.add(path);
    }
  }
  expect(seen.size).toBeGreaterThan(25);
});
