import type { Compatibility } from '../model/enums.js';
import type { ClusterSource } from '../model/source.js';
import type { ResolvedPprofOptions } from '../pprof/formats.js';
import type { EndpointGroup } from '../routing/endpoint.js';
import type { Route } from '../routing/route.js';
import type { SourceOperation } from '../routing/source-operation.js';
import type { StaticFiles } from '../routing/static-files.js';
import { configRoute } from './config/config.js';
import { configsRoute } from './config/configs.js';
import { updateConfigRoute } from './config/update-config.js';
import { helpRoute } from './help.js';
import { appRoute } from './meta/app.js';
import { appEnvsRoute, separateAppEnvsRoute } from './meta/app-envs.js';
import { appsRoute } from './meta/apps.js';
import { backupPolicyRoute } from './meta/backup-policy.js';
import { clusterRoute } from './meta/cluster.js';
import { duplicationRoute } from './meta/duplication.js';
import { envsListRoute } from './meta/envs-list.js';
import { nodesRoute } from './meta/nodes.js';
import { queryBulkLoadRoute } from './meta/query-bulk-load.js';
import { startBulkLoadRoute } from './meta/start-bulk-load.js';
import { startCompactionRoute } from './meta/start-compaction.js';
import { usageScenarioRoute } from './meta/usage-scenario.js';
import { openApiRoute } from './openapi.js';
import { cmdlineRoute } from './pprof/cmdline.js';
import { growthRoute } from './pprof/growth.js';
import { heapRoute } from './pprof/heap.js';
import { profileRoute } from './pprof/profile.js';
import { symbolRoute } from './pprof/symbol.js';
import { metricsRoute } from './process/metrics.js';
import { perfCounterRoute } from './process/perf-counter.js';
import { recentStartTimeRoute } from './process/start-time.js';
import { versionRoute } from './process/version.js';
import { dataVersionRoute } from './replica/data-version.js';
import { replicaDuplicationRoute } from './replica/duplication.js';
import { manualCompactionRoute } from './replica/manual-compaction.js';
import { staticFilesRoute } from './static-files.js';

/** Where the console is served. */
const CONSOLE_PATH = '/console';

/** The options that decide which routes exist and how they behave. */
export interface RouteOptions {
  readonly exclude: readonly EndpointGroup[];
  readonly pprof: ResolvedPprofOptions;
  /** The files of the console; `undefined` for none. */
  readonly console: StaticFiles | undefined;
  readonly compatibility: Compatibility;
}

/**
 * Creates the routes that are not excluded, sorted by path.
 *
 * @param source - The source whose routes are wanted; `undefined` for the routes of a source that has everything.
 */
export function createRoutes(
  source: ClusterSource | undefined,
  { exclude, pprof, console, compatibility }: RouteOptions,
): readonly Route[] {
  const page = console && !exclude.includes('console') ? CONSOLE_PATH : undefined;
  const routes: readonly Route[] = [
    helpRoute(page, () => served),
    openApiRoute(() => served),
    ...(console ? [staticFilesRoute(CONSOLE_PATH, 'console', console)] : []),
    appRoute(compatibility),
    source?.metaState?.appEnvs === undefined ? appEnvsRoute : separateAppEnvsRoute,
    appsRoute,
    backupPolicyRoute,
    clusterRoute(compatibility),
    duplicationRoute,
    envsListRoute,
    nodesRoute(compatibility),
    queryBulkLoadRoute,
    startBulkLoadRoute,
    startCompactionRoute,
    usageScenarioRoute,
    dataVersionRoute,
    replicaDuplicationRoute,
    manualCompactionRoute,
    metricsRoute,
    configRoute,
    configsRoute,
    updateConfigRoute,
    perfCounterRoute,
    cmdlineRoute,
    growthRoute(pprof),
    heapRoute(pprof),
    profileRoute(pprof),
    symbolRoute,
    recentStartTimeRoute,
    versionRoute,
  ];
  const served = routes
    .filter((route) => !exclude.includes(route.endpoint.group) && isServed(route, source))
    .sort((a, b) => (a.endpoint.path < b.endpoint.path ? -1 : 1));
  return served;
}

function isServed({ servedWith, operation }: Route, source: ClusterSource | undefined): boolean {
  if (source === undefined) return true;
  if (servedWith !== undefined && source[servedWith] === undefined) return false;
  return operation === undefined || hasOperation(source, operation);
}

/** Whether a source has the function of an operation, such as `profiler.cpu` of `processInfo`. */
function hasOperation(source: ClusterSource, { part, method }: SourceOperation): boolean {
  const owner = method.startsWith('profiler.') ? source.processInfo?.profiler : source[part];
  const name = method.slice(method.indexOf('.') + 1);
  return typeof (owner as Readonly<Record<string, unknown>> | undefined)?.[name] === 'function';
}
