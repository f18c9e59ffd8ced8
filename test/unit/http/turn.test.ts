import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('an idle connection keeps no response', async () => {
  const program = `
    import { once } from 'node:events';
    import { Agent, createServer, get } from 'node:http';
    import { createPegasusHandler, memoryCluster } from 'pegasus-http';
    const handler = createPegasusHandler(memoryCluster({ nodes: ['10.0.0.1:34801'], apps: [{ appName: 'a' }] }));
    const responses = [];
    const server = createServer((req, res) => {
      responses.push(new WeakRef(res));
      handler(req, res);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = server.address();
    const request = async (path) => {
      const [res] = await once(get({ port, path, agent, host: '127.0.0.1' }), 'response');
      await res.resume().toArray();
      return res.statusCode;
    };
    const statuses = [];
    for (const path of ['/version', '/meta/apps', '/nothing', '/meta/app?name=a&detail']) statuses.push(await request(path));
    for (let i = 0; i < 5; i += 1) (gc(), await new Promise((resolve) => setTimeout(resolve, 20)));
    console.log(JSON.stringify({ statuses, left: responses.filter((ref) => ref.deref() !== undefined).length }));
    // The connection still works, and it is one.
    const last = await request('/version');
    console.log(JSON.stringify({ last, connections: Object.values(agent.freeSockets).flat().length }));
    process.exit();`;
  const args = ['--expose-gc', '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 });
  const [idle, after] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(idle).toEqual({ statuses: [200, 200, 404, 200], left: 0 });
  expect(after).toEqual({ last: 200, connections: 1 });
});
