import { writeBackupPolicy } from '../../compiled/rows.js';
import { jsonBody, type ResponseBody } from '../../http/body.js';
import type { PegasusError } from '../../model/errors.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import type { BackupPolicy } from '../../model/operations.js';
import { assertArray, boolean, bracketList, count, escapeJson, jsonText } from '../../render/format.js';
import { sortedObjectOf } from '../../render/json.js';
import { param } from '../../routing/params.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { featureDisabled } from './operation-errors.js';

/** `GET /meta/backup_policy`. */
export const backupPolicyRoute = defineRoute({
  path: '/meta/backup_policy',
  group: 'meta',
  access: 'read',
  summary: 'Returns the policies of cold backups, or one of them.',
  params: { name: param.string('policy_name') },
  rejectUnknownParams: true,
  source: {
    part: 'metaState',
    method: 'backupPolicies',
    key: () => '',
    call: (metaState, _, context) => (metaState as Required<MetaOperations>).backupPolicies(context),
  },
  response: { 'application/json': wire.backupPolicies },
  render: (policies, { name }) => renderPolicies(policies, name),
});

function renderPolicies(
  policies: readonly BackupPolicy[] | 'disabled',
  name: string | undefined,
): ResponseBody | PegasusError {
  if (policies === 'disabled') return featureDisabled('cold backup');
  const all = assertArray(policies, 'backupPolicies');
  const requested = name === undefined ? all : all.filter((policy) => policy.name === name);
  return jsonBody(`${sortedObjectOf(requested.map((policy) => [policy.name, renderPolicy(policy)]))}\n`);
}

function renderPolicy(policy: BackupPolicy): string {
  const appIds = assertArray(policy.appIds, 'appIds').map((appId) => count(appId, 'appIds'));
  const isEnabled = boolean(policy.isEnabled, 'isEnabled') === 'true';
  return writeBackupPolicy({
    name: jsonText(policy.name, 'name'),
    backup_provider_type: jsonText(policy.providerType, 'providerType'),
    backup_interval: count(policy.intervalSeconds, 'intervalSeconds'),
    app_ids: bracketList(appIds, 'appIds'),
    start_time: jsonText(policy.startTime, 'startTime'),
    status: escapeJson(isEnabled ? 'enabled' : 'disabled'),
    backup_history_count: count(policy.historyCount, 'historyCount'),
  });
}
