import { describe, expect, it } from 'vitest';
import {
  type App,
  type Cluster,
  type Endpoint,
  type HandlerOptions,
  memoryCluster,
  type PegasusError,
} from '../../lib/index.js';
import { serve } from '../support/http.js';

const NODES = ['127.0.0.1:34801', '127.0.0.1:34802'];
const whole = memoryCluster({
  nodes: NODES,
  apps: [
    { appName: 'first', partitionCount: 4 },
    { appName: 'second', partitionCount: 4 },
    { appName: 'third', partitionCount: 4 },
    { appName: 'gone', status: 'DROPPED' },
  ],
}).metaState.cluster();
const [first, second, third, gone] = whole.apps as [App, App, App, App];
const bad = (value: unknown) => value as never;
const throwing = (key: string): App =>
  Object.defineProperty({ ...second }, key, {
    enumerable: true,
    get: () => {
      throw new Error('from a getter');
    },
  });

/** Serves clusters one after the other; the last one stays. */
async function serveClusters(...clusters: Cluster[]) {
  const errors: { error: PegasusError; endpoint: Endpoint | undefined }[] = [];
  const { metaState } = memoryCluster();
  const cluster = () => (clusters.length > 1 ? clusters.shift() : clusters[0]) as Cluster;
  const onError: HandlerOptions['onError'] = (error, _, endpoint) => void errors.push({ error, endpoint });
  const { get } = await serve({ metaState: { ...metaState, cluster } }, { onError });
  return { get, errors };
}

const withSecond = (app: unknown): Cluster => ({ ...whole, apps: [first, bad(app), third, gone] });
const withoutSecond: Cluster = { ...whole, apps: [first, third, gone] };

const EVERYWHERE = ['/meta/apps', '/meta/apps?detail', '/meta/cluster', '/meta/nodes?detail'];
const IN_DETAIL = ['/meta/apps?detail', '/meta/cluster', '/meta/nodes?detail'];
const LISTED = ['/meta/apps', '/meta/apps?detail'];

const partition = (garbage: object) => ({
  ...second,
  partitions: [{ ...second.partitions[0], ...garbage }, ...second.partitions.slice(1)],
});

describe.each<[what: string, app: unknown, targets: readonly string[], why: string]>([
  ['null', null, EVERYWHERE, 'null'],
  ['a number', 7, EVERYWHERE, 'appId must be'],
  ['a string', 'second', EVERYWHERE, 'appId must be'],
  ['no status', { ...second, status: undefined }, EVERYWHERE, 'status must be one of'],
  ['a status of its own', { ...second, status: 'Available' }, EVERYWHERE, 'status must be one of'],
  ['an id that is text', { ...second, appId: '2' }, LISTED, 'appId must be'],
  ['an id that is NaN', { ...second, appId: Number.NaN }, EVERYWHERE, 'appId must be'],
  ['no name', { ...second, appName: undefined }, LISTED, 'appName must be'],
  ['no environment', { ...second, envs: null }, LISTED, 'null'],
  ['a time that is none', { ...second, createSecond: Number.NaN }, LISTED, 'createSecond must be'],
  ['no partitions', { ...second, partitions: undefined }, IN_DETAIL, 'partitions must be an array'],
  ['a hole among its partitions', { ...second, partitions: [undefined] }, IN_DETAIL, 'undefined'],
  ['a partition without a primary', partition({ primary: undefined }), IN_DETAIL, 'primary must be'],
  [
    'partitions out of order',
    { ...second, partitions: second.partitions.toReversed() },
    IN_DETAIL,
    'pidx must ascend',
  ],
  [
    'secondaries that are text',
    partition({ secondaries: '127.0.0.1:34802' }),
    IN_DETAIL,
    'secondaries must be an array',
  ],
  [
    'more partitions than there are',
    { ...second, partitionCount: 1 },
    ['/meta/apps?detail'],
    'nhealthy must be',
  ],
  ['a status that throws', throwing('status'), EVERYWHERE, 'from a getter'],
  ['a name that throws', throwing('appName'), LISTED, 'from a getter'],
  ['partitions that throw', throwing('partitions'), IN_DETAIL, 'from a getter'],
])('a table with %s', (_, app, targets, why) => {
  it.each(targets)('does not affect %s, and is reported to onError', async (target) => {
    const { get, errors } = await serveClusters(withSecond(app));
    const { get: expected } = await serveClusters(withoutSecond);
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual((await expected(target)).json());
    expect(errors).toHaveLength(1);
    const [{ error, endpoint }] = errors as [(typeof errors)[0]];
    expect(error).toMatchObject({ code: 'ERR_INVALID_DATA', cause: expect.anything() });
    expect(error.message).toMatch(
      /^the meta state source gave an unusable table, which was left out: apps\[1\]/,
    );
    expect(String(error.cause)).toContain(why);
    expect(endpoint?.path).toBe(target.split('?')[0]);
  });
});

it('is named in onError', async () => {
  const { get, errors } = await serveClusters(withSecond({ ...second, envs: null }));
  await get('/meta/apps');
  expect(errors[0]?.error.message).toContain('apps[1] "second"');
});

