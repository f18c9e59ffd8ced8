import { arrayOf, type DocumentOf, integer, mapOf, named, number, object, string } from './schema.js';

/** One metric, in the order of its fields. A client chooses which of them are printed. */
export const metric = object(
  {},
  {
    type: string,
    name: string,
    unit: string,
    desc: string,
    value: number,
    p50: number,
    p90: number,
    p95: number,
    p99: number,
    p999: number,
  },
);

/** An entity and its metrics. */
export const metricEntity = object({
  type: string,
  id: string,
  attributes: mapOf(string),
  metrics: arrayOf(metric),
});

/** `GET /metrics`. */
export const metrics = named(
  'Metrics',
  object({
    cluster: string,
    role: string,
    host: string,
    port: integer,
    timestamp_ns: integer,
    entities: arrayOf(metricEntity),
  }),
  {
    cluster: 'onebox',
    role: 'meta',
    host: 'localhost',
    port: 34601,
    timestamp_ns: 1795575646365106700,
    entities: [
      {
        type: 'partition',
        id: 'partition@3.3',
        attributes: { partition_id: '3', table_id: '3' },
        metrics: [{ name: 'partition_configuration_changes', value: 3 }],
      },
    ],
  },
);

/** The document of `GET /metrics`. */
export type MetricsDocument = DocumentOf<typeof metrics>;
