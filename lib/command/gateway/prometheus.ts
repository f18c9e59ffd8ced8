import type * as PromClient from 'prom-client';
import { clusterMetrics } from '../../sources/prom-client/index.js';
import { loadOptional } from '../optional-package.js';
import type { Log } from './log.js';
import { codeOf, type Upstream } from './upstream.js';

/** What `/prometheus` serves. */
export interface Exposition {
  readonly contentType: string;
  /** Reads all metrics as text. */
  text(): Promise<string>;
}

/**
 * Makes the exposition of all clusters and of this process.
 *
 * @returns `undefined` if prom-client is not installed.
 */
export function createExposition(upstreams: readonly Upstream[], log: Log): Exposition | undefined {
  const promClient = loadOptional<typeof PromClient>('prom-client');
  if (promClient === undefined) return undefined;
  const registry = new promClient.Registry();
  promClient.collectDefaultMetrics({ register: registry });
  for (const { label: cluster, monitored } of upstreams) {
    const onError = (error: unknown) =>
      log.warn('a scrape got no state', { cluster, error: (error as Error).message, ...codeOf(error) });
    clusterMetrics(registry, monitored, { cluster, onError });
  }
  return { contentType: registry.contentType, text: () => registry.metrics() };
}
