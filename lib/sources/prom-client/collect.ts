import type { Metric, Registry } from 'prom-client';

/** How long a read waits for the `collect` of other metrics, in milliseconds. */
const MAX_WAIT_MS = 1000;

/** A metric of prom-client with the field that its types leave out. */
type Collecting = Metric & { collect?: () => unknown };

/** One run of all `collect` functions of a registry. */
interface Round {
  /** What was thrown, by the metric whose `collect` threw it. */
  readonly errors: ReadonlyMap<Metric, unknown>;
  /** The `collect` functions that have not finished. */
  readonly pending: ReadonlyMap<Metric, Promise<unknown>>;
  /** Resolves when all have finished, or after `MAX_WAIT_MS`. */
  readonly settled: Promise<unknown> | undefined;
}

/**
 * Creates a function that runs the `collect` functions of all metrics, as `registry.metrics()` does. prom-client puts one
 * `collect` on one metric of a family, which sets its siblings, and does not say which. All reads of the same tick share one
 * run.
 *
 * An error is that of the metric whose `collect` failed. Other metrics are read as they are, and a read waits for their
 * `collect` functions at most one second. One that takes longer is not called again until it has finished.
 *
 * @returns A function that takes the metric to be read, if it is only one, and rejects with the error of its `collect`.
 */
export function createCollector(
  registry: Pick<Registry, 'getMetricsAsArray'>,
): (metric?: Metric) => Promise<void> {
  const overdue = new Map<Metric, Promise<unknown>>();
  let current: Round | undefined;

  function start(): Round {
    const errors = new Map<Metric, unknown>();
    const pending = new Map<Metric, Promise<unknown>>();
    for (const metric of registry.getMetricsAsArray() as unknown as Collecting[]) {
      if (typeof metric.collect !== 'function') continue;
      const late = overdue.get(metric);
      if (late !== undefined) {
        pending.set(metric, late);
        continue;
      }
      try {
        const result = metric.collect();
        if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function')
          pending.set(metric, Promise.resolve(result));
      } catch (error) {
        errors.set(metric, error);
      }
    }
    return { errors, pending, settled: waitFor(pending) };
  }

  /** Waits for the functions that are not overdue. Those that exceed `MAX_WAIT_MS` are overdue from then on. */
  function waitFor(pending: ReadonlyMap<Metric, Promise<unknown>>): Promise<unknown> | undefined {
    const unfinished = new Map([...pending].filter(([metric]) => !overdue.has(metric)));
    for (const late of pending.values()) late.catch(() => {});
    if (unfinished.size === 0) return undefined;
    return new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        for (const [metric, result] of unfinished) {
          overdue.set(metric, result);
          result.catch(() => {}).finally(() => overdue.delete(metric));
        }
        resolve();
      }, MAX_WAIT_MS);
      for (const [metric, result] of unfinished) {
        result
          .catch(() => {})
          .finally(() => {
            unfinished.delete(metric);
            if (unfinished.size > 0) return;
            clearTimeout(timer);
            resolve();
          });
      }
    });
  }

  return async (metric) => {
    if (current === undefined) {
      current = start();
      // A later tick starts another run: its values may differ.
      queueMicrotask(() => {
        current = undefined;
      });
    }
    const { errors, pending, settled } = current;
    if (settled !== undefined) await settled;
    if (metric === undefined) return;
    if (errors.has(metric)) throw errors.get(metric);
    await pending.get(metric);
  };
}
