import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  type App,
  type ClusterSource,
  createPegasusHandler,
  type HandlerOptions,
  type MetaStateSource,
  memoryCluster,
  type PegasusError,
  type SourceContext,
} from '../../lib/index.js';
import { ONEBOX } from '../support/fixtures.js';
import { clientOf, listening } from '../support/http.js';
import { rawRequest } from '../support/raw.js';

const onebox = memoryCluster(ONEBOX);

/** A call that a source was made, to be answered when the test says so. */
interface Pending {
  readonly asked: string;
  readonly signal: AbortSignal;
  answer(value?: unknown): void;
  fail(error: unknown): void;
}

/** A source of which every function waits for the test. */
function slowSource() {
  const calls: Pending[] = [];
  const slow =
    (name: string) =>
    (...args: unknown[]): never => {
      const { signal } = args.pop() as SourceContext;
      return new Promise((resolve, reject) => {
        calls.push({ asked: [name, ...args].join(' '), signal, answer: resolve, fail: reject });
      }) as never;
    };
  const source: ClusterSource = {
    metaState: { role: () => ({ role: 'primary' }), app: slow('app'), cluster: slow('cluster') },
    perfCounters: { read: slow('read') },
    processInfo: { version: slow('version'), startSecond: slow('startSecond') },
  };
  return { calls, source };
}

async function host(source: ClusterSource, options: HandlerOptions = {}) {
  const errors: PegasusError[] = [];
  const handler = createPegasusHandler(source, { ...options, onError: (error) => errors.push(error) });
  let arrived = 0;
  const server = createServer((req, res) => {
    handler(req, res);
    arrived += 1;
  });
  const origin = await listening(server);
  /** A client that can leave. */
  const leaver = (target: string): Socket => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(rawRequest('GET', target));
    return socket;
  };
  const arrive = (count: number) => expect.poll(() => arrived).toBe(count);
  return { ...clientOf(origin), errors, leaver, arrive };
}

const app = onebox.metaState.app('stat') as App;
const values: Readonly<Record<string, unknown>> = {
  app,
  cluster: onebox.metaState.cluster(),
  read: { name: 'x', type: 'NUMBER', value: 1, description: '' },
  version: { version: '1', gitCommit: '2' },
  startSecond: 1,
};
const valueFor = ({ asked }: Pending) => values[asked.split(' ')[0] as string];

