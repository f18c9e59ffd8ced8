import { PegasusError } from '../model/errors.js';
import { checkArguments } from '../validate/options.js';
import { createAskPrimary } from './ask-primary.js';
import { createAskServer } from './ask-server.js';
import { createCallRunner } from './call.js';
import { createMetaClient } from './meta-client.js';
import { type PegasusClientOptions, resolveClientOptions } from './options.js';
import { createPrimaryFinder } from './primary-finder.js';
import { parseServer } from './server-address.js';
import { createServerClient } from './server-client.js';
import type { ServerClient } from './server-types.js';
import { createTransport } from './transport.js';
import type { MetaClient } from './types.js';

/** A client of the HTTP interface of a Pegasus cluster. */
export interface PegasusClient {
  /** The operations of the primary meta server, which the client finds by itself. */
  readonly meta: MetaClient;
  /**
   * Returns the operations of one server of any kind.
   *
   * @param address - `host:port`, or a base URL such as `http://10.0.0.9:8080/c1`. It need not be one of the client's `servers`.
   * @throws TypeError if the address is malformed.
   */
  server(address: string): ServerClient;
  /** Returns how many HTTP requests the client has sent. */
  requestCount(): number;
  /** Ends all calls with `ERR_SERVICE_NOT_ACTIVE` and closes the connections. */
  close(): void;
  /** The same as `close`. */
  [Symbol.dispose](): void;
}

/**
 * Creates a client of a running Pegasus cluster, from 1.12 to 2.6. Its answers are domain values: numbers, unix seconds, unions.
 *
 * The client finds the primary meta server, remembers it, and looks for another one when it fails. It believes that a meta server leads
 * when the server lists nodes, because a backup of Pegasus 2.4 and 2.5 does not redirect but answers from an empty state. It asks no other
 * server for `/meta/cluster`, which ends the process of such a backup. Nothing is sent to a server that is neither configured nor in the
 * primary's `/meta/cluster`, wherever a redirect points.
 *
 * Errors are `PegasusError` whose message names the server and what it said. Reads are tried again after a network failure; writes are
 * sent once. Connections are kept, few, and do not keep the process alive.
 *
 * Pegasus prints times in the local time of its servers. The client takes them for the local time of this process, unless the option
 * `timeZone` names another zone.
 *
 * @returns A client. It sends nothing before the first call.
 * @throws TypeError if an option is wrong.
 *
 * @example
 * ```ts
 * import { createPegasusClient } from 'pegasus-http/client';
 *
 * const client = createPegasusClient({ servers: '10.0.0.1:34601,10.0.0.2:34601' });
 *
 * export async function report(): Promise<void> {
 *   for (const { appName, partitionCount, health } of await client.meta.apps()) {
 *     console.log(`${appName}: ${health?.fullyHealthy} of ${partitionCount} partitions are healthy`);
 *   }
 *   const { version } = await client.server('10.0.0.7:34801').version();
 *   console.log(`the replica server runs Pegasus ${version}`);
 * }
 * ```
 */
export function createPegasusClient(options: PegasusClientOptions): PegasusClient {
  const resolved = resolveClientOptions(options, 'createPegasusClient');
  const closed = new AbortController();
  const transport = createTransport(resolved);
  const finder = createPrimaryFinder(resolved.servers, transport, closed.signal);
  const call = createCallRunner(resolved.timeoutMs, closed.signal);
  const ask = createAskPrimary(transport, finder, resolved.retries);

  function close(): void {
    if (closed.signal.aborted) return;
    closed.abort(new PegasusError('ERR_SERVICE_NOT_ACTIVE', 'the client is closed'));
    transport.close();
  }

  return {
    meta: createMetaClient(call, ask, finder),
    server(address) {
      const server = checkArguments('PegasusClient.server', () => parseServer(address, 'address'));
      return createServerClient(call, createAskServer(transport, server, resolved.retries), resolved);
    },
    requestCount: transport.requests,
    close,
    [Symbol.dispose]: close,
  };
}
