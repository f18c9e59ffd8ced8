import type { ReplicaServer } from '../model/cluster.js';
import { PegasusError } from '../model/errors.js';
import { type Answer, isNotFound } from './answer.js';
import type { AskPrimary, ReadOne } from './ask-primary.js';
import type { CallRunner } from './call.js';
import { checkText } from './check-arguments.js';
import { parseApp, parseAppEnvs, parseAppId, parseApps } from './parse-apps.js';
import { parseCluster } from './parse-cluster.js';
import { parseNodes } from './parse-nodes.js';
import {
  parseBackupPolicies,
  parseBulkLoadState,
  parseDuplications,
  parseOperationResult,
  parseStartedBulkLoad,
} from './parse-operations.js';
import { parseTableEnvs } from './parse-table-envs.js';
import type { PrimaryFinder } from './primary-finder.js';
import { parseServer, type ServerAddress } from './server-address.js';
import type { ClusterInfo, MetaClient } from './types.js';

/** More meta servers than any cluster has. */
const MAX_LEARNED = 16;

/** Makes the {@link MetaClient} of a client. */
export function createMetaClient(call: CallRunner, ask: AskPrimary, finder: PrimaryFinder): MetaClient {
  const withName = (path: string, name: string) => `${path}?name=${encodeURIComponent(name)}`;

  /** Reads the nodes first, which proves that the server leads. A backup of 2.4 or 2.5 dies of `/meta/cluster`. */
  function readNodes(read: ReadOne, target: string): Promise<readonly ReplicaServer[]> {
    return read(target, (answer) => {
      const nodes = requireOk(answer, parseNodes);
      if (nodes.length > 0) return nodes;
      const why = `${answer.server} is not the primary meta server: it lists no nodes any more`;
      throw new PegasusError('ERR_FORWARD_TO_OTHERS', why);
    });
  }

  async function readCluster(read: ReadOne, nodes: readonly ReplicaServer[]): Promise<ClusterInfo> {
    const info = await read('/meta/cluster', (answer) => ({
      ...parseCluster(answer),
      nodes,
      server: answer.server,
    }));
    finder.learn(info.metaServers.slice(0, MAX_LEARNED).flatMap(parseLearned));
    return info;
  }

  return {
    primary: (options) =>
      call(options, (signal) =>
        ask.readAll(signal, async (read) => {
          await readNodes(read, '/meta/nodes');
          return read.server;
        }),
      ),

    app: (appName, options) =>
      call(options, async (signal) => {
        const target = `${withName('/meta/app', checkText(appName, 'appName'))}&detail`;
        const app = await ask.read(target, signal, parseApp);
        // A real server splits the decoded query, and takes `temp&x` and `temp ` for `temp`.
        return app?.appName === appName ? app : undefined;
      }),

    appEnvs: (appName, options) =>
      call(options, async (signal) =>
        ask.read(withName('/meta/app_envs', checkText(appName, 'appName')), signal, (answer) =>
          // This library answers 404 where a real server answers an empty object.
          isNotFound(answer) ? {} : parseAppEnvs(answer),
        ),
      ),

    apps: (options) =>
      call(options, (signal) =>
        ask.read('/meta/apps?detail', signal, (answer) => requireOk(answer, parseApps)),
      ),

    nodes: (options) =>
      call(options, (signal) => ask.readAll(signal, (read) => readNodes(read, '/meta/nodes?detail'))),

    cluster: (options) =>
      call(options, (signal) =>
        ask.readAll(signal, async (read) => readCluster(read, await readNodes(read, '/meta/nodes'))),
      ),

    overview: (options) =>
      call(options, (signal) =>
        ask.readAll(signal, async (read) => {
          const nodes = await readNodes(read, '/meta/nodes?detail');
          const apps = await read('/meta/apps?detail', (answer) => requireOk(answer, parseApps));
          return { ...(await readCluster(read, nodes)), apps };
        }),
      ),

    duplications: (appName, options) =>
      call(options, async (signal) => {
        const name = checkText(appName, 'appName');
        const found = await ask.read(withName('/meta/app/duplication', name), signal, parseDuplications);
        if (found === undefined || found === 'disabled') return found;
        const { appId, duplications } = found;
        if (appId !== undefined) return { appId, duplications };
        // The answer is null for a table without duplications.
        const app = await ask.read(withName('/meta/app', name), signal, parseAppId);
        return app === undefined ? undefined : { appId: app, duplications };
      }),

    backupPolicies: (options) =>
      call(options, (signal) => ask.read('/meta/backup_policy', signal, parseBackupPolicies)),

    bulkLoadStatus: (appName, options) =>
      call(options, async (signal) => {
        const target = withName('/meta/app/query_bulk_load', checkText(appName, 'appName'));
        return ask.read(target, signal, parseBulkLoadState);
      }),

    tableEnvs: (options) => call(options, (signal) => ask.read('/envs/list', signal, parseTableEnvs)),

    startBulkLoad: ({ appName, clusterName, fileProviderType, remoteRootPath }, options) =>
      call(options, (signal) => {
        const body = {
          app_name: appName,
          cluster_name: clusterName,
          file_provider_type: fileProviderType,
          remote_root_path: remoteRootPath,
        };
        return ask.write('/meta/app/start_bulk_load', body, signal, parseStartedBulkLoad);
      }),

    startCompaction: (request, options) =>
      call(options, (signal) => {
        const body = {
          app_name: request.appName,
          type: request.type,
          target_level: request.targetLevel,
          bottommost_level_compaction: request.bottommostLevelCompaction,
          max_concurrent_running_count: request.maxConcurrentRunningCount,
          ...(request.triggerTime !== undefined && { trigger_time: request.triggerTime }),
        };
        return ask.write('/meta/app/start_compaction', body, signal, parseOperationResult);
      }),

    setUsageScenario: (appName, scenario, options) =>
      call(options, (signal) => {
        const body = { app_name: checkText(appName, 'appName'), scenario };
        return ask.write('/meta/app/usage_scenario', body, signal, parseOperationResult);
      }),
  };
}

function requireOk<T>(answer: Answer, parse: (answer: Answer) => T): T {
  if (answer.status !== 200) throw answer.error();
  return parse(answer);
}

/** Takes an address that the primary lists; none if it is malformed. */
function parseLearned(address: string): readonly ServerAddress[] {
  try {
    return [parseServer(address, 'meta_servers')];
  } catch {
    return [];
  }
}
