import type { ClusterSource, MaybePromise, SourceCall } from './contracts.js';
import { appAnswer } from './endpoints/app.js';
import { appEnvsAnswer } from './endpoints/app-envs.js';
import { appsAnswer } from './endpoints/apps.js';
import { clusterAnswer } from './endpoints/cluster.js';
import { listingAnswer } from './endpoints/listing.js';
import { nodesAnswer } from './endpoints/nodes.js';
import { perfCounterAnswer } from './endpoints/perf-counter.js';
import { pprofRoutes } from './endpoints/pprof.js';
import { recentStartTimeAnswer, versionAnswer } from './endpoints/server-info.js';
import { refusal } from './errors.js';
import type { Settings } from './options.js';
import { flagIsOn, type Parameters } from './query.js';
import { GET, type Route } from './route.js';

type Part<Name extends keyof ClusterSource> = NonNullable<ClusterSource[Name]>;

/** What distinguishes one row from the next, with `ask` typed by the part that it asks. */
interface Row<Name extends keyof ClusterSource, Arguments, Value>
  extends Pick<Route<Arguments, Value>, 'path' | 'parameters' | 'strict' | 'help' | 'read' | 'answer'> {
  readonly part: Name;
  ask(part: Part<Name>, args: Arguments, call: SourceCall): MaybePromise<Value>;
}

/** The table, sorted by path. */
const TABLE: readonly Route[] = [
  route({
    path: '/meta/app',
    parameters: ['name', 'detail'],
    strict: true,
    help: 'name=<app_name>[&detail]. One table; with detail its partitions, its nodes and its health.',
    part: 'metaState',
    read: (parameters) => ({ name: appName(parameters), detail: flagIsOn(parameters, 'detail') }),
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
    ask: (metaState, name, call) => metaState.app(name, call),
    answer: appEnvsAnswer,
  }),
  route({
    path: '/meta/apps',
    parameters: ['detail'],
    strict: true,
    help: '[detail]. All tables; with detail their health.',
    part: 'metaState',
    read: (parameters) => flagIsOn(parameters, 'detail'),
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
    ask: (metaState, _, call) => metaState.cluster(call),
    answer: clusterAnswer,
  }),
  route({
    path: '/meta/nodes',
    parameters: ['detail'],
    strict: true,
    help: '[detail]. The replica servers; with detail their replica counts.',
    part: 'metaState',
    read: (parameters) => flagIsOn(parameters, 'detail'),
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
    ask: (processInfo, _, call) => processInfo.version(call),
    answer: versionAnswer,
  }),
];

/** The rows that a source can answer, and `GET /`, which lists them. */
export function routesFor(source: ClusterSource, { pprof }: Pick<Settings, 'pprof'>): readonly Route[] {
  const profiler = source.processInfo?.profiler;
  const profiling = profiler === undefined || pprof === undefined ? [] : pprofRoutes(profiler, pprof);
  const served = TABLE.filter(({ part }) => part === 'none' || source[part] !== undefined).concat(profiling);
  served.sort((a, b) => (a.path < b.path ? -1 : 1));
  const listing: Route = {
    path: '/',
    methods: GET,
    parameters: [],
    strict: false,
    help: 'This list: every path and what it tells.',
    part: 'none',
    read: () => undefined,
    ask: () => undefined,
    answer: () => listingAnswer([listing, ...served]),
  };
  return [listing, ...served];
}

function route<Name extends keyof ClusterSource, Arguments, Value>(row: Row<Name, Arguments, Value>): Route {
  const typed: Route<Arguments, Value> = {
    ...row,
    methods: GET,
    ask: (source, args, call) => row.ask(source[row.part] as Part<Name>, args, call),
  };
  return typed as Route;
}

function appName(parameters: Parameters): string {
  return nonEmpty(parameters, 'name', "app name shouldn't be empty");
}

function nonEmpty(parameters: Parameters, name: string, message: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === '') throw refusal('ERR_INVALID_PARAMETERS', message);
  return value;
}
