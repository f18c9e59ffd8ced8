import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { type ElectionOptions, electPrimary } from '../../lib/sources/zookeeper/index.js';
import { serve } from '../support/http.js';
import { proxied } from '../support/proxy.js';
import { realZookeeper, refuse, stored } from '../support/zookeeper.js';

const zookeeper = realZookeeper();
const PATIENCE = { timeout: 10_000 };
const LOCK = 'dsn.meta.server.leader';

async function elected(lockRoot: string, options: Partial<ElectionOptions> = {}) {
  const election = electPrimary({
    servers: zookeeper().address,
    lockRoot,
    address: '127.0.0.1:1',
    sessionTimeoutMs: 2000,
    ...options,
  });
  onTestFinished(() => election.close());
  await election.ready();
  return election;
}

describe('an election', () => {
  it('is won by the first host, the others redirect to it, and the next one follows when it leaves', async () => {
    const [a, b, c] = [
      await elected('/e1', { address: '127.0.0.1:1' }),
      await elected('/e1', { address: '127.0.0.1:2' }),
      await elected('/e1', { address: '127.0.0.1:3', resolveUrl: (address) => `https://${address}/pegasus` }),
    ];
    expect(a.role()).toEqual({ role: 'primary' });
    expect(b.role()).toEqual({ role: 'backup', primaryUrl: 'http://127.0.0.1:1' });
    expect(c.role()).toEqual({ role: 'backup', primaryUrl: 'https://127.0.0.1:1/pegasus' });
    await a.close();
    expect(a.role()).toEqual({ role: 'backup', primaryUrl: null });
    await vi.waitFor(() => expect(b.role()).toEqual({ role: 'primary' }), PATIENCE);
    await vi.waitFor(
      () => expect(c.role()).toEqual({ role: 'backup', primaryUrl: 'https://127.0.0.1:2/pegasus' }),
      PATIENCE,
    );
  });

  it('takes part beside real meta servers: a lower number than its own leads', async () => {
    const meta = await stored(zookeeper().address);
    await meta.hold(`/e2/${LOCK}/LOCKNODE0000000000`, '10.0.0.1:34601');
    await meta.put(`/e2/${LOCK}/stranger`, 'is not looked at');
    const election = await elected('/e2');
    expect(election.role()).toEqual({ role: 'backup', primaryUrl: 'http://10.0.0.1:34601' });
    await meta.remove(`/e2/${LOCK}/LOCKNODE0000000000`);
    await vi.waitFor(() => expect(election.role()).toEqual({ role: 'primary' }), PATIENCE);
    expect(await meta.get(`/e2/${LOCK}/LOCKNODE0000000002`)).toBe('127.0.0.1:1');
  });

  it('joins again when its own node is removed', async () => {
    const writer = await stored(zookeeper().address);
    const election = await elected('/e3');
    await writer.remove(`/e3/${LOCK}/LOCKNODE0000000000`);
    await vi.waitFor(async () => {
      expect(await writer.get(`/e3/${LOCK}/LOCKNODE0000000001`)).toBe('127.0.0.1:1');
      expect(election.role()).toEqual({ role: 'primary' });
    }, PATIENCE);
  });

  it('is lost by a primary without contact to ZooKeeper before another host wins it', async () => {
    const network = await proxied(zookeeper().address);
    const onError = vi.fn();
    const cutOff = await elected('/e4', { servers: network.address, sessionTimeoutMs: 1000, onError });
    const other = await elected('/e4', { address: '127.0.0.1:2' });
    network.freeze(true);
    const seen = new Set<string>();
    await vi.waitFor(
      () => {
        seen.add(`${cutOff.role().role} ${other.role().role}`);
        expect(other.role()).toEqual({ role: 'primary' });
      },
      { ...PATIENCE, interval: 1 },
    );
    expect([...seen]).toEqual(['primary backup', 'backup backup', 'backup primary']);
    network.freeze(false);
    await vi.waitFor(
      () => expect(cutOff.role()).toEqual({ role: 'backup', primaryUrl: 'http://127.0.0.1:2' }),
      PATIENCE,
    );
    expect(onError).toHaveBeenCalledOnce();
  });

  it('keeps its session over a connection that is cut', async () => {
    const network = await proxied(zookeeper().address);
    const election = await elected('/e5', { servers: network.address });
    const other = await elected('/e5', { address: '127.0.0.1:2' });
    for (let i = 1; i <= 5; i++) {
      network.cut();
      await vi.waitFor(() => expect(network.connections()).toBe(i + 1), PATIENCE);
      await sleep(20);
    }
    await vi.waitFor(() => expect(election.role()).toEqual({ role: 'primary' }), PATIENCE);
    expect(other.role()).toEqual({ role: 'backup', primaryUrl: 'http://127.0.0.1:1' });
  });

  it('has no primary while ZooKeeper is down, and the same one afterwards', async () => {
    const election = await elected('/e6');
    await zookeeper().kill();
    await vi.waitFor(() => expect(election.role()).toEqual({ role: 'backup', primaryUrl: null }), PATIENCE);
    const { get } = await serve({ metaState: election.wrap(memoryCluster().metaState) });
    expect((await get('/meta/apps')).json()).toMatchObject({ error: 'ERR_FORWARD_TO_OTHERS' });
    await zookeeper().start();
    await vi.waitFor(() => expect(election.role()).toEqual({ role: 'primary' }), PATIENCE);
  });

  it('wraps a source: its own role, and all else of the source', async () => {
    const election = await elected('/e7');
    const { metaState } = memoryCluster({ apps: [{ appName: 'temp' }] });
    const { get } = await serve({
      metaState: election.wrap({ ...metaState, staleSince: () => Date.now() / 1000 - 5.5 }),
    });
    expect((await get('/meta/app?name=temp')).headers['age']).toBe('5');
    expect((await get('/meta/apps')).status).toBe(200);
    expect(election.wrap(metaState)).not.toHaveProperty('staleSince');
  });

  it('tries again when ZooKeeper refuses an operation', async () => {
    const writer = await stored(zookeeper().address);
    await writer.put(`/e8/${LOCK}`, '');
    await refuse(zookeeper().address, `/e8/${LOCK}`);
    const onError = vi.fn();
    const election = electPrimary({
      servers: zookeeper().address,
      lockRoot: '/e8',
      address: '127.0.0.1:1',
      sessionTimeoutMs: 1000,
      onError,
    });
    onTestFinished(() => election.close());
    const refusal = `ZooKeeper refuses /e8/${LOCK}`;
    await vi.waitFor(() => {
      const refusals = onError.mock.calls.filter(([error]) => error.message.includes(refusal));
      expect(refusals.length).toBeGreaterThan(1);
    }, PATIENCE);
    expect(election.role()).toEqual({ role: 'backup', primaryUrl: null });
    // On a busy machine the connection may be lost for a moment, which is another reason not to be ready.
    await vi.waitFor(() => expect(election.ready(1)).rejects.toThrow(refusal), PATIENCE);
  });

  it.each([
    [{ address: '10.0.0.1' }, 'address must be an address such as'],
    [{ lockRoot: 'x' }, 'lockRoot must be the path of a znode'],
    [{ resolveUrl: 'http://x' }, 'resolveUrl must be a function'],
    [{ servers: [] }, 'servers must be at least one address'],
  ])('refuses the options %j at once', (wrong, message) => {
    const fine = { servers: '127.0.0.1:2181', lockRoot: '/x', address: '127.0.0.1:1' };
    expect(() => electPrimary({ ...fine, ...wrong } as ElectionOptions)).toThrow(message);
  });

  it('rejects ready() when it cannot take part', async () => {
    const election = electPrimary({ servers: '127.0.0.1:1', lockRoot: '/x', address: '127.0.0.1:1' });
    await expect(election.ready(100)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    const waiting = election.ready();
    await election[Symbol.asyncDispose]();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_SERVICE_NOT_ACTIVE' });
  });
});
