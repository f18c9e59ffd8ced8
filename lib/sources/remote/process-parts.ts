import type { ServerClient } from '../../client/index.js';
import { PegasusError, type PegasusErrorCode } from '../../model/errors.js';
import type { MetricsFilter } from '../../model/metric.js';
import type { ClusterSource } from '../../model/source.js';
import type { Reads } from './reads.js';

/** Maximum number of filters, flags or tables whose answers are kept. */
const MAX_KEYS = 200;

/** The parts of a source that belong to one server. */
export type ProcessParts = Pick<
  ClusterSource,
  'processInfo' | 'perfCounters' | 'metrics' | 'config' | 'replicas'
>;

/**
 * Makes the parts of a source that belong to one server.
 *
 * @param writes - Whether the configuration can be changed.
 */
export function processParts(server: ServerClient, reads: Reads, writes: boolean): ProcessParts {
  const version = reads.one(() => server.version());
  const startSecond = reads.one(() => server.startSecond());
  const flags = reads.one(() => server.flags());
  const flag = reads.keyed(MAX_KEYS, (name) => server.flag(name));
  const metrics = reads.keyed(MAX_KEYS, (filter) => server.metrics(JSON.parse(filter) as MetricsFilter));
  const duplications = reads.keyed(MAX_KEYS, (appId) => server.duplications(Number(appId)));
  const dataVersions = reads.keyed(MAX_KEYS, (appId) => server.dataVersions(Number(appId)));
  const compactions = reads.keyed(MAX_KEYS, (appId) => server.compactionProgress(Number(appId)));

  async function update(name: string, value: string): Promise<void> {
    const { error, hint } = await server.updateFlag(name, value);
    // The hint reaches the client, which gets from the server itself the same.
    if (error !== 'ERR_OK') throw new PegasusError(error as PegasusErrorCode, hint);
  }

  return {
    processInfo: { version: version.get, startSecond: startSecond.get },
    // Not kept, because reading may reset the counter.
    perfCounters: { read: (name) => server.perfCounter(name) },
    metrics: { read: (filter) => metrics.of(JSON.stringify(filter)).get() },
    config: {
      flag: (name) => flag.of(name).get(),
      flags: flags.get,
      ...(writes && { update }),
    },
    replicas: {
      duplications: (appId) => duplications.of(String(appId)).get(),
      dataVersions: (appId) => dataVersions.of(String(appId)).get(),
      compactionProgress: (appId) => compactions.of(String(appId)).get(),
    },
  };
}
