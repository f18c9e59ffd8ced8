/**
 * Which recorded exchanges are not compared, and where the library departs from a real server on purpose.
 *
 * @module
 */
import type { Compatibility } from '../../lib/index.js';
import { RELEASES, recordedOperations } from './recorded-operations.js';
import { primaryOf, type RecordedExchange, type Recording } from './recordings.js';

/** The path of a request without its query. */
export const pathOf = ({ target }: RecordedExchange): string => target.split(/[?#]/)[0] as string;

interface Rule {
  /** Why exchanges are not compared. */
  readonly reason: string;
  applies(exchange: RecordedExchange, recording: Recording): boolean;
}

/** The paths of operations, whose state is more than the znodes of tables. */
const OPERATIONS: readonly string[] = [
  '/envs/list',
  '/meta/app/duplication',
  '/meta/app/query_bulk_load',
  '/meta/app/start_bulk_load',
  '/meta/app/start_compaction',
  '/meta/app/usage_scenario',
  '/meta/backup_policy',
  '/replica/data_version',
  '/replica/duplication',
  '/replica/manual_compaction',
];

const isOperation = (exchange: RecordedExchange): boolean => OPERATIONS.includes(pathOf(exchange));

/** Names a question to a kind of server of a version, and its answer. */
function comparisonOf(
  compatibility: Compatibility,
  { server, target, method = 'GET', status, body, ...exchange }: RecordedExchange,
): string {
  const kind = server.replace(/\d/, '');
  const withoutTexts = body.replace(/"limitation": ?"[^"]*"/g, '"limitation":"(text)"').replace(/\s+/g, '');
  return JSON.stringify([compatibility, kind, method, target, exchange.request_body, status, withoutTexts]);
}

/** The questions about operations that test/http/operations-golden.test.ts compares, each in a cluster of its moment. */
const COMPARED_OPERATIONS: ReadonlySet<string> = new Set(
  RELEASES.flatMap((release) =>
    Object.values(recordedOperations(release)).flatMap(({ exchanges }) =>
      exchanges.map(({ requestBody, ...exchange }) =>
        comparisonOf(release, {
          ...exchange,
          ...(requestBody !== undefined && { request_body: requestBody }),
        }),
      ),
    ),
  ),
);

/** What cannot follow from the stored state. The first rule that applies counts. */
export const UNCOMPARED: readonly Rule[] = [
  {
    reason: 'the real server closed the connection without an answer',
    applies: ({ status }) => status === 0,
  },
  {
    reason: 'test/http/operations-golden.test.ts compares the same question and answer',
    applies: (exchange, { compatibility }) =>
      isOperation(exchange) && COMPARED_OPERATIONS.has(comparisonOf(compatibility, exchange)),
  },
  {
    reason: 'test/http/metrics.test.ts compares it',
    applies: (exchange) => pathOf(exchange) === '/metrics' && exchange.status !== 404,
  },
  {
    reason: 'test/http/config.test.ts compares it',
    applies: (exchange) => ['/config', '/configs', '/updateConfig'].includes(pathOf(exchange)),
  },
  {
    reason: 'it was taken while the state changed, and the znodes were read later',
    applies: ({ after_s }) => after_s !== undefined,
  },
  {
    reason: 'a primary replica that had just moved had not heard of the duplication',
    applies: ({ server, target }, { version, state }) =>
      version === '2.6' &&
      ['level_lively', 'level_steady'].includes(state) &&
      server === 'replica3' &&
      target === '/replica/duplication?appid=2',
  },
  {
    reason: 'a backup of 2.5.0 answers from its own, empty state (apache/incubator-pegasus#1816)',
    applies: (exchange, recording) =>
      recording.version === '2.5.0' &&
      exchange.server.startsWith('meta') &&
      exchange.server !== primaryOf(recording) &&
      pathOf(exchange).startsWith('/meta/') &&
      (exchange.status === 200 || isOperation(exchange)),
  },
  {
    reason: 'a backup of 2.5.0 knows no table',
    applies: (exchange, recording) =>
      recording.version === '2.5.0' &&
      exchange.server === 'meta2' &&
      exchange.body === 'table not found: "temp"',
  },
  {
    reason: 'the help texts are those of each implementation',
    applies: (exchange) => pathOf(exchange) === '/',
  },
  {
    reason: 'profiles, symbols and the command line are those of the process',
    applies: (exchange) => pathOf(exchange).startsWith('/pprof/') && exchange.status !== 404,
  },
  {
    reason: 'two replica servers had just started, and which ones are alive was not recorded',
    applies: (exchange, { state }) => state === 'features_off' && pathOf(exchange) === '/meta/cluster',
  },
];

/** A difference on purpose. */
export interface Difference {
  /** The first cell of its row in docs/differences.md. */
  readonly row: string;
  /** The status that the library responds with. */
  readonly status: number;
  /** The target whose recorded response the library gives, for a 200. */
  readonly like?: string;
  applies(exchange: RecordedExchange, recording: Recording): boolean;
}

const isIn =
  (...targets: string[]) =>
  ({ target }: RecordedExchange): boolean =>
    targets.includes(target);

/** Whether a stored table in use has a name. */
function hasTable({ znodes }: Recording, name: string): boolean {
  return Object.entries(znodes)
    .filter(([path]) => /\/apps\/\d+$/.test(path))
    .map(([, { data }]) => JSON.parse(data) as { readonly app_name: string; readonly status: string })
    .some(({ app_name, status }) => app_name === name && status === 'app_status::AS_AVAILABLE');
}

/** The differences. The first one that applies counts. */
export const DIFFERENCES: readonly Difference[] = [
  {
    row: '`POST` to an endpoint that has only GET',
    status: 405,
    applies: ({ method = 'GET', target, status }) =>
      method === 'POST' && target !== '/pprof/symbol' && status !== 404,
  },
  {
    row: 'envs of a table that does not exist',
    status: 404,
    applies(exchange, recording) {
      const [, name] = /^\/meta\/app_envs\?name=([^&]*)$/.exec(exchange.target) ?? [];
      return name !== undefined && exchange.status === 200 && !hasTable(recording, decodeURIComponent(name));
    },
  },
  {
    row: 'perf counter without a name',
    status: 400,
    applies: (exchange) => isIn('/perfCounter', '/perfCounter?name=')(exchange) && exchange.status === 200,
  },
  {
    row: 'perf counter that does not exist',
    status: 404,
    applies: (exchange) => pathOf(exchange) === '/perfCounter' && exchange.body === '{}\n',
  },
  {
    row: '`/meta/app` without a name',
    status: 400,
    applies: ({ body }) => body === 'table not found: ""',
  },
  {
    row: 'wrong arguments on a backup',
    status: 400,
    applies: (exchange) =>
      exchange.status === 307 && isIn('/meta/app?', '/meta/app?name', '/meta/app_envs')(exchange),
  },
  {
    row: '`detail=false`, `detail=0`',
    status: 200,
    like: '/meta/apps',
    applies: isIn('/meta/apps?detail=false'),
  },
  {
    row: '`detail=false`, `detail=0`',
    status: 200,
    like: '/meta/app?name=te%6dp',
    applies: isIn('/meta/app?name=%74emp&detail=0'),
  },
  {
    row: 'escaped `/` and NUL in a path',
    status: 404,
    applies: isIn('/meta%2Fapps', '/meta/apps%00'),
  },
  {
    row: '`#` in a request target',
    status: 404,
    applies: isIn('/meta/apps#frag'),
  },
  {
    row: 'bad escape in the path or query of an unknown path',
    status: 404,
    applies: isIn('/%', '/%2', '/%zz', '/nope%', '/nope?x=%'),
  },
  {
    row: 'query',
    status: 404,
    applies: (exchange) => exchange.status === 200 && isIn('/meta/app?name=temp%26detail')(exchange),
  },
  {
    row: 'query',
    status: 400,
    applies: isIn('/meta/app?name%3Dtemp'),
  },
  {
    row: 'query',
    status: 200,
    applies: (exchange) => exchange.status === 400 && exchange.target.startsWith('/meta/app?name=a%26b%3Dc'),
  },
  {
    row: 'blanks around a parameter, NUL in it',
    status: 404,
    applies: isIn('/meta/app?name=temp%00', '/meta/app?name=temp%20'),
  },
  {
    row: 'bytes that are not UTF-8 in a query',
    status: 400,
    applies: isIn('/meta/app?name=%ff%fe'),
  },
];

/** Returns why an exchange is not compared; `undefined` if it is. */
export function uncomparedBecause(exchange: RecordedExchange, recording: Recording): string | undefined {
  return UNCOMPARED.find((rule) => rule.applies(exchange, recording))?.reason;
}

/** Returns the difference that applies to an exchange. */
export function differenceOf(exchange: RecordedExchange, recording: Recording): Difference | undefined {
  return DIFFERENCES.find((difference) => difference.applies(exchange, recording));
}

/** The recorded body with the milliseconds of times as 1.12.3, 2.6 and the library print them; 2.5.0 prints one digit. */
export function expectedBody({ body }: RecordedExchange): string {
  return body.replace(/("create_time":"[-\d]+ [\d:]+\.0)"/g, '$100"');
}
