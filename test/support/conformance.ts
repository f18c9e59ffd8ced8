import { expect } from 'vitest';
import { oneboxSample, SAMPLES, sample } from './fixtures.js';
import type { Client } from './http.js';

/** A client of the interface as it is mounted somewhere: targets are those of the specification. */
export interface Check {
  readonly name: string;
  run(client: Client): Promise<void>;
}

const JSON_TYPE = 'application/json; charset=utf-8';

const ERRORS = [
  ['/meta/app', 400, 'ERR_INVALID_PARAMETERS'],
  ['/meta/app?name=a&name=b', 400, 'ERR_INVALID_PARAMETERS'],
  ['/meta/app?name=%zz', 400, 'ERR_INVALID_PARAMETERS'],
  ['/meta/apps?what', 400, 'ERR_INVALID_PARAMETERS'],
  ['/meta/app?name=%E4%B8%AD+%26', 404, 'ERR_OBJECT_NOT_FOUND'],
  ['/perfCounter?name=none', 404, 'ERR_OBJECT_NOT_FOUND'],
] as const;

/** What Next.js changes, and no other host. */
interface Traits {
  /** Whether the host sends the `Content-Length` of a body. */
  readonly keepsLength: boolean;
  /** Whether the path and the query reach the handler as the client wrote them. */
  readonly keepsUrl: boolean;
}

const FAITHFUL: Traits = { keepsLength: true, keepsUrl: true };

/** The checks of a primary meta server, wherever its handler is mounted. */
const checks = (
  expected: (sample: string) => unknown,
  { keepsLength, keepsUrl }: Traits,
): readonly Check[] => [
  ...SAMPLES.map(([target, name]) => ({
    name: `GET ${target} is the document's sample`,
    async run({ get }: Client) {
      const answer = await get(target);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe(JSON_TYPE);
      if (keepsLength) expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)));
      expect(answer.json()).toEqual(expected(name));
    },
  })),
  ...ERRORS.filter(([target]) => keepsUrl || !target.includes('%zz')).map(([target, status, error]) => ({
    name: `GET ${target} is ${status} ${error}`,
    async run({ get }: Client) {
      const answer = await get(target);
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toBe(JSON_TYPE);
      expect(answer.json()).toMatchObject({ error });
    },
  })),
  {
    name: 'GET / lists the paths',
    async run({ get }) {
      expect((await get('/')).json()).toHaveProperty('/meta/app');
    },
  },
  {
    name: 'GET /recentStartTime is a time',
    async run({ get }) {
      const body = (await get('/recentStartTime')).json();
      expect(body).toEqual({ RecentStartTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) });
    },
  },
  {
    name: 'empty segments and a trailing slash are ignored',
    async run({ get }) {
      const [plain, odd] = [await get('/meta/apps'), await get('/meta//apps/')];
      expect(plain.status).toBe(200);
      if (keepsUrl) expect(odd.body).toBe(plain.body);
    },
  },
  {
    name: 'HEAD is GET without the body',
    async run({ get, send }) {
      const [head, full] = [await send('HEAD', '/meta/apps'), await get('/meta/apps')];
      expect(head.status).toBe(200);
      expect(head.body).toBe('');
      if (keepsLength) expect(head.headers['content-length']).toBe(full.headers['content-length']);
    },
  },
  {
    name: 'POST is 405, its body read or not',
    async run({ send }) {
      const json = { 'content-type': 'application/json' };
      const answer = await send('POST', '/meta/apps', json, '{"a":1}');
      expect(answer.status).toBe(405);
      expect(answer.headers['allow']).toBe('GET, HEAD');
    },
  },
  {
    name: 'a path that is none is 404',
    async run({ get }) {
      expect((await get('/meta/xyz')).status).toBe(404);
    },
  },
  {
    name: 'a hundred requests at once are all answered',
    async run({ get }) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => get('/meta/app?name=stat')));
      expect(new Set(answers.map(({ status, body }) => status + body)).size).toBe(1);
    },
  },
];

/** The checks of the document's cluster. */
export const CONFORMANCE = checks(sample, FAITHFUL);

/** The checks of the examples' cluster. */
export const exampleChecks = (traits: Traits): readonly Check[] => checks(oneboxSample, traits);

/** {@link exampleChecks} of hosts that change nothing. */
export const EXAMPLES_CONFORMANCE: readonly Check[] = exampleChecks(FAITHFUL);
