import { expect, it } from 'vitest';
import { createPegasusHandler, memoryCluster } from '../../lib/index.js';
import { promCounterName } from '../../lib/sources/prom-client/index.js';
import { electPrimary, zookeeperCluster } from '../../lib/sources/zookeeper/index.js';
import { serve } from '../support/http.js';

const handlerWith = (options: object) => () => createPegasusHandler(memoryCluster(), options);
const servers = '127.0.0.1:2181';

// Each option of 0.1 that has another name in 0.2: the table of the CHANGELOG.
it.each<[name: string, use: () => unknown, message: string]>([
  ['leaveOut', handlerWith({ leaveOut: ['pprof'] }), 'unknown option "leaveOut", did you mean "exclude"?'],
  ['maxTargetLength', handlerWith({ maxTargetLength: 9 }), 'did you mean "maxUrlLength"?'],
  ['maxParameters', handlerWith({ maxParameters: 9 }), 'did you mean "maxQueryParams"?'],
  ['maxWaiting', handlerWith({ maxWaiting: 9 }), 'did you mean "maxPendingRequests"?'],
  [
    'pprof.maxSeconds',
    handlerWith({ pprof: { maxSeconds: 9 } }),
    'createPegasusHandler: pprof: unknown option "maxSeconds", did you mean "maxDurationSeconds"?',
  ],
  [
    'reading',
    () => promCounterName({ metric: 'a', reading: 'value' } as never),
    'promCounterName: unknown option "reading", did you mean "stat"?',
  ],
  [
    'staleLimitMs',
    () => zookeeperCluster({ servers, clusterRoot: '/', staleLimitMs: 1 } as never),
    'zookeeperCluster: unknown option "staleLimitMs", did you mean "maxStaleMs"?',
  ],
  [
    'urlOf',
    () => electPrimary({ servers, lockRoot: '/', address: 'a:1', urlOf: () => '' } as never),
    'electPrimary: unknown option "urlOf", did you mean "resolveUrl"?',
  ],
])('the option %s of 0.1 is an error that names the new one', (_, use, message) => {
  expect(use).toThrow(TypeError);
  expect(use).toThrow(message);
});

it('the result "forbid" of 0.1 denies, and onError names "deny"', async () => {
  const errors: unknown[] = [];
  const { get } = await serve(memoryCluster(), {
    authorize: () => 'forbid' as never,
    onError: (error) => errors.push(error.cause),
  });
  expect((await get('/meta/apps')).status).toBe(403);
  expect(errors).toEqual([
    new TypeError(
      'authorize must return "allow", "deny" or { challenge: "Bearer" } (a scheme and its parameters), not "forbid"',
    ),
  ]);
});
