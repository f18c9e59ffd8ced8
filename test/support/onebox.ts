import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AppDescription } from '../../lib/index.js';
import { type Child, node } from './child.js';

/** A running onebox of its own: where its servers are, and the process that they live in. */
export interface Onebox {
  readonly meta: string;
  readonly backup: string;
  readonly replica: string;
  readonly collector: string;
  readonly child: Child;
}

/** Starts the onebox of the example on free ports of loopback until the test is over. Needs the build. */
export async function startOnebox(args: readonly string[] = [], description: object = {}): Promise<Onebox> {
  const [meta = '', backup = '', replica = '', collector = ''] = await freeAddresses(4);
  const apps: AppDescription[] = [
    { appName: 'stat', partitionCount: 4 },
    { appName: 'temp', partitionCount: 8 },
  ];
  const folder = mkdtempSync(join(tmpdir(), 'pegasus-http-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'cluster.json');
  writeFileSync(
    file,
    JSON.stringify({ metaServers: [meta, backup], nodes: [replica], apps, ...description }),
  );
  const child = node(['examples/onebox.js', ...args, '--collector', collector, file]);
  await child.says(/Stop with Ctrl-C/);
  const url = (address: string) => `http://${address}`;
  return { meta: url(meta), backup: url(backup), replica: url(replica), collector: url(collector), child };
}

/** Returns free addresses. It holds all of them until all are known, so that they differ. */
export async function freeAddresses(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const addresses = await Promise.all(
    servers.map(
      (server) =>
        new Promise<string>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const { port } = server.address() as import('node:net').AddressInfo;
            resolve(`127.0.0.1:${port}`);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return addresses;
}
