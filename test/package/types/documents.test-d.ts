// The types of the answers, as a client in TypeScript uses them. `npm run types` checks it. Nothing here is ever run.
import type {
  AppDocument,
  AppEnvsDocument,
  AppStatus,
  AppsDocument,
  BackupPoliciesDocument,
  BulkLoadResultDocument,
  BulkLoadStateDocument,
  ClusterDocument,
  CompactionProgressDocument,
  DataVersionsDocument,
  DuplicationsDocument,
  EndpointsDocument,
  ErrorDocument,
  KnownEnvsDocument,
  MetaFunctionLevel,
  NodesDocument,
  OperationResultDocument,
  PegasusErrorCode,
  PerfCounterDocument,
  RecentStartTimeDocument,
  ReplicaDuplicationsDocument,
  VersionDocument,
} from '../../../lib/index.js';

declare const app: AppDocument;
declare const apps: AppsDocument;
declare const nodes: NodesDocument;
declare const cluster: ClusterDocument;
declare const counter: PerfCounterDocument;
declare const failure: ErrorDocument;
declare const duplications: DuplicationsDocument;
declare const policies: BackupPoliciesDocument;
declare const replicaDuplications: ReplicaDuplicationsDocument;

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
  is<number | undefined>(duplications?.appid);
  const first = duplications?.['1'];
  is<string | undefined>(typeof first === 'object' ? first.remote : undefined);
  is<string | undefined>(policies['every_day']?.backup_interval);
  is<number | undefined>(replicaDuplications['1574163000']?.['2.7']?.not_duplicated_mutations_num);
  is<BulkLoadStateDocument>({
    error: 'ERR_OK',
    app_status: 'replication::bulk_load_status::BLS_DOWNLOADING',
  });
  is<BulkLoadResultDocument>({ error: 'ERR_OK', hint_msg: '' });
  is<OperationResultDocument>({ error: 'ERR_OK', hint_message: '' });
  is<KnownEnvsDocument>({ default_ttl: { limitation: '>= 0', sample: '86400', type: 'unsigned int' } });
  is<DataVersionsDocument>({ 0: { data_version: '1' } });
  is<CompactionProgressDocument>({ status: { finished: 4, idle: 0, queuing: 0, running: 0 } });
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
  // @ts-expect-error a table without duplications has none
  is<object>(duplications);
  // @ts-expect-error `hint_msg` is the field of bulk loads
  is<OperationResultDocument>({ error: 'ERR_OK', hint_msg: '' });
  // @ts-expect-error a value is text
  is<AppEnvsDocument>({ ttl: 60 });
}
