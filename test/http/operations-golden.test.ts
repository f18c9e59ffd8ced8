import { describe, expect, it } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { serve } from '../support/http.js';
import {
  addressOf,
  describeMoment,
  RELEASES,
  type RecordedExchange,
  recordedOperations,
} from '../support/recorded-operations.js';

/** What is answered otherwise than by a real server. */
interface Difference {
  /** The row of docs/differences.md. */
  readonly row: string;
  readonly status: number;
  /** The body of a 200. */
  readonly body?: string;
  is(exchange: RecordedExchange): boolean;
}

const isWrite = ({ target }: RecordedExchange) => /start_|usage_scenario/.test(target);

const DIFFERENCES: readonly Difference[] = [
  {
    row: 'POST to a path that reads',
    status: 405,
    is: (exchange) => exchange.method === 'POST' && !isWrite(exchange),
  },
  {
    row: 'GET of a path that writes',
    status: 405,
    is: (exchange) => exchange.method === 'GET' && isWrite(exchange),
  },
  {
    row: 'unknown fields of a body',
    status: 400,
    is: ({ requestBody = '' }) => /"(x|extra|ingest_behind)"/.test(requestBody),
  },
  {
    row: 'numbers that are not decimal',
    status: 400,
    is: ({ target }) => /app_id=(0x1|%201|1%20)$/.test(target),
  },
  { row: 'an empty name', status: 400, is: ({ target }) => /\/meta\/app\/.*name=$/.test(target) },
  {
    row: 'wrong arguments where a feature is off',
    status: 400,
    is: ({ status, target }) => status === 404 && /(policy\?x=1|\/duplication)$/.test(target),
  },
  {
    row: 'wrong arguments on a backup',
    status: 400,
    is: ({ status, target, requestBody }) =>
      status === 307 && (target.includes('x=1') || requestBody === '{}'),
  },
  {
    row: 'start_compaction and usage_scenario of a table that does not exist',
    status: 200,
    body: '{"error":"ERR_APP_NOT_EXIST","hint_message":"app cannot be found"}',
    is: ({ body }) => body.includes('invalid app name'),
  },
  {
    row: 'start_bulk_load of a table that does not exist',
    status: 200,
    body: '{"error":"ERR_APP_NOT_EXIST","hint_msg":"app cannot be found"}',
    is: ({ body }) => body.includes('app not existed is'),
  },
];

const LOAD = {
  appName: 'temp',
  clusterName: 'onebox',
  fileProviderType: 'local_service',
  remoteRootPath: 'bulk',
};

describe.each(RELEASES)('Pegasus %s', (release) => {
  const exchanges = Object.entries(recordedOperations(release)).flatMap(([name, moment]) =>
    moment.exchanges.map((exchange) => ({ name, moment, ...exchange })),
  );

  it.each(exchanges)(
    '$name: $server answers $method $target $requestBody',
    async ({ moment, ...exchange }) => {
      const cluster = memoryCluster(describeMoment(moment, exchange, release));
      if (exchange.body.includes('meta server is busy')) cluster.metaState.startBulkLoad(LOAD);
      const address = addressOf(exchange.server, release);
      const source = exchange.server.startsWith('meta')
        ? cluster.metaServer(address)
        : cluster.replicaServer(address);
      const { send } = await serve(source, { authorize: () => 'allow' });
      const answer = await send(exchange.method, exchange.target, {}, exchange.requestBody);
      const difference = DIFFERENCES.find(({ is }) => is(exchange));
      expect(answer.status).toBe(difference?.status ?? exchange.status);
      if (answer.status === 307) expect(answer.headers['location']).toBe(exchange.location);
      else expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      if (answer.status === 200) {
        expect(withoutTexts(answer.body)).toBe(difference?.body ?? withoutTexts(exchange.body));
      } else if (answer.status !== 307) {
        expect(answer.json()).toEqual({ error: expect.stringMatching(/^ERR_/), message: expect.any(String) });
      }
    },
  );

  it('differs from a real server in nothing that no request shows', () => {
    const shown = DIFFERENCES.filter(({ is }) => exchanges.some(is));
    expect(shown.length).toBeGreaterThan(release === '2.5' ? 8 : 5);
  });
});

/** Compact JSON, in which key order counts, without the sentences that the recordings leave out. */
function withoutTexts(body: string): string {
  return JSON.stringify(JSON.parse(body)).replaceAll(/"limitation":"[^"]*"/g, '"limitation":"(text)"');
}
