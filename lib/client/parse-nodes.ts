import type { ReplicaServer } from '../model/cluster.js';
import { NODE_STATUSES } from '../model/enums.js';
import type { NodesDocument } from '../wire/cluster.js';
import type { Answer } from './answer.js';
import { readFields } from './fields.js';

/** Parses `/meta/nodes`. With `detail`, the nodes have their replica counts. */
export function parseNodes(answer: Answer): readonly ReplicaServer[] {
  return readFields<NodesDocument>(answer.json())
    .fields('details')
    .rows()
    .map(([, row]) => ({
      address: row.text('address'),
      status: row.oneOf('status', NODE_STATUSES),
      ...(row.has('primary_count') && {
        replicaCounts: { primary: row.integer('primary_count'), secondary: row.integer('secondary_count') },
      }),
    }));
}
