import * as check from '../validate/checks.js';
import { createFaults, type Faults } from './faults.js';
import { type Listener, openListener } from './listener.js';
import type { NamedServer } from './server-names.js';
import type { FakeServer, ServeClusterOptions } from './types.js';

/** A server with the means to stop it and to break it. */
export interface ServerHandle {
  readonly server: FakeServer;
  readonly listener: Listener;
  readonly faults: Faults;
}

/** Lets a server listen. A node that is not alive only reserves its port, and stops listening in `createFakeCluster`. */
export async function createFakeServer(
  { role, name }: NamedServer,
  ports: ServeClusterOptions['ports'],
): Promise<ServerHandle> {
  const { hostname, port } = new URL(
    `http://${ports === 'described' ? check.address(name, 'name') : '127.0.0.1:0'}`,
  );
  const listener = await openListener(hostname.replace(/^\[(.*)\]$/, '$1'), Number(port === '' ? 80 : port));
  const address = ports === 'described' ? name : listener.address;
  const server: FakeServer = {
    role,
    name,
    address,
    url: `http://${address}`,
    get isListening() {
      return listener.isListening;
    },
  };
  return { server, listener, faults: createFaults() };
}
