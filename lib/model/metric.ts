/** The kinds of metrics, in Pegasus's words. Reading a `VolatileCounter` resets it. */
export type MetricType = 'Gauge' | 'Counter' | 'VolatileCounter' | 'Percentile';

/** One metric of an entity at one moment. `/metrics` omits one with a figure that is not finite, which JSON cannot express. */
export type Metric =
  | {
      /** The name, such as `get_requests`. */
      readonly name: string;
      /** The kind of the metric. */
      readonly type: Exclude<MetricType, 'Percentile'>;
      /** The unit in Pegasus's words, such as `Requests`, `Bytes`, `NanoSeconds`. */
      readonly unit: string;
      /** One sentence. */
      readonly description: string;
      /** The value, in `unit`. A bigint prints exactly beyond 2^53. */
      readonly value: number | bigint;
    }
  | {
      /** The name, such as `get_latency_ns`. */
      readonly name: string;
      /** The kind of the metric. */
      readonly type: 'Percentile';
      /** The unit in Pegasus's words. */
      readonly unit: string;
      /** One sentence. */
      readonly description: string;
      /** The median of recent samples; `undefined` if it is not known. */
      readonly p50?: number | bigint | undefined;
      /** 90% of recent samples are at most this; `undefined` if it is not known. */
      readonly p90?: number | bigint | undefined;
      /** 95% of recent samples are at most this; `undefined` if it is not known. */
      readonly p95?: number | bigint | undefined;
      /** 99% of recent samples are at most this. */
      readonly p99: number | bigint;
      /** 99.9% of recent samples are at most this. */
      readonly p999: number | bigint;
    };

/** What a group of metrics describes, such as a server, a table or a replica. */
export interface MetricEntity {
  /** The kind, such as `server`, `table`, `partition`, `replica`. */
  readonly type: string;
  /** The identity, such as `server`, `table@2`, `replica@2.5`. Unique within the snapshot. */
  readonly id: string;
  /** Attributes, such as `{ table_id: '2', partition_id: '5' }`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The metrics of the entity. `/metrics` omits an entity without metrics. */
  readonly metrics: readonly Metric[];
}

/** All metrics of a server at one moment. */
export interface MetricsSnapshot {
  /** Name of the cluster; `unknown` if it is not known. */
  readonly cluster: string;
  /** Role of the server, such as `meta`, `replica`, `collector`; `unknown` if it is not known. */
  readonly role: string;
  /** Host name of the server. */
  readonly host: string;
  /** Port of the server. */
  readonly port: number;
  /** Unix time in nanoseconds. It grows from one snapshot to the next. */
  readonly timestampNs: bigint;
  /** The entities, in any order. */
  readonly entities: readonly MetricEntity[];
}

/**
 * The entities and metrics that a client asks for. An empty list is no filter. An entity passes if it passes every list; it passes a
 * list if any item of the list matches.
 */
export interface MetricsFilter {
  /** Types of entities. */
  readonly types: readonly string[];
  /** Identities of entities. */
  readonly ids: readonly string[];
  /** Attributes of entities, as pairs of name and value. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Names of metrics. An entity without any of them does not pass. */
  readonly metrics: readonly string[];
}
