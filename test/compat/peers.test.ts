import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../support/child.js';
import { consumer } from '../support/consumer.js';
import { PEERS } from './versions.js';

it.each(PEERS['prom-client'])('prom-client %s', async (version) => {
  const folder = await consumer([`prom-client@${version}`]);
  const file = join(folder, 'service.js');
  await writeFile(
    file,
    `import { once } from 'node:events';
     import { createServer } from 'node:http';
     import { createPegasusHandler } from 'pegasus-http';
     import { promClientCounters, promCounterName } from 'pegasus-http/prom-client';
     import { collectDefaultMetrics, Counter, Gauge, Histogram } from 'prom-client';

     collectDefaultMetrics();
     new Counter({ name: 'gets', help: 'gets', labelNames: ['method'] }).inc({ method: 'GET' }, 3);
     new Gauge({ name: 'open', help: 'open' }).set(1.5);
     const histogram = new Histogram({ name: 'took', help: 'took', buckets: [1, 2] });
     for (let i = 0; i < 100; i++) histogram.observe(0.5);
     const server = createServer(createPegasusHandler({ perfCounters: promClientCounters() })).listen(0, '127.0.0.1');
     await once(server, 'listening');
     for (const [metric, stat, labels] of [
       ['gets', 'value', { method: 'GET' }],
       ['open', 'value', {}],
       ['took', 'percentile', {}],
       ['process_cpu_seconds_total', 'rate', {}],
     ]) {
       const name = encodeURIComponent(promCounterName({ metric, stat, labels }));
       const answer = await fetch(\`http://127.0.0.1:\${server.address().port}/perfCounter?name=\${name}\`);
       console.log(answer.status, (await answer.text()).trim());
     }
     server.close();
     server.closeAllConnections();`,
  );
  const { stdout, stderr, code } = await run([file], { cwd: folder });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout).toMatch(/^200 .*"3\.00".*\n200 .*"1\.50".*\n200 .*PERCENTILE.*\n200 .*RATE.*\n$/);
});

it.each(PEERS['node-zookeeper-client'])('node-zookeeper-client %s', async (version) => {
  const folder = await consumer([`node-zookeeper-client@${version}`]);
  const file = join(folder, 'service.js');
  // The suite runs against a real ZooKeeper with this version; here it is to be found from the installed package.
  await writeFile(
    file,
    `import { zookeeperCluster } from 'pegasus-http/zookeeper';
     const cluster = zookeeperCluster({ servers: '127.0.0.1:1', clusterRoot: '/pegasus/c1', onError: () => {} });
     cluster.close();
     console.log('closed');`,
  );
  expect(await run([file], { cwd: folder })).toMatchObject({ code: 0, stdout: 'closed\n', stderr: '' });
});
