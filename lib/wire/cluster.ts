import { META_FUNCTION_LEVELS, NODE_STATUSES } from '../model/enums.js';
import { type DocumentOf, literal, mapOf, named, object, rowOf, string, text } from './schema.js';
import { decimal, decimalOrUnknown, fixed2 } from './text.js';

export const node = rowOf({
  address: string,
  status: literal(NODE_STATUSES),
});
export const nodeInDetail = rowOf({
  address: string,
  status: literal(NODE_STATUSES),
  replica_count: decimal,
  primary_count: decimal,
  secondary_count: decimal,
});
export const nodesSummary = rowOf({
  total_node_count: decimal,
  alive_node_count: decimalOrUnknown,
  unalive_node_count: decimalOrUnknown,
});
const { address, status, ...replicaCounts } = nodeInDetail.properties;

/** `GET /meta/nodes`. Nodes by address. */
export const nodes = named(
  'Nodes',
  object({
    details: mapOf(object({ address, status }, replicaCounts)),
    summary: nodesSummary,
  }),
  {
    details: {
      '127.0.0.1:34801': {
        address: '127.0.0.1:34801',
        status: 'ALIVE',
        replica_count: '12',
        primary_count: '6',
        secondary_count: '6',
      },
    },
    summary: { total_node_count: '2', alive_node_count: '2', unalive_node_count: '0' },
  },
);

/** The document of `GET /meta/nodes`: nodes by address. The replica counts are there with `detail`. */
export type NodesDocument = DocumentOf<typeof nodes>;

const balanceOperations = text(
  '^(move_pri=\\d+,copy_pri=\\d+,copy_sec=\\d+,total=\\d+|\\{[^{}]*\\}|unknown)$',
  'The operations of the last balance, from Pegasus 2.6 on as JSON; "unknown" where the source cannot know.',
);

/** `GET /meta/cluster`. */
export const cluster = named(
  'Cluster',
  rowOf({
    meta_servers: string,
    primary_meta_server: string,
    zookeeper_hosts: string,
    zookeeper_root: string,
    meta_function_level: literal(META_FUNCTION_LEVELS),
    balance_operation_count: balanceOperations,
    primary_replica_count_stddev: fixed2,
    total_replica_count_stddev: fixed2,
  }),
  {
    meta_servers: '127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603',
    primary_meta_server: '127.0.0.1:34601',
    zookeeper_hosts: '127.0.0.1:22181',
    zookeeper_root: '/pegasus/onebox/127.0.0.1',
    meta_function_level: 'steady',
    balance_operation_count: 'move_pri=0,copy_pri=0,copy_sec=0,total=0',
    primary_replica_count_stddev: '0.00',
    total_replica_count_stddev: '0.00',
  },
);

/** The document of `GET /meta/cluster`. */
export type ClusterDocument = DocumentOf<typeof cluster>;
