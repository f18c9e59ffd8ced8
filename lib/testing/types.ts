import type { RequestListener } from 'node:http';
import type { ReplicaServer } from '../model/cluster.js';
import type { Profiler } from '../model/profiler.js';
import type { ClusterSource } from '../model/source.js';
import type { ClusterDescription } from '../sources/memory/description.js';
import type { MemoryCluster } from '../sources/memory/types.js';

/**
 * A cluster in plain data, as `memoryCluster` takes it, but its servers need no addresses: each has a name, and gets a free port.
 * Wherever the description names a server, it uses that name.
 */
export interface FakeClusterDescription extends Omit<ClusterDescription, 'metaServers' | 'nodes'> {
  /**
   * How many meta servers there are, or their names. Those of a number are `meta1`, `meta2` and so on.
   *
   * @defaultValue 1
   */
  readonly metaServers?: number | readonly string[];
  /**
   * How many replica servers there are, or their names. Those of a number are `node1`, `node2` and so on. A node whose `status` is not
   * `ALIVE` does not listen until `reviveNode`.
   *
   * @defaultValue 3
   */
  readonly nodes?: number | readonly (string | ReplicaServer)[];
}

/** Options of {@link serveCluster}. */
export interface ServeClusterOptions {
  /**
   * Where the servers listen: on free ports of `127.0.0.1`, or on the addresses of the description, which then must be `host:port`.
   *
   * @defaultValue `free`
   */
  readonly ports?: 'free' | 'described' | undefined;
  /** Adds `/pprof/*` to all servers. */
  readonly profiler?: Profiler | undefined;
  /**
   * Creates the request listener of one server, for a handler with options or a source with more parts.
   *
   * @param source - The part of the cluster that the server shows.
   * @param server - The server. It does not listen yet.
   *
   * @defaultValue `(source) => createPegasusHandler(source)`
   */
  readonly createHandler?: ((source: ClusterSource, server: FakeServer) => RequestListener) | undefined;
}

/** One server of a {@link FakeCluster}. */
export interface FakeServer {
  /** Whether it is a meta server or a replica server. */
  readonly role: 'meta' | 'replica';
  /** Its name in the description. */
  readonly name: string;
  /** `host:port`, by which the memory cluster knows it. */
  readonly address: string;
  /** `http://host:port`. */
  readonly url: string;
  /** Whether it accepts connections now. */
  readonly isListening: boolean;
}

/** What a server does with requests in the place of its normal response. */
export interface Fault {
  /**
   * Path that is affected, with all paths below it, such as `/meta` or `/meta/apps`.
   *
   * @defaultValue `/`, which is every request
   */
  readonly path?: string | undefined;
  /**
   * How many milliseconds the response comes later.
   *
   * @defaultValue 0
   */
  readonly delayMs?: number | undefined;
  /**
   * What takes the place of the response: an HTTP status from 400 to 599; `reset` (the connection is reset without a response);
   * `truncated` (the connection closes in the middle of the body); `malformed` (status 200, and a body that is no JSON); `none` (no
   * response at all, until the client closes the connection). `normal` is the normal response.
   *
   * @defaultValue `normal`
   */
  readonly response?: number | 'normal' | 'reset' | 'truncated' | 'malformed' | 'none' | undefined;
  /**
   * How many requests are affected before the fault ends.
   *
   * @defaultValue all
   */
  readonly times?: number | undefined;
}

/**
 * A cluster whose servers listen; created by {@link serveCluster}.
 *
 * Functions that take a server accept the {@link FakeServer}, its name or its address. They reject with a `PegasusError`:
 * `ERR_OBJECT_NOT_FOUND` if there is no such server, `ERR_INVALID_STATE` if it is down (or up) already or the fake cluster is closed.
 */
export interface FakeCluster extends AsyncDisposable {
  /**
   * The state of the cluster. Its operations change what the servers respond; they take addresses, such as `fake.replicas[0].address`. Use
   * the functions of the fake cluster to kill, revive, add and remove nodes, because the operations of the same names leave the listeners
   * as they are.
   */
  readonly cluster: MemoryCluster;
  /** The meta servers, in the order of the description. */
  readonly metas: readonly FakeServer[];
  /** The replica servers that the cluster has now. */
  readonly replicas: readonly FakeServer[];
  /** The primary meta server; `undefined` during an election. */
  readonly primaryMeta: FakeServer | undefined;
  /**
   * Returns the server of a name or an address.
   *
   * @throws PegasusError `ERR_OBJECT_NOT_FOUND`
   */
  server(nameOrAddress: string): FakeServer;
  /** Kills a replica server: its connections break, it refuses new ones, and its partitions move to other nodes. */
  killNode(server: FakeServer | string): Promise<void>;
  /** Revives a replica server on the port that it had. */
  reviveNode(server: FakeServer | string): Promise<void>;
  /**
   * Adds a replica server. It gets replicas that are missing.
   *
   * @param name - Default: `node` and the next free number. With `ports: 'described'` it must be the address.
   */
  addNode(name?: string): Promise<FakeServer>;
  /** Removes a replica server from the cluster for good. */
  removeNode(server: FakeServer | string): Promise<void>;
  /**
   * Kills a meta server. If it was the primary, the first one in the order of the description that is up becomes the primary; if none is,
   * there is no primary.
   */
  killMeta(server: FakeServer | string): Promise<void>;
  /** Revives a meta server on the port that it had. It becomes the primary if there is none, else a backup. */
  reviveMeta(server: FakeServer | string): Promise<void>;
  /** Makes a server slow or broken. The fault replaces another one of the same path. The one with the longest path wins. */
  setFault(server: FakeServer | string, fault: Fault): void;
  /** Removes all faults of one server, or of all servers. */
  clearFaults(server?: FakeServer | string): void;
  /** Closes all servers and their connections. */
  close(): Promise<void>;
  /** Does the same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
