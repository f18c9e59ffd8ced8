import { expect, it } from 'vitest';
import { getConfig, listConfig, setConfig } from '../support/admin-cli.js';
import { clientOf } from '../support/http.js';
import { startOnebox } from '../support/onebox.js';

it('admin-cli reads the onebox, which denies changes by default', async () => {
  const { meta, backup, replica, collector } = await startOnebox();
  for (const origin of [meta, backup, replica, collector]) {
    expect(await listConfig(origin, 'meta')).toEqual([
      '[meta_server] max_allowed_replica_count=5',
      '[meta_server] min_allowed_replica_count=1',
    ]);
    expect(await getConfig(origin, 'replica', 'onebox_max_writes')).toBe('onebox_max_writes=5');
    await expect(setConfig(origin, 'onebox_max_writes', '0')).rejects.toThrow('code=403');
  }
});

it('admin-cli changes the onebox that allows it, one server at a time', async () => {
  const { meta, replica } = await startOnebox(['--allow-writes']);
  const { get, send } = clientOf(replica);
  const putRate = async () => {
    const { value } = (await get('/perfCounter?name=replica*app.pegasus*put_qps@1.0')).json() as {
      value: string;
    };
    return Number(value);
  };
  await expect.poll(putRate, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(await setConfig(replica, 'onebox_max_writes', '0')).toBe('ERR_OK');
  await expect.poll(putRate, { timeout: 10_000 }).toBe(0);
  expect(await getConfig(replica, 'replica', 'onebox_max_writes')).toBe('onebox_max_writes=0');
  expect(await getConfig(meta, 'replica', 'onebox_max_writes')).toBe('onebox_max_writes=5');
  expect(await setConfig(meta, 'min_allowed_replica_count', '6')).toBe(
    'ERR_INVALID_PARAMETERS: group validator "min_max_allowed_replica_count" failed: "min_allowed_replica_count(6) should be <= max_allowed_replica_count(5)"',
  );
  const rebound = await send('GET', '/updateConfig?onebox_max_writes=1', { host: 'evil.example' });
  expect(rebound.status).toBe(403);
});
