import type { Settings } from '../handler/resolve-options.js';
import { isFlagSet, type QueryParams } from '../http/query.js';
import { clientError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { SourceContext } from '../model/source-context.js';
import type { EndpointGroup } from '../routing/endpoint.js';
import { GET, type Route } from '../routing/route.js';
import type { PartName, Question } from '../routing/source-operation.js';
import { listingAnswer } from './help.js';
import { appAnswer } from './meta/app.js';
import { appEnvsAnswer } from './meta/app-envs.js';
import { appsAnswer } from './meta/apps.js';
import { clusterAnswer } from './meta/cluster.js';
import { nodesAnswer } from './meta/nodes.js';
import { pprofRoutes } from './pprof/profile-route.js';
import { perfCounterAnswer } from './process/perf-counter.js';
import { recentStartTimeAnswer, versionAnswer } from './process/version.js';

type Part<Name extends PartName> = NonNullable<ClusterSource[Name]>;

/** What distinguishes one row from the next, with `ask` typed by the part that it asks. */
interface Row<Name extends PartName, Arguments, Value>
  extends Pick<Route<Arguments, Value>, 'parameters' | 'strict' | 'help' | 'read' | 'answer'>,
    Pick<Question<Arguments, Value>, 'name' | 'keyOf'> {
  readonly path: string;
  readonly part: Name;
  ask(part: Part<Name>, args: Arguments, call: SourceContext): MaybePromise<Value>;
}

const GROUPS: Readonly<Record<PartName, EndpointGroup>> = {
  metaState: 'meta',
  perfCounters: 'perfCounter',
  processInfo: 'process',
};

/** The table, sorted by path. */
const TABLE: readonly Route[] = [
  route({
    path: '/meta/app',
    parameters: ['name', 'detail'],
    strict: true,
    help: 'name=<app_name>[&detail]. One table; with detail its partitions, its nodes and its health.',
    part: 'metaState',
    read: (parameters) => ({ name: appName(parameters), detail: isFlagSet(parameters, 'detail') }),
    name: 'app',
    keyOf: ({ name }) => name,
    ask: (metaState, { name }, call) => metaState.app(name, call),
    answer: (app, { name, detail }) => appAnswer(app, name, detail),
  }),
  route({
    path: '/meta/app_envs',
    parameters: ['name'],
    strict: false,
    help: 'name=<app_name>. The environment variables of a table.',
    part: 'metaState',
    read: appName,
    name: 'app',
    keyOf: (name) => name,
    ask: (metaState, name, call) => metaState.app(name, call),
    answer: appEnvsAnswer,
  }),
  route({
    path: '/meta/apps',
    parameters: ['detail'],
    strict: true,
    help: '[detail]. All tables; with detail their health.',
    part: 'metaState',
    read: (parameters) => isFlagSet(parameters, 'detail'),
    name: 'cluster',
    keyOf: () => '',
    ask: (metaState, _, call) => metaState.cluster(call),
    answer: appsAnswer,
  }),
  route({
    path: '/meta/cluster',
    parameters: [],
    strict: false,
    help: 'The cluster: its meta servers, its ZooKeeper, how balanced it is.',
    part: 'metaState',
    read: () => undefined,
    name: 'cluster',
    keyOf: () => '',
    ask: (metaState, _, call) => metaState.cluster(call),
    answer: (cluster, _, reportTable) => clusterAnswer(cluster, reportTable),
  }),
  route({
    path: '/meta/nodes',
    parameters: ['detail'],
    strict: true,
    help: '[detail]. The replica servers; with detail their replica counts.',
    part: 'metaState',
    read: (parameters) => isFlagSet(parameters, 'detail'),
    name: 'cluster',
    keyOf: () => '',
    ask: (metaState, _, call) => metaState.cluster(call),
    answer: nodesAnswer,
  }),
  route({
    path: '/perfCounter',
    parameters: ['name'],
    strict: true,
    help: 'name=<perf_counter_name>, percent-encoded. One perf counter of this process.',
    part: 'perfCounters',
    read: (parameters) => nonEmpty(parameters, 'name', "perf counter name shouldn't be empty"),
    name: 'read',
    keyOf: (name) => name,
    ask: (perfCounters, name, call) => perfCounters.read(name, call),
    answer: perfCounterAnswer,
  }),
  route({
    path: '/recentStartTime',
    parameters: [],
    strict: false,
    help: 'When this process started.',
    part: 'processInfo',
    read: () => undefined,
    name: 'startSecond',
    keyOf: () => '',
    ask: (processInfo, _, call) => processInfo.startSecond(call),
    answer: recentStartTimeAnswer,
  }),
  route({
    path: '/version',
    parameters: [],
    strict: false,
    help: 'The version of this process and the commit that it was built from.',
    part: 'processInfo',
    read: () => undefined,
    name: 'version',
    keyOf: () => '',
    ask: (processInfo, _, call) => processInfo.version(call),
    answer: versionAnswer,
  }),
];

/** The rows that a source can answer and that are not left out, with `GET /`, which lists them. */
export function routesFor(
  source: ClusterSource,
  { pprof, exclude }: Pick<Settings, 'pprof' | 'exclude'>,
): readonly Route[] {
  const profiler = source.processInfo?.profiler;
  const profiling = profiler === undefined ? [] : pprofRoutes(profiler, pprof);
  const listing: Route = {
    endpoint: Object.freeze({ path: '/', group: 'listing' }),
    methods: GET,
    parameters: [],
    strict: false,
    help: 'This list: every path and what it tells.',
    read: () => undefined,
    answer: () => listingAnswer(served),
  };
  const served = [listing, ...TABLE, ...profiling].filter(
    ({ endpoint, question }) =>
      !exclude.includes(endpoint.group) && (question === undefined || source[question.part] !== undefined),
  );
  return served.sort((a, b) => (a.endpoint.path < b.endpoint.path ? -1 : 1));
}

function route<Name extends PartName, Arguments, Value>(row: Row<Name, Arguments, Value>): Route {
  const { path, part, name, ask, keyOf, ...rest } = row;
  const typed: Route<Arguments, Value> = {
    ...rest,
    endpoint: Object.freeze({ path, group: GROUPS[part] }),
    methods: GET,
    question: {
      part,
      name,
      ...(keyOf && { keyOf }),
      ask: (source, args, call) => ask(source[part] as Part<Name>, args, call),
    },
  };
  return typed as Route;
}

function appName(parameters: QueryParams): string {
  return nonEmpty(parameters, 'name', "app name shouldn't be empty");
}

function nonEmpty(parameters: QueryParams, name: string, message: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === '') throw clientError('ERR_INVALID_PARAMETERS', message);
  return value;
}
