import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { describe, expect, it } from 'vitest';
import { run } from '../support/child.js';
import { ONEBOX, sample } from '../support/fixtures.js';
import { startOnebox } from '../support/onebox.js';

/** What the real curl gets of one counter, asked for by an escaped name. */
async function curl(origin: string, query: string): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)('curl', [
    '--silent',
    '--show-error',
    `${origin}/perfCounter?${query}`,
  ]);
  return JSON.parse(stdout);
}

const read = (origin: string, name: string) => curl(origin, `name=${encodeURIComponent(name)}`);

/** Reads a counter until a figure of it is not what it was. */
async function moves(origin: string, name: string, figure: 'value' | 'p99' = 'value'): Promise<void> {
  const first = (await read(origin, name))[figure];
  expect(first, name).toMatch(/^\d+\.\d\d$/);
  await expect.poll(async () => (await read(origin, name))[figure], { timeout: 10_000 }).not.toBe(first);
}

describe('the counters of a running onebox', () => {
  const odd = [
    'collector*app.pegasus*app.stat.read_qps#_all_',
    'replica*app.pegasus*get_qps@1.0',
    'replica*server*memused.res(MB)',
    'a*b*1+1=2',
    'a*b*x&y',
    'a*b*100%',
    'a*b*%2B',
    'a*b*what?',
    'a*b*c/d//e',
    'a*b*quote"\'\\',
    'a*b*<tag>;,:!$~[]{}|^`',
    'a*b*with blanks  ',
    'a*b*表',
    'a*b*😀',
    'a*b*c*d',
  ];

  it('may have any name', async () => {
    const perfCounters = odd.map((name, i) => ({
      name,
      type: 'NUMBER',
      value: i,
      description: `number ${i}`,
    }));
    const { meta, backup, replica, collector } = await startOnebox([], { perfCounters });
    for (const origin of [meta, backup, replica, collector]) {
      for (const [i, name] of odd.entries()) {
        // What the process has itself comes before what the description says.
        if (name.startsWith('replica*server')) continue;
        const expected = { name, value: `${i}.00`, type: 'NUMBER', description: `number ${i}` };
        expect(await read(origin, name)).toEqual(expected);
        const everyByte = Buffer.from(name).toString('hex').replace(/../g, '%$&');
        expect(await curl(origin, `name=${everyByte}`)).toEqual(expected);
      }
    }
    // As a person types it: only # must be escaped, and + is a plus.
    expect(await curl(meta, 'name=collector*app.pegasus*app.stat.read_qps%23_all_')).toMatchObject({
      value: '0.00',
    });
    expect(await curl(meta, 'name=a*b*1+1=2')).toMatchObject({ name: 'a*b*1+1=2' });
    expect(await curl(meta, 'name=a*b*1%2B1%3D2')).toMatchObject({ name: 'a*b*1+1=2' });
    expect(await curl(meta, 'name=a*b*1%201=2')).toMatchObject({ error: 'ERR_OBJECT_NOT_FOUND' });
    expect(await curl(meta, 'name=replica*server*memused.res(MB)')).toMatchObject({ type: 'NUMBER' });
  });

  it("are the guide's where the guide has one", async () => {
    const { collector } = await startOnebox([], { perfCounters: ONEBOX.perfCounters });
    expect(await curl(collector, 'name=collector*app.pegasus*app.stat.read_qps%23_all_')).toEqual(
      sample('perfCounter'),
    );
  });

  it('move under its workload, on every kind of server', async () => {
    const { meta, replica, collector } = await startOnebox();
    await moves(replica, 'replica*app.pegasus*put_qps@1.0');
    await moves(replica, 'replica*app.pegasus*put_latency', 'p99');
    await moves(collector, 'collector*app.pegasus*app.stat.write_qps#_all_');
    await moves(collector, 'collector*app.pegasus*app.stat.write_qps#temp');
    await moves(meta, 'meta*http*qps@/perfCounter');
    await moves(meta, 'replica*server*event_loop.delay(ms)', 'p99');
    for (const [app, origin] of Object.entries({ meta, replica, collector })) {
      await moves(origin, `${app}*http*qps@_all_`);
      await moves(origin, 'replica*server*cpu.user(%)');
    }
    expect(await read(meta, 'meta*eon.meta_service*alive_nodes')).toMatchObject({ value: '1.00' });
    expect(await read(replica, 'meta*eon.meta_service*alive_nodes')).toMatchObject({
      error: 'ERR_OBJECT_NOT_FOUND',
    });
  });

  it('agree with a load generator about rate and latency', async () => {
    // So slow that what lies between the two clocks, event loops that are busy with other things, is far below a tenth.
    const { meta } = await startOnebox(['--delay', '1000']);
    const url = `${meta}/meta/app?name=temp&detail`;
    // The first requests are slower on both sides, and are not counted.
    await autocannon({ url, amount: 100, connections: 100 });
    await read(meta, 'meta*http*qps@/meta/app');
    const startMs = performance.now();
    const result = await autocannon({ url, amount: 500, connections: 100 });
    const counted = await read(meta, 'meta*http*qps@/meta/app');
    const seconds = (performance.now() - startMs) / 1000;
    const latency = await read(meta, 'meta*http*latency(ms)@/meta/app');

    expect(result['2xx']).toBe(500);
    const near = (ours: string | undefined, theirs: number) => {
      expect(Number(ours) / theirs).toBeGreaterThan(0.9);
      expect(Number(ours) / theirs).toBeLessThan(1.1);
    };
    near(counted['value'], 500 / seconds);
    near(counted['value'], (500 * 1000) / (result.finish.getTime() - result.start.getTime()));
    near(latency['p99'], result.latency.p99);
    near(latency['p999'], result.latency.p99_9);
    expect(await read(meta, 'meta*http*recent.server.error.count@_all_')).toMatchObject({ value: '0.00' });
  });

  it('do not keep it from stopping', async () => {
    const { meta, child } = await startOnebox();
    for (const what of ['event_loop.delay(ms)', 'gc.pause(ms)']) await read(meta, `replica*server*${what}`);
    child.process.kill('SIGTERM');
    expect(await child.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });
});

it.each([
  [['--delay', 'long'], 'onebox: --delay must be an integer from 0 to 99999, not "long"'],
  [['--collector', 'here'], 'onebox: --collector takes an address such as 127.0.0.1:34101, not here'],
])('refuses %o', async (args, message) => {
  expect(await run(['examples/onebox.js', ...args])).toMatchObject({ code: 2, stderr: `${message}\n` });
});
