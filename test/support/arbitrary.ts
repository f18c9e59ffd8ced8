import fc from 'fast-check';
import type { ClusterDescription } from '../../lib/index.js';

const NODES = ['10.0.0.1:34801', '10.0.0.2:34801', '10.0.0.10:34801', 'host.example:34801', '[::1]:34801'];

const partition = fc.shuffledSubarray(NODES, { maxLength: 4 }).chain((members) =>
  fc.record(
    {
      ballot: fc.integer({ min: -1 }),
      primary: fc.constantFrom(members[0] ?? null, null),
      secondaries: fc.constant(members.slice(1)),
      maxReplicaCount: fc.nat(5),
    },
    { requiredKeys: ['ballot', 'primary', 'secondaries'] },
  ),
);

const app = fc.record(
  {
    appName: fc.string({ unit: 'grapheme', minLength: 1 }),
    maxReplicaCount: fc.integer({ min: 1, max: 5 }),
    status: fc.constantFrom('AVAILABLE' as const, 'CREATING' as const, 'DROP_FAILED' as const),
    partitions: fc.array(partition, { minLength: 1, maxLength: 12 }),
    createSecond: fc.nat(),
    envs: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
  },
  { requiredKeys: ['appName', 'partitions'] },
);

/** Generates clusters with dead nodes, missing primaries, too many and too few replicas, and names of any text. */
export const arbitraryCluster: fc.Arbitrary<ClusterDescription> = fc.record({
  nodes: fc
    .constantFrom('ALIVE' as const, 'UNALIVE' as const)
    .chain((status) =>
      fc.constant(
        NODES.map((address, i) => ({ address, status: i % 2 === 0 ? status : ('ALIVE' as const) })),
      ),
    ),
  apps: fc.uniqueArray(app, { selector: ({ appName }) => appName, maxLength: 6 }),
});
