import { describe, expect, it } from 'vitest';
import { serve } from '../support/http.js';
import { differenceOf, expectedBody, pathOf, uncomparedBecause } from '../support/recorded-rules.js';
import { knowledgeOf, primaryOf, RECORDINGS } from '../support/recordings.js';
import { followed, realZookeeper, stored } from '../support/zookeeper.js';

const zookeeper = realZookeeper();

/** Recordings with responses that follow from the znodes. */
const COMPARABLE = RECORDINGS.map((recording) => ({
  ...recording,
  recording,
  exchanges: recording.exchanges.filter(
    (exchange) =>
      exchange.server === primaryOf(recording) &&
      exchange.method !== 'POST' &&
      exchange.status === 200 &&
      pathOf(exchange).startsWith('/meta/') &&
      uncomparedBecause(exchange, recording) === undefined &&
      differenceOf(exchange, recording) === undefined,
  ),
})).filter(({ exchanges }) => exchanges.length > 0);

// Only what ZooKeeper does not store is supplied: which nodes are alive, the settings and what the balancer has computed.
describe.each(COMPARABLE)('the recorded tree $version $state in a real ZooKeeper', (compared) => {
  const { recording, exchanges, compatibility } = compared;

  it(`gives the ${exchanges.length} responses of the recorded meta server`, async () => {
    await stored(zookeeper().address, recording);
    const cluster = await followed(zookeeper().address, knowledgeOf(recording));
    const { get } = await serve(cluster, { compatibility });
    for (const exchange of exchanges)
      expect((await get(exchange.target)).body, exchange.target).toBe(expectedBody(exchange));
  });
});

it('compares all three versions', () => {
  expect(new Set(COMPARABLE.map(({ version }) => version))).toEqual(new Set(['1.12.3', '2.5.0', '2.6']));
  expect(COMPARABLE.flatMap(({ exchanges }) => exchanges).length).toBeGreaterThan(800);
});
