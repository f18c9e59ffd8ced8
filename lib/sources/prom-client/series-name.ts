import * as check from '../../validate/checks.js';
import { readOptions } from '../../validate/options.js';

/** The statistic of a metric that a perf counter shows; see {@link promClientCounters}. */
export type PromStat = 'value' | 'rate' | 'percentile';

/** One series of a prom-client registry, and the statistic that is read of it. */
export interface PromSeries {
  /** The metric's name, such as `http_requests_total`. */
  readonly metric: string;
  /** The statistic that is read. */
  readonly stat: PromStat;
  /** The labels that tell this series from the metric's others. Default: none. */
  readonly labels?: Readonly<Record<string, string | number>> | undefined;
}

/** The series of a parsed name. */
export interface ParsedPromSeries extends PromSeries {
  /** All values are text: prom-client does not tell a number from its text either. */
  readonly labels: Readonly<Record<string, string>>;
}

const STATS = ['value', 'rate', 'percentile'] as const satisfies readonly PromStat[];
const METRIC = /^[a-zA-Z_:][\w:]*$/;
const LABEL = /^[a-zA-Z_]\w*$/;
const NAME = /^prometheus\*([^*]+)\*(value|rate|percentile)(?:@(.+))?$/su;

/**
 * Returns the name of the perf counter of a series: `prometheus*<metric>*<stat>`, then `@` and its labels, sorted by name, as
 * `name=value` separated by commas. In a value `%` is written as `%25` and `,` as `%2C`; any other character stands for itself.
 * {@link parsePromCounterName} is the inverse.
 *
 * @throws TypeError when the metric, the statistic or a label is invalid.
 *
 * @example
 * ```ts
 * import { promCounterName } from 'pegasus-http/prom-client';
 *
 * promCounterName({ metric: 'http_requests_total', stat: 'rate', labels: { status: 200, route: '/users/:id' } });
 * // prometheus*http_requests_total*rate@route=/users/:id,status=200
 * ```
 */
export function promCounterName(series: PromSeries): string {
  const keys = ['metric', 'stat', 'labels'];
  return readOptions('promCounterName', series, keys, writeName, { reading: 'stat' });
}

function writeName({ metric, stat, labels = {} }: PromSeries): string {
  if (typeof metric !== 'string' || !METRIC.test(metric))
    check.fail('metric', 'the name of a metric', metric);
  if (!STATS.includes(stat)) check.fail('stat', 'value, rate or percentile', stat);
  for (const [label, value] of Object.entries(check.object(labels, 'labels'))) {
    if (!LABEL.test(label)) check.fail('labels', 'named as labels are', label);
    if (value !== undefined && typeof value !== 'string' && typeof value !== 'number')
      check.fail(`labels.${label}`, 'a string or a number', value);
  }
  const suffix = formatLabels(labels);
  return `prometheus*${metric}*${stat}${suffix === '' ? '' : `@${suffix}`}`;
}

/**
 * Parses the name of a perf counter. The labels may come in any order.
 *
 * @returns The series; `undefined` when the name is not one of {@link promCounterName}.
 *
 * @example
 * ```ts
 * import { parsePromCounterName } from 'pegasus-http/prom-client';
 *
 * parsePromCounterName('prometheus*http_requests_total*rate@status=200');
 * // { metric: 'http_requests_total', stat: 'rate', labels: { status: '200' } }
 * parsePromCounterName('replica*server*memused.res(MB)'); // undefined
 * ```
 */
export function parsePromCounterName(name: string): ParsedPromSeries | undefined {
  const [, metric = '', stat = '', suffix] = NAME.exec(name) ?? [];
  if (!METRIC.test(metric)) return undefined;
  const labels = new Map<string, string>();
  for (const part of suffix?.split(',') ?? []) {
    const equals = part.indexOf('=');
    const label = part.slice(0, Math.max(equals, 0));
    const value = part.slice(equals + 1);
    if (!LABEL.test(label) || labels.has(label) || /%(?!25|2C)/.test(value)) return undefined;
    labels.set(label, value.replaceAll('%2C', ',').replaceAll('%25', '%'));
  }
  return { metric, stat: stat as PromStat, labels: Object.fromEntries(labels) };
}

/** Writes labels as the end of a name, sorted: the same text for the same labels. Leaves out those that are `undefined`. */
export function formatLabels(labels: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(labels)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${String(value).replaceAll('%', '%25').replaceAll(',', '%2C')}`)
    .join(',');
}
