import { describeValue } from '../../validate/describe-value.js';

/** What is read of a metric; see {@link promClientCounters}. */
export type PromReading = 'value' | 'rate' | 'percentile';

/** One series of a prom-client registry, and what is read of it. */
export interface PromSeries {
  /** The metric's name, `http_requests_total`. */
  readonly metric: string;
  /** What is read of it. */
  readonly reading: PromReading;
  /** The labels that tell this series from the metric's others. Default: none. */
  readonly labels?: Readonly<Record<string, string | number>> | undefined;
}

/** The series that a name stands for. */
export interface ParsedPromSeries extends PromSeries {
  /** As text, which prom-client does not tell from numbers either. */
  readonly labels: Readonly<Record<string, string>>;
}

const METRIC = /^[a-zA-Z_:][\w:]*$/;
const LABEL = /^[a-zA-Z_]\w*$/;
const NAME = /^prometheus\*([^*]+)\*(value|rate|percentile)(?:@(.+))?$/su;

/**
 * The perf counter's name of a series: `prometheus*<metric>*<reading>`, and behind an `@` its labels, sorted by name, as
 * `name=value` with commas between. In a value `%` is written as `%25` and `,` as `%2C`; everything else stands for itself.
 * {@link parsePromCounterName} is its inverse.
 *
 * @throws TypeError when the metric's name, the reading or a label's name is none.
 *
 * @example
 * ```ts
 * import { promCounterName } from 'pegasus-http/prom-client';
 *
 * promCounterName({ metric: 'http_requests_total', reading: 'rate', labels: { status: 200, route: '/users/:id' } });
 * // prometheus*http_requests_total*rate@route=/users/:id,status=200
 * ```
 */
export function promCounterName({ metric, reading, labels = {} }: PromSeries): string {
  if (!METRIC.test(metric)) {
    throw new TypeError(`promCounterName: metric must be the name of a metric, not ${describeValue(metric)}`);
  }
  if (!['value', 'rate', 'percentile'].includes(reading)) {
    throw new TypeError(
      `promCounterName: reading must be value, rate or percentile, not ${describeValue(reading)}`,
    );
  }
  const wrong = Object.keys(labels).find((label) => !LABEL.test(label));
  if (wrong !== undefined) {
    throw new TypeError(`promCounterName: labels must have names of labels, not ${describeValue(wrong)}`);
  }
  const suffix = labelText(labels);
  return `prometheus*${metric}*${reading}${suffix === '' ? '' : `@${suffix}`}`;
}

/**
 * The series that a perf counter's name stands for; `undefined` when it is no name of {@link promCounterName}'s. The
 * labels may come in any order.
 *
 * @example
 * ```ts
 * import { parsePromCounterName } from 'pegasus-http/prom-client';
 *
 * parsePromCounterName('prometheus*http_requests_total*rate@status=200');
 * // { metric: 'http_requests_total', reading: 'rate', labels: { status: '200' } }
 * parsePromCounterName('replica*server*memused.res(MB)'); // undefined
 * ```
 */
export function parsePromCounterName(name: string): ParsedPromSeries | undefined {
  const [, metric = '', reading = '', suffix] = NAME.exec(name) ?? [];
  if (!METRIC.test(metric)) return undefined;
  const labels = new Map<string, string>();
  for (const part of suffix?.split(',') ?? []) {
    const equals = part.indexOf('=');
    const label = part.slice(0, Math.max(equals, 0));
    const value = part.slice(equals + 1);
    if (!LABEL.test(label) || labels.has(label) || /%(?!25|2C)/.test(value)) return undefined;
    labels.set(label, value.replaceAll('%2C', ',').replaceAll('%25', '%'));
  }
  return { metric, reading: reading as PromReading, labels: Object.fromEntries(labels) };
}

/**
 * The labels as a name has them: the same for the same labels, in whatever order they come. What is `undefined` is not
 * there.
 */
export function labelText(labels: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(labels)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${String(value).replaceAll('%', '%25').replaceAll(',', '%2C')}`)
    .join(',');
}
