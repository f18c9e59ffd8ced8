import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ClusterSource, memoryCluster } from '../../lib/index.js';
import { ROOT } from '../support/child.js';
import { type Answer, serve } from '../support/http.js';
import {
  DIFFERENCES,
  differenceOf,
  expectedBody,
  UNCOMPARED,
  uncomparedBecause,
} from '../support/recorded-rules.js';
import {
  addressOf,
  describeRecording,
  RECORDINGS,
  type RecordedExchange,
  type Recording,
} from '../support/recordings.js';

const isAnswered = ({ status }: RecordedExchange) => status === 200;
const isRefused = ({ status }: RecordedExchange) => status >= 400;
const isRedirected = ({ status }: RecordedExchange) => status === 307;

/** A server of a recorded cluster, as a source. */
function sourceOf(recording: Recording, server: string): ClusterSource {
  const description = describeRecording(recording, server);
  const cluster = memoryCluster(description);
  const address = addressOf(server, recording);
  const { perfCounters, processInfo, metaState } = server.startsWith('meta')
    ? cluster.metaServer(address)
    : cluster;
  return {
    processInfo,
    ...(server.startsWith('replica') && { replicas: cluster.replicaServer(address).replicas }),
    // 2.6 has no perf counters.
    ...(recording.compatibility === '2.5' && { perfCounters }),
    ...(server.startsWith('meta') && { metaState }),
  };
}

/** The exchanges of one kind, by server. */
function exchangesOf(
  recording: Recording,
  isOfKind: (exchange: RecordedExchange) => boolean,
): Map<string, RecordedExchange[]> {
  const compared = recording.exchanges.filter(
    (exchange) => isOfKind(exchange) && uncomparedBecause(exchange, recording) === undefined,
  );
  const servers = [...new Set(compared.map(({ server }) => server))];
  return new Map(servers.map((name) => [name, compared.filter(({ server }) => server === name)]));
}

/** Sends every exchange of one kind to the same server, built in memory. */
async function replay(
  recording: Recording,
  isOfKind: (exchange: RecordedExchange) => boolean,
  compare: (exchange: RecordedExchange, answer: Answer) => void,
): Promise<void> {
  for (const [server, exchanges] of exchangesOf(recording, isOfKind)) {
    const { compatibility } = recording;
    const { send } = await serve(sourceOf(recording, server), { compatibility });
    for (const exchange of exchanges) {
      const { method = 'GET', target, request_headers, request_body } = exchange;
      compare(exchange, await send(method, target, request_headers, request_body));
    }
  }
}

/** The recordings of which an exchange is compared. */
const COMPARED = RECORDINGS.filter((recording) => exchangesOf(recording, () => true).size > 0);

// What real servers of 1.12.3, 2.5.0 and 2.6 answered, byte for byte: the same values in the same key order.
describe.each(COMPARED)('the recorded cluster $version $state', (recording) => {
  const has = (isOfKind: (exchange: RecordedExchange) => boolean) =>
    exchangesOf(recording, isOfKind).size > 0;

  if (has(isAnswered))
    it('gives every 200 of the real servers', async () => {
      await replay(recording, isAnswered, (exchange, answer) => {
        const label = `${exchange.server} ${exchange.target}`;
        const difference = differenceOf(exchange, recording);
        expect(answer.status, label).toBe(difference?.status ?? 200);
        if (difference === undefined) expect(answer.body, label).toBe(expectedBody(exchange));
        if (difference?.like === undefined) return;
        const like = recording.exchanges.find(({ target }) => target === difference.like);
        expect(answer.body, label).toBe(expectedBody(like as RecordedExchange));
      });
    });

  if (has(isRefused))
    it('refuses with the status of the real servers', async () => {
      await replay(recording, isRefused, (exchange, answer) => {
        const label = `${exchange.server} ${exchange.target}`;
        const difference = differenceOf(exchange, recording);
        expect(answer.status, label).toBe(difference?.status ?? exchange.status);
        // Where the real server says why, so does the library; the other messages are its own.
        if (difference === undefined && /^(table not found|app name)/.test(exchange.body)) {
          expect(answer.json(), label).toMatchObject({ message: exchange.body });
        }
      });
    });

  if (has(isRedirected))
    it('redirects from the backups', async () => {
      await replay(recording, isRedirected, (exchange, answer) => {
        const label = `${exchange.server} ${exchange.target}`;
        const difference = differenceOf(exchange, recording);
        expect(answer.status, label).toBe(difference?.status ?? 307);
        if (answer.status !== 307) return;
        // The real server writes the query anew, decoded; the library leaves it as it came.
        const query = exchange.target.split('?').slice(1).join('?').replace('#', '%23');
        const [recordedBase] = exchange.location?.split('?') ?? [];
        expect(answer.headers['location'], label).toBe(recordedBase + (query === '' ? '' : `?${query}`));
      });
    });
});

// Which secondary becomes the primary is a choice of the version: here it is that of 1.12.3.
it('comes to the recorded state when the node that was killed there is killed here', async () => {
  const find = (name: string) =>
    RECORDINGS.find(({ version, state }) => version === '1.12.3' && state === name) as Recording;
  const cluster = memoryCluster(describeRecording(find('healthy'), 'meta1'));
  cluster.killNode('127.0.0.1:34803');
  const { get } = await serve(cluster);
  for (const { server, target, status, body } of find('one_node_down').exchanges) {
    if (server === 'meta1' && status === 200) expect((await get(target)).body, target).toBe(body);
  }
});

describe('the rules of the comparison', () => {
  const all = RECORDINGS.flatMap((recording) =>
    recording.exchanges.map((exchange) => [exchange, recording] as const),
  );

  it('all apply somewhere', () => {
    const reasons = new Set(all.map(([exchange, recording]) => uncomparedBecause(exchange, recording)));
    expect(UNCOMPARED.map(({ reason }) => reason).filter((reason) => !reasons.has(reason))).toEqual([]);
    const compared = all.filter(
      ([exchange, recording]) => uncomparedBecause(exchange, recording) === undefined,
    );
    const differences = new Set(compared.map(([exchange, recording]) => differenceOf(exchange, recording)));
    expect(DIFFERENCES.filter((difference) => !differences.has(difference))).toEqual([]);
  });

  it('leave 900 exchanges with a 200', () => {
    const compared = all.filter(
      ([exchange, recording]) =>
        exchange.status === 200 &&
        uncomparedBecause(exchange, recording) === undefined &&
        differenceOf(exchange, recording) === undefined,
    );
    expect(compared.length).toBeGreaterThanOrEqual(900);
  });

  it.each(DIFFERENCES.map(({ row }) => row))('docs/differences.md has the row "%s"', (row) => {
    expect(readFileSync(`${ROOT}docs/differences.md`, 'utf8')).toContain(`\n| ${row} |`);
  });
});