it('each of several is omitted and reported', async () => {
  const apps = [{ ...first, createSecond: -1 }, second, { ...third, isStateful: bad('yes') }, null, gone];
  const { get, errors } = await serveClusters({ ...whole, apps: bad(apps) });
  const { general_info, summary } = (await get('/meta/apps')).json() as Record<string, object>;
  expect(Object.keys(general_info ?? {})).toEqual([String(second.appId)]);
  expect(summary).toEqual({ total_app_count: '1' });
  expect(errors.map(({ error }) => error.message.split(': ')[1])).toEqual([
    'apps[0] "first"',
    'apps[2] "third"',
    'apps[3]',
  ]);
});

it.each([
  ['every table in use is bad', [{ ...first, envs: null }, { ...second, envs: null }, gone]],
  ['tables are out of order', [third, first]],
  ['one table is there twice', [first, first]],
])('is 500 where %s: an answer would hide more than it shows', async (_, apps) => {
  const { get, errors } = await serveClusters({ ...whole, apps: bad(apps) });
  expect((await get('/meta/apps')).status).toBe(500);
  expect(errors.map(({ error }) => error.message)).toEqual(['the meta state source gave an unusable answer']);
});

describe('an answer without a table', () => {
  const frozen = (app: object): Cluster => {
    const partitions = second.partitions;
    const cluster = withSecond(Object.freeze({ ...second, partitions, ...app }));
    return Object.freeze({ ...cluster, apps: Object.freeze(cluster.apps) });
  };

  it('is cached if everything is frozen: onError is called once', async () => {
    const { get, errors } = await serveClusters(frozen({ appType: 7 }));
    const answers = [await get('/meta/apps'), await get('/meta/apps'), await get('/meta/apps')];
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(errors).toHaveLength(1);
  });

  it.each([
    ['its partitions are not', () => frozen({ appType: 7, partitions: [...second.partitions] })],
    ['its environment is not', () => frozen({ appType: 7, envs: {} })],
  ])('is made anew where %s, and shows the table once it is sound', async (_, make) => {
    const cluster = make();
    const { get, errors } = await serveClusters(cluster);
    await get('/meta/apps');
    await get('/meta/apps');
    expect(errors).toHaveLength(2);
    const repaired = withSecond(second);
    const { get: later, errors: none } = await serveClusters(cluster, repaired);
    expect((await later('/meta/apps')).json()).toMatchObject({ summary: { total_app_count: '2' } });
    expect((await later('/meta/apps')).json()).toMatchObject({ summary: { total_app_count: '3' } });
    expect(none).toHaveLength(1);
  });

  it('is cached by a frozen copy if nothing is frozen: onError is called until there is one', async () => {
    const cluster = withSecond({ ...second, appType: 7 });
    const { get, errors } = await serveClusters(cluster);
    const answers = [await get('/meta/apps'), await get('/meta/apps'), await get('/meta/apps')];
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(errors).toHaveLength(2);
    Object.assign(cluster.apps[1] as object, second);
    expect((await get('/meta/apps')).json()).toMatchObject({ summary: { total_app_count: '3' } });
    expect(errors).toHaveLength(2);
  });

  it('is rendered in slices and reported once for very many tables', async () => {
    const apps = Array.from({ length: 20_000 }, (_, i) =>
      Object.freeze({ ...second, appId: i + 1, ...(i % 5_000 === 0 && { appType: bad(i) }) }),
    );
    const { get, errors } = await serveClusters(Object.freeze({ ...whole, apps: Object.freeze(apps) }));
    expect((await get('/meta/apps?detail')).json()).toMatchObject({ summary: { total_app_count: '19996' } });
    expect(errors).toHaveLength(4);
  });

  it('is reported once if a mutable object is found late', async () => {
    const apps: App[] = Array.from({ length: 20_000 }, (_, i) => Object.freeze({ ...second, appId: i + 1 }));
    const { partitions } = second;
    apps.push(Object.freeze({ ...second, appId: 20_001, appType: bad(7), partitions: [...partitions] }));
    const { get, errors } = await serveClusters(Object.freeze({ ...whole, apps: Object.freeze(apps) }));
    expect((await get('/meta/apps?detail')).json()).toMatchObject({ summary: { total_app_count: '20000' } });
    expect(errors).toHaveLength(1);
  });

  it('is right where what is not frozen changes between two slices', async () => {
    const apps: App[] = Array.from({ length: 20_000 }, (_, i) => Object.freeze({ ...second, appId: i + 1 }));
    apps[19_000] = bad({ ...second, appId: 19_001, appType: 7 });
    const { get, errors } = await serveClusters({ ...whole, apps });
    const asked = get('/meta/apps?detail');
    apps[0] = bad({ ...second, appId: 1, appType: 7 });
    const { total_app_count } = ((await asked).json() as { summary: { total_app_count: string } }).summary;
    expect(total_app_count).toBe('19998');
    expect(errors).toHaveLength(2);
  });
});
