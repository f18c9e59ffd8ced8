import type { App } from '../../index.js';
import type { FakeCluster, Fault } from '../../testing/index.js';
import * as check from '../../validate/checks.js';
import { CLUSTER_OPERATIONS } from './cluster-operations.js';
import { appState, serverState } from './state.js';

/** An operation of the control interface. */
export interface Operation {
  /** One sentence. */
  readonly summary: string;
  /** A body, as `GET /` shows it. */
  readonly example: object;
  /**
   * Runs the operation.
   *
   * @returns What the client gets; nothing is `{}`.
   * @throws PegasusError, or a TypeError with `code` `ERR_INVALID_PARAMETERS`.
   */
  run(fake: FakeCluster, body: object): unknown;
}

/** Returns the values of a body. */
export function fields<Key extends string>(body: object, ...keys: Key[]): Partial<Record<Key, unknown>> {
  return check.objectWithKeys(body, 'the body', keys);
}

/** Makes the operation that calls a function of the fake cluster with a server. */
function onServer(
  method: 'killNode' | 'reviveNode' | 'removeNode' | 'killMeta' | 'reviveMeta',
  summary: string,
  server: string,
): Operation {
  return {
    summary,
    example: { server },
    run: (fake, body) => fake[method](check.nonEmpty(fields(body, 'server').server, 'server')),
  };
}

const SERVER_OPERATIONS: Readonly<Record<string, Operation>> = {
  killNode: onServer(
    'killNode',
    'Kills a replica server: its connections break, and its partitions move to other nodes.',
    'node3',
  ),
  reviveNode: onServer('reviveNode', 'Revives a replica server on its port.', 'node3'),
  addNode: {
    summary: 'Adds a replica server, by default with the next free name.',
    example: { name: 'node4' },
    async run(fake, body) {
      const { name } = fields(body, 'name');
      return serverState(await fake.addNode(name === undefined ? undefined : check.nonEmpty(name, 'name')));
    },
  },
  removeNode: onServer('removeNode', 'Removes a replica server for good.', 'node4'),
  killMeta: onServer(
    'killMeta',
    'Kills a meta server. If it was the primary, the next one becomes it.',
    'meta1',
  ),
  reviveMeta: onServer('reviveMeta', 'Revives a meta server on its port.', 'meta1'),
  electPrimaryMeta: {
    summary: 'Makes another meta server the primary; null starts an election.',
    example: { server: 'meta2' },
    run(fake, body) {
      const { server } = fields(body, 'server');
      const elected = server === null ? null : fake.server(check.nonEmpty(server, 'server')).address;
      fake.cluster.electPrimaryMeta(elected);
    },
  },
  setFault: {
    summary:
      'Makes one server or all slow or broken, for a path and those below it: response is a status from 400, reset, truncated, malformed, none or normal.',
    example: { server: 'meta1', path: '/meta', delayMs: 200, response: 503, times: 3 },
    run(fake, body) {
      const { server, ...fault } = fields(body, 'server', 'path', 'delayMs', 'response', 'times');
      const servers =
        server === undefined
          ? [...fake.metas, ...fake.replicas]
          : [fake.server(check.nonEmpty(server, 'server'))];
      for (const one of servers) fake.setFault(one, fault as Fault);
    },
  },
  clearFaults: {
    summary: 'Repairs one server, or all.',
    example: { server: 'meta1' },
    run(fake, body) {
      const { server } = fields(body, 'server');
      fake.clearFaults(server === undefined ? undefined : check.nonEmpty(server, 'server'));
    },
  },
};

/** All operations by name. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ...Object.entries(SERVER_OPERATIONS),
  ...Object.entries(CLUSTER_OPERATIONS).map(
    ([name, { summary, example, keys, run }]): [string, Operation] => [
      name,
      {
        summary,
        example,
        run(fake, body) {
          const given = keys === undefined ? body : fields(body, ...keys);
          const result = run(fake.cluster, withAddresses(fake, given) as never);
          return isApp(result) ? appState(result) : result;
        },
      },
    ],
  ),
]);

/** Replaces the names of servers by their addresses, wherever they stand as values or as keys of a body. */
function withAddresses(fake: FakeCluster, body: object): object {
  const addresses = new Map([...fake.metas, ...fake.replicas].map(({ name, address }) => [name, address]));
  const named = ['server', 'primary', 'secondaries', 'partitions', 'compaction', 'configuration'];
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return addresses.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [addresses.get(key) ?? key, replace(one)]),
    );
  };
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, named.includes(key) ? replace(value) : value]),
  );
}

function isApp(value: unknown): value is App {
  return typeof value === 'object' && value !== null && 'appId' in value && 'partitions' in value;
}
