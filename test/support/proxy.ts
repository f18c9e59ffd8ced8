import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A network between a client and a server. A test can break it. */
export interface Proxy {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Cuts all connections. New ones can be made. */
  cut(): void;
  /** Holds all data back, without a sign to either side; `false` lets the data through again. */
  freeze(isFrozen: boolean): void;
  /** Returns how many connections were made. */
  connections(): number;
}

/**
 * Opens a proxy in front of a server, until the test is over.
 *
 * @param target - `host:port` of the server.
 */
export async function proxied(target: string): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isFrozen = false;
  let connections = 0;
  const [host = '', port = ''] = target.split(':');
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(Number(port), host);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', end);
      from.on('close', end);
      if (isFrozen) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  onTestFinished(async () => {
    cut();
    server.close();
    await once(server, 'close');
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    freeze(frozen) {
      isFrozen = frozen;
      for (const pair of pairs) for (const socket of pair) frozen ? socket.pause() : socket.resume();
    },
    connections: () => connections,
  };
}
