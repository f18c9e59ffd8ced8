import { jsonBody, type ResponseBody } from '../../http/body.js';
import type { ReplicaSource } from '../../model/operation-sources.js';
import type { CompactionProgress } from '../../model/operations.js';
import { count } from '../../render/format.js';
import { sortedObjectOf } from '../../render/json.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { appIdParam } from './app-id.js';

/** `GET /replica/manual_compaction`. */
export const manualCompactionRoute = defineRoute({
  path: '/replica/manual_compaction',
  group: 'replica',
  access: 'read',
  summary: 'Counts the replicas of a table on this server by the state of their manual compaction.',
  params: { app_id: appIdParam },
  source: {
    part: 'replicas',
    method: 'compactionProgress',
    key: ({ app_id }) => String(app_id),
    call: (replicas, { app_id }, context) =>
      (replicas as Required<ReplicaSource>).compactionProgress(app_id, context),
  },
  response: { 'application/json': wire.compactionProgress },
  render: renderProgress,
});

function renderProgress({ finished, idle, queuing, running }: CompactionProgress): ResponseBody {
  const status = sortedObjectOf([
    ['finished', count(finished, 'finished')],
    ['idle', count(idle, 'idle')],
    ['queuing', count(queuing, 'queuing')],
    ['running', count(running, 'running')],
  ]);
  return jsonBody(`{"status":${status}}\n`);
}