describe('identical concurrent requests', () => {
  it.each<[targets: string[], asked: string[]]>([
    [['/meta/app?name=stat', '/meta/app?name=stat'], ['app stat']],
    [['/meta/app?name=stat', '/meta/app?name=stat&detail', '/meta/app_envs?name=stat'], ['app stat']],
    [['/meta/app?name=s%74at', '//meta/app/?name=stat'], ['app stat']],
    [['/meta/apps', '/meta/apps?detail', '/meta/nodes', '/meta/cluster'], ['cluster']],
    [['/perfCounter?name=x', '/perfCounter?name=x'], ['read x']],
    [['/version', '/version?x'], ['version']],
    [['/recentStartTime', '/recentStartTime'], ['startSecond']],
    // What is not the same.
    [
      ['/meta/app?name=stat', '/meta/app?name=temp'],
      ['app stat', 'app temp'],
    ],
    [
      ['/meta/app?name=a', '/perfCounter?name=a'],
      ['app a', 'read a'],
    ],
    [
      ['/meta/app?name=', '/meta/app?name=__proto__', '/meta/app?name=cluster', '/meta/apps'],
      ['app __proto__', 'app cluster', 'cluster'],
    ],
    [
      ['/version', '/recentStartTime'],
      ['version', 'startSecond'],
    ],
  ])('%j make the calls %j', async (targets, asked) => {
    const { calls, source } = slowSource();
    const { get, arrive } = await host(source);
    const answers: ReturnType<typeof get>[] = [];
    for (const target of targets) {
      answers.push(get(target));
      await arrive(answers.length);
    }
    expect(calls.map((call) => call.asked)).toEqual(asked);
    for (const call of calls) call.answer(valueFor(call));
    for (const [i, answer] of (await Promise.all(answers)).entries())
      expect(answer.status).toBe(targets[i] === '/meta/app?name=' ? 400 : 200);
    // What has been answered is over: the next asks anew.
    const again = get(targets.at(-1) ?? '');
    await expect.poll(() => calls.length).toBe(asked.length + 1);
    const last = calls.at(-1) as Pending;
    last.answer(valueFor(last));
    expect((await again).status).toBe(200);
    expect(calls.every(({ signal }) => !signal.aborted)).toBe(true);
  });

  it('are coalesced within one handler only', async () => {
    const { calls, source } = slowSource();
    const [first, second] = [await host(source), await host(source)];
    const answers = [first.get('/version'), second.get('/version')];
    await expect.poll(() => calls.length).toBe(2);
    for (const call of calls) call.answer(valueFor(call));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('share a role that takes long, too, and how stale the answer is', async () => {
    const calls: string[] = [];
    const later = <T>(name: string, value: T) => {
      calls.push(name);
      return new Promise<T>((resolve) => setTimeout(resolve, 30, value));
    };
    const metaState: MetaStateSource = {
      role: () => later('role', { role: 'primary' }),
      app: () => later('app', app),
      cluster: () => later('cluster', onebox.metaState.cluster()),
      staleSince: () => later('staleSince', undefined),
    };
    const { get } = await host({ metaState });
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('/meta/apps')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // A connection or two may come late, but twenty requests are never twenty calls.
    expect(calls.length).toBeLessThan(20);
  });

  it('all get its error, and the next request starts a new call', async () => {
    const { calls, source } = slowSource();
    const { get, arrive, errors } = await host(source);
    const answers = [get('/meta/apps'), get('/meta/nodes')];
    await arrive(2);
    calls[0]?.fail(new Error('gone'));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([500, 500]);
    expect(errors.map(({ cause }) => String(cause))).toEqual(['Error: gone', 'Error: gone']);
    const next = get('/meta/apps');
    await expect.poll(() => calls.length).toBe(2);
    calls[1]?.answer(values['cluster']);
    expect((await next).status).toBe(200);
  });

  it('are coalesced too when a synchronous call runs while another is pending', async () => {
    const { calls, source } = slowSource();
    const read = (name: string, call: SourceContext) =>
      name === 'fast' ? values['read'] : source.perfCounters?.read(name, call);
    const { get } = await host({ perfCounters: { read: read as never } });
    const slow = get('/perfCounter?name=slow');
    await expect.poll(() => calls.length).toBe(1);
    expect((await get('/perfCounter?name=fast')).status).toBe(200);
    calls[0]?.answer(values['read']);
    expect((await slow).status).toBe(200);
  });
});

describe('a call for several requests', () => {
  it('goes on when any one of them leaves', async () => {
    for (const who of [0, 1]) {
      const { calls, source } = slowSource();
      const { get, leaver, arrive } = await host(source);
      const sockets: Socket[] = [];
      let stays: ReturnType<typeof get> | undefined;
      for (const i of [0, 1]) {
        if (i === who) sockets.push(leaver('/meta/apps'));
        else stays = get('/meta/apps');
        await arrive(i + 1);
      }
      sockets[0]?.destroy();
      await once(sockets[0] as Socket, 'close');
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(calls.map(({ signal }) => signal.aborted)).toEqual([false]);
      calls[0]?.answer(values['cluster']);
      expect((await stays)?.status).toBe(200);
    }
  });

  it('is aborted when the last of them has left, and never joined again', async () => {
    const { calls, source } = slowSource();
    const { get, leaver, arrive, errors } = await host(source);
    const sockets = [leaver('/meta/apps'), leaver('/meta/apps')];
    await arrive(2);
    sockets[0]?.destroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls[0]?.signal.aborted).toBe(false);
    sockets[1]?.destroy();
    await expect.poll(() => calls[0]?.signal.aborted).toBe(true);
    expect(calls[0]?.signal.reason).toMatchObject({ name: 'AbortError' });
    const late = get('/meta/apps');
    await expect.poll(() => calls.length).toBe(2);
    calls[1]?.answer(values['cluster']);
    expect((await late).status).toBe(200);
    expect(errors).toEqual([]);
  });

  it("goes on when the first one's time is over, for those who joined it early", async () => {
    const { calls, source } = slowSource();
    const { get, arrive, errors } = await host(source, { timeoutMs: 1_500 });
    const first = get('/meta/apps');
    await arrive(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const others = [get('/meta/apps'), get('/meta/cluster')];
    await arrive(3);
    expect(calls).toHaveLength(1);
    expect((await first).status).toBe(504);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.signal.aborted).toBe(false);
    calls[0]?.answer(values['cluster']);
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
    expect(errors).toHaveLength(1);
  });

  it('is not joined after half of the time limit: who comes later has all of it for a call of its own', async () => {
    const { calls, source } = slowSource();
    const { get, arrive, errors } = await host(source, { timeoutMs: 1_000 });
    const first = get('/meta/apps');
    await arrive(1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const later = [get('/meta/apps'), get('/meta/cluster')];
    await arrive(3);
    await expect.poll(() => calls.length).toBe(2);
    expect((await first).status).toBe(504);
    expect(calls[0]?.signal.reason).toMatchObject({ name: 'TimeoutError' });
    expect(calls[1]?.signal.aborted).toBe(false);
    calls[1]?.answer(values['cluster']);
    expect((await Promise.all(later)).map(({ status }) => status)).toEqual([200, 200]);
    expect(errors).toHaveLength(1);
  });

  it('of a source that never answers ends for each in its own time', async () => {
    const { calls, source } = slowSource();
    const { get, arrive, errors } = await host(source, { timeoutMs: 400 });
    const answers = [get('/meta/apps')];
    await arrive(1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    answers.push(get('/meta/apps'), get('/meta/apps'));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([504, 504, 504]);
    await expect.poll(() => calls.every(({ signal }) => signal.aborted)).toBe(true);
    expect(calls.length).toBeLessThanOrEqual(2);
    expect(errors).toHaveLength(3);
  });

  it('answers who joined, though it settles after the first has left', async () => {
    const { calls, source } = slowSource();
    const { get, leaver, arrive } = await host(source);
    const socket = leaver('/version');
    await arrive(1);
    const joined = get('/version');
    await arrive(2);
    socket.destroy();
    calls[0]?.answer(values['version']);
    expect((await joined).status).toBe(200);
  });
});
