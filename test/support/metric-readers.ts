/**
 * The reading sides of Pegasus's own clients of `/metrics`, as strict parsers: what they need and do not find is an error. What they
 * would only log is collected.
 *
 * @module
 */

interface RawMetric {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly desc?: unknown;
  readonly [field: string]: unknown;
}

interface RawEntity {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly attributes?: unknown;
  readonly metrics?: unknown;
}

/** The names that Prometheus allows, and those that the Go collector has itself. */
const PROMETHEUS_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const OWN_NAME = /^(go|process|promhttp)_/;

/** Requests as `http.Get` of Go and libcurl do: they follow redirects, and take nothing but a 200. */
async function get(url: string): Promise<string> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

function need<T>(value: unknown, is: (value: unknown) => value is T, what: string): T {
  if (is(value)) return value;
  throw new Error(`${what} is ${JSON.stringify(value)}`);
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the Go collector has after one round. */
export interface Collected {
  readonly tables: ReadonlyMap<string, string>;
  /** The types of all metrics, as they are registered with Prometheus. */
  readonly registered: ReadonlyMap<string, string>;
  /** Values of metrics by table id, and by server. */
  readonly byTable: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly byServer: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** What it logs that it does not support. */
  readonly unsupported: ReadonlySet<string>;
}

/** One round of the collector of `collector/metrics/metric_collector.go`. */
export async function goCollector(
  metaServers: readonly string[],
  role: 'meta' | 'replica',
): Promise<Collected> {
  const nodes = JSON.parse(await get(`http://${metaServers[0]}/meta/nodes`));
  const replicaServers = Object.keys(need(nodes.details, isObject, 'details'));
  const cluster = JSON.parse(await get(`http://${metaServers[0]}/meta/cluster`));
  const primary = need(cluster.primary_meta_server, isString, 'primary_meta_server');
  const apps = JSON.parse(await get(`http://${primary}/meta/apps`));
  const tables = new Map(
    Object.values(need(apps.general_info, isObject, 'general_info')).map((row) => {
      const { app_id, app_name } = need(row, isObject, 'a row of general_info');
      return [need(app_id, isString, 'app_id'), need(app_name, isString, 'app_name')] as const;
    }),
  );

  const registered = new Map<string, string>();
  const byTable = new Map<string, Map<string, number>>();
  const byServer = new Map<string, Map<string, number>>();
  const unsupported = new Set<string>();
  for (const server of role === 'meta' ? metaServers : replicaServers) {
    const data = JSON.parse(await get(`http://${server}/metrics?detail=true`));
    for (const entity of need(data.entities, isArray, 'entities') as readonly RawEntity[]) {
      const type = need(entity.type, isString, 'type of an entity');
      const attributes = need(entity.attributes, isObject, `attributes of ${type}`);
      const isOfTable = ['replica', 'partition', 'table'].includes(type);
      const tableId = isOfTable ? need(attributes['table_id'], isString, `table_id of ${type}`) : undefined;
      if (!isOfTable && type !== 'server') unsupported.add(`entity ${type}`);
      for (const metric of need(entity.metrics, isArray, `metrics of ${type}`) as readonly RawMetric[]) {
        register(metric);
        if (!isNumber(metric['value'])) continue;
        const sums = tableId === undefined ? byServer : byTable;
        const key = tableId ?? server;
        const values = sums.get(key) ?? new Map<string, number>();
        sums.set(key, values);
        values.set(metric.name as string, (values.get(metric.name as string) ?? 0) + metric['value']);
      }
    }
  }

  /** Prometheus's client panics at a bad name, and at a name that is registered as another type. */
  function register(metric: RawMetric): void {
    const name = need(metric.name, isString, 'name of a metric');
    const type = need(metric.type, isString, `type of ${name}`);
    need(metric.desc, isString, `desc of ${name}`);
    const figures = type === 'Percentile' ? ['p50', 'p90', 'p95', 'p99', 'p999'] : ['value'];
    for (const figure of figures) need(metric[figure], isNumber, `${figure} of ${name}`);
    if (!['Counter', 'Gauge', 'Percentile'].includes(type)) {
      unsupported.add(type);
      return;
    }
    if (!PROMETHEUS_NAME.test(name) || OWN_NAME.test(name)) throw new Error(`panic: invalid name ${name}`);
    if ((registered.get(name) ?? type) !== type) throw new Error(`panic: ${name} is registered twice`);
    if (type === 'Counter' && (metric['value'] as number) < 0) throw new Error(`panic: ${name} decreases`);
    registered.set(name, type);
  }

  return { tables, registered, byTable, byServer, unsupported };
}

/** The filters of `collector/metrics/metric_filter.go`. All are always sent, empty ones too. */
export interface GoFilter {
  readonly types?: readonly string[];
  readonly ids?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly metrics?: readonly string[];
  readonly fields?: readonly string[];
}

/** The client of `collector/metrics/metric_client.go`, which decodes into structures of Go. */
export async function goMetricClient(server: string, filter: GoFilter): Promise<readonly RawEntity[]> {
  const { types = [], ids = [], attributes = {}, metrics = [], fields = [] } = filter;
  const lists = {
    types,
    ids,
    attributes: Object.entries(attributes).flat(),
    metrics,
    with_metric_fields: fields,
  };
  const query = Object.entries(lists).map(
    ([name, items]) => `${name}=${encodeURIComponent(items.join(','))}`,
  );
  const text = await get(`http://${server}/metrics?${query.join('&')}`);
  const data = JSON.parse(text);
  for (const name of ['cluster', 'role', 'host']) need(data[name], isString, name);
  if (!Number.isInteger(data.port)) throw new Error(`port is ${data.port}`);
  int64(text);
  for (const entity of need(data.entities, isArray, 'entities') as readonly RawEntity[]) {
    for (const field of [entity.type, entity.id]) need(field, isString, 'type or id');
    for (const value of Object.values(need(entity.attributes, isObject, 'attributes')))
      need(value, isString, 'an attribute');
    for (const metric of need(entity.metrics, isArray, 'metrics') as readonly RawMetric[]) {
      need(metric.name, isString, 'name');
      need(metric['value'], isNumber, `value of ${metric.name}`);
    }
  }
  return data.entities;
}

/** A snapshot as `src/shell/command_helper.h` deserializes it: all six fields are needed. */
interface ShellSnapshot {
  readonly server: string;
  readonly timestampNs: bigint;
  readonly values: ReadonlyMap<string, number>;
}

/** A query of the C++ shell: brief values, either `value` or `p99`. */
export async function shellSnapshot(
  server: string,
  filter: string,
  figure: 'value' | 'p99' = 'value',
): Promise<ShellSnapshot> {
  const text = await get(`http://${server}/metrics?${filter}&with_metric_fields=name,${figure}`);
  const data = need(JSON.parse(text), isObject, 'the body');
  const expected = ['cluster', 'role', 'host', 'port', 'timestamp_ns', 'entities'];
  for (const field of expected) if (!(field in data)) throw new Error(`${field} is missing`);
  const values = new Map<string, number>();
  for (const entity of need(data['entities'], isArray, 'entities') as readonly RawEntity[]) {
    need(entity.type, isString, 'type');
    need(entity.attributes, isObject, 'attributes');
    for (const metric of need(entity.metrics, isArray, 'metrics') as readonly RawMetric[]) {
      const fields = Object.keys(metric).sort().join();
      if (fields !== `name,${figure}`) throw new Error(`fields of a metric are ${fields}`);
      const key = `${entity.id} ${need(metric.name, isString, 'name')}`;
      values.set(key, need(metric[figure], isNumber, `${figure} of ${metric.name}`));
    }
  }
  return { server: `${data['host']}:${data['port']} ${data['role']}`, timestampNs: int64(text), values };
}

/** The rates between two snapshots of one server, as the shell computes them. */
export function shellRates(start: ShellSnapshot, end: ShellSnapshot): ReadonlyMap<string, number> {
  if (start.server !== end.server) throw new Error(`${start.server} is not ${end.server}`);
  const durationNs = end.timestampNs - start.timestampNs;
  if (durationNs <= 0n) throw new Error(`timestamps do not grow: ${durationNs}`);
  const seconds = Number(durationNs) / 1e9;
  return new Map(
    [...end.values].map(([key, value]) => [key, (value - (start.values.get(key) ?? Number.NaN)) / seconds]),
  );
}

function int64(text: string): bigint {
  const digits = /"timestamp_ns":\s*(\d+)[,}\s]/.exec(text)?.[1];
  if (digits === undefined) throw new Error('timestamp_ns is no integer');
  return BigInt.asIntN(64, BigInt(digits));
}
