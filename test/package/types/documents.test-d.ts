// The types of the answers, as a client in TypeScript uses them. `npm run types` checks it. Nothing here is ever run.
import type {
  AppDocument,
  AppEnvsDocument,
  AppStatus,
  AppsDocument,
  ClusterDocument,
  EndpointsDocument,
  ErrorDocument,
  MetaFunctionLevel,
  NodesDocument,
  PegasusErrorCode,
  PerfCounterDocument,
  RecentStartTimeDocument,
  VersionDocument,
} from '../../../lib/index.js';

declare const app: AppDocument;
declare const apps: AppsDocument;
declare const nodes: NodesDocument;
declare const cluster: ClusterDocument;
declare const counter: PerfCounterDocument;
declare const failure: ErrorDocument;

/** Takes what the type says. */
function is<T>(value: T): T {
  return value;
}

export function theDocuments(): void {
  is<string>(app.general.partition_count);
  is<string | undefined>(app.replicas?.['0']?.replica_count);
  is<AppStatus | undefined>(apps.general_info['1']?.status);
  is<string | undefined>(apps.summary.unhealthy_app_count);
  is<'ALIVE' | 'UNALIVE' | 'UNKNOWN' | undefined>(nodes.details['127.0.0.1:34801']?.status);
  is<MetaFunctionLevel>(cluster.meta_function_level);
  is<PegasusErrorCode>(failure.error);
  is<string>(counter.type === 'PERCENTILE' ? counter.p99 : counter.value);
  is<AppEnvsDocument>({ ttl: '60' });
  is<EndpointsDocument>({ '/': 'Lists the paths of this server.' });
  is<VersionDocument>({ Version: '1.12.3', GitCommit: 'cf428dc' });
  is<RecentStartTimeDocument>({ RecentStartTime: '2019-08-14 00:22:00' });
}

export function theMistakes(): void {
  // @ts-expect-error numbers are strings on the wire
  is<number>(app.general.partition_count);
  // @ts-expect-error only with detail
  is<object>(app.replicas);
  // @ts-expect-error only with detail
  is<string>(apps.summary.unhealthy_app_count);
  // @ts-expect-error the misspelt field
  is<string>(cluster.meta_server);
  // @ts-expect-error a percentile has no value
  is<string>(counter.value);
  // @ts-expect-error no such level
  is<ClusterDocument>({ ...cluster, meta_function_level: 'frozen' });
  // @ts-expect-error a value is text
  is<AppEnvsDocument>({ ttl: 60 });
}
