/** The JSON of the handler. Every value of a row is a string. */
type Row<Key extends string> = Readonly<Record<Key, string>>;
type Rows<Value> = Readonly<Record<string, Value>>;

export type AppRow = Row<
  | 'app_id'
  | 'status'
  | 'app_name'
  | 'partition_count'
  | 'replica_count'
  | 'create_time'
  | 'drop_time'
  | 'drop_expire'
  | 'envs_count'
>;
export type HealthRow = Row<
  'partition_count' | 'fully_healthy' | 'unhealthy' | 'write_unhealthy' | 'read_unhealthy'
>;

/** `GET /meta/apps?detail`. */
export interface Apps {
  readonly general_info: Rows<AppRow>;
  readonly healthy_info?: Rows<HealthRow>;
}

export type ReplicaRow = Row<'pidx' | 'ballot' | 'replica_count' | 'primary' | 'secondaries'>;

/** `GET /meta/app?name=<app_name>&detail`. */
export interface AppDetail {
  readonly general: Row<'app_name' | 'app_id' | 'partition_count' | 'max_replica_count'>;
  readonly replicas?: Rows<ReplicaRow>;
  readonly nodes?: Rows<Row<'node' | 'primary' | 'secondary' | 'total'>>;
}

export type NodeRow = Row<'address' | 'status' | 'replica_count' | 'primary_count' | 'secondary_count'>;

/** `GET /meta/nodes?detail`. */
export interface Nodes {
  readonly details: Rows<NodeRow>;
}

/** `GET /meta/cluster`. */
export type Cluster = Row<
  | 'meta_servers'
  | 'primary_meta_server'
  | 'zookeeper_hosts'
  | 'zookeeper_root'
  | 'meta_function_level'
  | 'balance_operation_count'
  | 'primary_replica_count_stddev'
  | 'total_replica_count_stddev'
>;

/** `GET /perfCounter?name=<perf_counter_name>`; empty for an unknown one. */
export type PerfCounter = Partial<Row<'name' | 'value' | 'p99' | 'p999' | 'type' | 'description'>>;

/** `GET /metrics?detail=true`. */
export interface Metrics {
  readonly entities: readonly {
    readonly type: string;
    readonly id: string;
    readonly attributes: Rows<string>;
    readonly metrics: readonly Metric[];
  }[];
}

export interface Metric {
  readonly type?: string;
  readonly name: string;
  readonly unit?: string;
  readonly desc?: string;
  readonly value?: number;
  readonly p50?: number;
  readonly p90?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly p999?: number;
}

export type ConfigRow = Row<'name' | 'section' | 'type' | 'tags' | 'description' | 'value'>;

/** `GET /configs`. */
export type Configs = Rows<ConfigRow>;

/** `GET /`: help texts by path. */
export type Listing = Readonly<Record<string, string>>;
