import type { FakeCluster, FakeServer } from '../../testing/index.js';

/** Where the servers of a onebox are, as `--print-addresses` prints it. */
export interface OneboxAddresses {
  readonly metaServers: readonly ServerAddress[];
  readonly nodes: readonly ServerAddress[];
  /** URL of the collector. */
  readonly collector?: string;
  /** URL of the control interface. */
  readonly control?: string;
}

/** One server of a onebox. */
export interface ServerAddress {
  /** The name in the description. */
  readonly name: string;
  /** `host:port`, as the responses show it. */
  readonly address: string;
  readonly url: string;
}

/** Returns the addresses of all servers. */
export function addressesOf(
  fake: FakeCluster,
  collector: string | undefined,
  control: string | undefined,
): OneboxAddresses {
  return {
    metaServers: fake.metas.map(addressOf),
    nodes: fake.replicas.map(addressOf),
    ...(collector !== undefined && { collector: `http://${collector}/` }),
    ...(control !== undefined && { control: `http://${control}/` }),
  };
}

/** Returns where a server is. */
export function addressOf({ name, address, url }: FakeServer): ServerAddress {
  return { name, address, url: `${url}/` };
}

/** Says what to open, for people. */
export function describeOnebox(fake: FakeCluster, { collector, control }: OneboxAddresses): string {
  const primary = fake.primaryMeta;
  const statuses = new Map(fake.cluster.metaState.cluster().nodes.map((node) => [node.address, node.status]));
  const lines = [
    ...fake.metas.map((meta) => `meta server     ${meta.url}/${meta === primary ? '   (primary)' : ''}`),
    ...fake.replicas.map(({ address, url, isListening }) =>
      isListening
        ? `replica server  ${url}/`
        : `replica server  ${address} is ${statuses.get(address)} and is not served`,
    ),
    ...(collector === undefined ? [] : [`collector       ${collector}`]),
    ...(control === undefined ? [] : [`control         ${control}`]),
  ];
  const meta = fake.metas.find((one) => one !== primary) ?? primary;
  return `${lines.join('\n')}

Open one of these in a browser, or request:
  curl -L '${meta?.url}/meta/apps?detail'
  curl '${meta?.url}/metrics?types=table,server&detail=true'
Profile this process:
  go tool pprof -http=:8080 '${meta?.url}/pprof/profile?seconds=5'
Stop with Ctrl-C.
`;
}
