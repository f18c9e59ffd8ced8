import { arrayOf, integer, mapOf, number, object, string } from './schema.js';

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
export const metrics = object({
  cluster: string,
  role: string,
  host: string,
  port: integer,
  timestamp_ns: integer,
  entities: arrayOf(metricEntity),
});
