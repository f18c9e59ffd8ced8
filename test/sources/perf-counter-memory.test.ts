import { expect, it } from 'vitest';
import { run } from '../support/child.js';

// In a process of its own: only there does the memory tell of nothing else.
const SCRIPT = `
  import { createServer } from 'node:http';
  import * as lib from 'pegasus-http';
  import { promClientCounters, promCounterName } from 'pegasus-http/prom-client';
  import { Counter, Histogram, Registry } from 'prom-client';

  const call = { signal: new AbortController().signal };
  let nowMs = 0;
  const now = () => nowMs;
  const registry = lib.perfCounterRegistry({ now });
  const number = registry.number('a*b*number', '');
  const volatile = registry.volatileNumber('a*b*volatile', '');
  const rate = registry.rate('a*b*rate', '');
  const percentile = registry.percentile('a*b*percentile', '', { resolution: 0.001 });
  const prom = new Registry();
  const requests = new Counter({ name: 'requests', help: 'r', labelNames: ['route'], registers: [prom] });
  const seconds = new Histogram({ name: 'seconds', help: 's', labelNames: ['route'], registers: [prom] });
  const labels = { route: '/' };
  const own = lib.processCounters();
  const all = lib.combinePerfCounters(registry, own, promClientCounters(prom, { now }));
  const names = [
    ...registry.names(),
    ...own.names().filter((name) => !name.includes('memused.virt')),
    promCounterName({ metric: 'requests', stat: 'rate', labels }),
    promCounterName({ metric: 'seconds', stat: 'percentile', labels }),
    'a*b*none',
  ];

  async function work(updates, reads) {
    for (let i = 0; i < updates; i++) {
      // Windows come and go: some 3,000 of them.
      nowMs += 100;
      number.set(i + 0.5);
      volatile.inc(0.25);
      rate.inc();
      percentile.observe((i % 1000) / 7);
      requests.inc(labels);
      seconds.observe(labels, i % 10);
      if (i % (updates / reads) === 0) await all.read(names[(i / (updates / reads)) % names.length], call);
    }
  }

  async function measure() {
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      gc();
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { js: heapUsed + external, rss };
  }

  await work(200_000, 20_000);
  const before = await measure();
  await work(1_000_000, 100_000);
  const after = await measure();
  own.close();
  console.log(JSON.stringify({ js: after.js - before.js, rss: after.rss - before.rss }));
`;

it('1,000,000 updates and 100,000 reads leave the memory flat', { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await run(['--expose-gc', '--input-type=module', '--eval', SCRIPT]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const grown = JSON.parse(stdout) as { js: number; rss: number };
  // One byte an update would be a million. The resident memory also has what the allocator keeps for later.
  expect(grown.js).toBeLessThan(500_000);
  expect(grown.rss).toBeLessThan(24 * 2 ** 20);
});
