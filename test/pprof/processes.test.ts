import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Profiler, SharedSymbols } from '../../lib/index.js';
import { createSymbolTable } from '../../lib/pprof/symbol-table.js';
import {
  createSymbolKeeper,
  type PrimaryChannel,
  symbolsOfPrimary,
  type WorkerChannel,
} from '../../lib/sources/profiler/cluster-symbols.js';
import { node } from '../support/child.js';
import { installed, run, temporaryDirectory } from '../support/commands.js';
import { profilerHere, serveProfiler, WORKLOAD_FILE, workload } from '../support/profiled.js';

const GO = installed('go', 'golang-go');
const PERL = installed('google-pprof', 'google-perftools');

interface Workers {
  readonly origin: string;
  /** The requests since the last call, as `WORKER METHOD PATH`. */
  requests(): string[];
}

async function startWorkers(count = 2, format = ''): Promise<Workers> {
  const child = node(['test/support/profiled-cluster.js', String(count), format]);
  // Not killed at once, so that the primary can end its workers.
  onTestFinished(async () => {
    child.process.kill('SIGTERM');
    await child.ended;
  });
  let seen = '';
  child.process.stdout?.on('data', (text: string) => {
    seen += text;
  });
  const said = await child.says(/listening \d+/);
  const origin = `http://127.0.0.1:${/listening (\d+)/.exec(said)?.[1]}`;
  return {
    origin,
    requests() {
      const lines = seen.split('\n').filter((line) => /^\d+ [A-Z]+ /.test(line));
      seen = '';
      return lines;
    },
  };
}

/** All addresses of a heap profile, as `POST /pprof/symbol` takes them. */
async function addressesOf(origin: string): Promise<string> {
  const text = await (await fetch(`${origin}/pprof/heap?format=gperftools`)).text();
  const addresses = text.match(/0x1[0-9a-f]{13}\b/g) ?? [];
  return [...new Set(addresses)].join('+');
}

const RESOLVED = `\tcachePages ${WORKLOAD_FILE}:`;

describe('two workers of a node:cluster on one port', () => {
  it('resolve the addresses of each other', async () => {
    const { origin, requests } = await startWorkers();
    const pairs = new Set<string>();
    await vi.waitFor(
      async () => {
        requests();
        const body = await addressesOf(origin);
        const symbols = await (await fetch(`${origin}/pprof/symbol`, { method: 'POST', body })).text();
        expect(symbols).toContain(RESOLVED);
        expect(symbols).not.toMatch(/\t0x/);
        const [heap, symbol] = requests().map((line) => line.split(' ')[0]);
        pairs.add(String(heap === symbol));
        expect(pairs.has('false')).toBe(true);
        // Moves on by one worker, in case the two take turns.
        await (await fetch(`${origin}/version`)).text();
      },
      { timeout: 15_000, interval: 10 },
    );
  });

  const TARGETS = [
    ['/pprof/heap', 'cachePages'],
    ['/pprof/growth', 'cachePages'],
    ['/pprof/profile', 'renderPage'],
  ] as const;

  it.skipIf(!PERL).each(TARGETS)('google-pprof %s has names', { timeout: 60_000 }, async (target, name) => {
    const { origin, requests } = await startWorkers(2, 'gperftools');
    let crossed = false;
    for (let runs = 0; runs < 6 && !crossed; runs += 1) {
      requests();
      const { stdout, stderr } = await run(
        'google-pprof',
        ['--text', '--nodefraction=0', '--seconds=2', origin + target],
        { PPROF_TMPDIR: temporaryDirectory() },
      );
      expect(stdout, stderr).toContain(` ${name} ${WORKLOAD_FILE}:`);
      const lines = requests();
      const worker = (what: RegExp) => lines.find((line) => what.test(line))?.split(' ')[0];
      crossed = worker(new RegExp(` GET ${target}`)) !== worker(/ POST \/pprof\/symbol/);
      await (await fetch(`${origin}/version`)).text();
    }
    expect(crossed, 'the names were asked of the other worker').toBe(true);
  });

  it.skipIf(!GO).each([...TARGETS, ['/pprof/heap?format=gperftools', 'cachePages']] as const)(
    'go tool pprof %s has names',
    { timeout: 60_000 },
    async (target, name) => {
      const { origin } = await startWorkers();
      for (let runs = 0; runs < 2; runs += 1) {
        const url = target === '/pprof/profile' ? `${origin}${target}?seconds=2` : origin + target;
        const { stdout, stderr } = await run(
          'go',
          ['tool', 'pprof', '-top', '-nodefraction=0', '-nodecount=400', url],
          {
            PPROF_TMPDIR: temporaryDirectory(),
          },
        );
        expect(stdout, stderr).toContain(` ${name} ${WORKLOAD_FILE}:`);
        await (await fetch(`${origin}/version`)).text();
      }
    },
  );
});

describe('two processes behind a balancer', () => {
  /** Sends each request to the next one of two handlers, which have profilers of their own. */
  async function balance(shared?: SharedSymbols): Promise<string> {
    const profiler: Profiler = profilerHere({ heapSampleBytes: 16_384 });
    const kept = workload.retain();
    const copies = [0, 1].map(() => ({ ...profiler, sharedSymbols: shared }));
    const backends: string[] = [];
    for (const copy of copies) backends.push((await serveProfiler(copy)).origin);
    let next = 0;
    const balancer = createServer(async (req, res) => {
      const backend = backends[next % 2];
      next += 1;
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      const answer = await fetch(`${backend}${req.url}`, {
        method: req.method ?? 'GET',
        headers: { 'user-agent': req.headers['user-agent'] ?? '' },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const { 'content-encoding': _, ...headers } = Object.fromEntries(answer.headers);
      res.writeHead(answer.status, headers);
      res.end(Buffer.from(await answer.arrayBuffer()));
    }).listen(0, '127.0.0.1');
    await once(balancer, 'listening');
    onTestFinished(() => void balancer.close().closeAllConnections());
    onTestFinished(() => void kept);
    return `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
  }

  it.skipIf(!GO)('give go tool pprof names, without shared symbols', async () => {
    const origin = await balance();
    for (let runs = 0; runs < 2; runs += 1) {
      const { stdout, stderr } = await run(
        'go',
        ['tool', 'pprof', '-top', '-nodefraction=0', '-nodecount=400', `${origin}/pprof/heap`],
        {
          PPROF_TMPDIR: temporaryDirectory(),
        },
      );
      expect(stdout, stderr).toContain(` cachePages ${WORKLOAD_FILE}:`);
      await (await fetch(`${origin}/version`)).text();
    }
  });

  it.each([true, false])('resolve addresses of the other one if they share symbols: %s', async (isShared) => {
    const names = new Map<number, string>();
    const shared: SharedSymbols = {
      async add(added) {
        for (const [address, name] of added) names.set(address, name);
      },
      find: (addresses) => addresses.map((address) => names.get(address)),
    };
    const origin = await balance(isShared ? shared : undefined);
    const body = await addressesOf(origin);
    const symbols = await (await fetch(`${origin}/pprof/symbol`, { method: 'POST', body })).text();
    expect(/\t0x/.test(symbols)).toBe(!isShared);
    expect(symbols.includes(RESOLVED)).toBe(isShared);
  });
});

describe('shared symbols', () => {
  const code = { name: 'f', url: 'file:///app/a.js', line: 3 };
  const profile = {
    root: {
      name: '(root)',
      url: '',
      line: 0,
      count: 0,
      value: 0,
      children: [{ ...code, count: 1, value: 8, children: [] }],
    },
    startMs: 0,
    durationMs: 0,
    period: 1,
  };
  const profilerOf = (sharedSymbols: unknown): Profiler => ({
    cpu: () => profile,
    heap: () => profile,
    growth: () => 'disabled',
    symbolCount: () => 0,
    symbols: (addresses) => addresses.map(() => undefined),
    mappedLibraries: () => [],
    commandLine: () => ['/usr/bin/node'],
    sharedSymbols: sharedSymbols as SharedSymbols,
  });

  it('get the names of profiles that consist of addresses, and of no others', async () => {
    const added: [number, string][][] = [];
    const find = vi.fn(() => []);
    const add = (names: ReadonlyMap<number, string>) => void added.push([...names]);
    const { get, send } = await serveProfiler(profilerOf({ add, find }));
    expect((await get('/pprof/heap?format=proto')).status).toBe(200);
    expect((await get('/pprof/growth')).status).toBe(500);
    expect(added).toEqual([]);
    const address = createSymbolTable().addressOf(code);
    for (const target of ['/pprof/heap', '/pprof/profile?seconds=1&format=gperftools']) {
      expect((await get(target)).status).toBe(200);
      expect(added.pop()).toEqual([[address, 'f /app/a.js:3']]);
    }
    // The process knows this one, and the other one is found nowhere.
    const known = (address + 8).toString(16);
    expect((await send('POST', '/pprof/symbol', {}, `0x${known}`)).body).toBe(`0x${known}\tf /app/a.js:3\n`);
    expect(find).not.toHaveBeenCalled();
    const unknown = (address + 24).toString(16);
    expect((await send('POST', '/pprof/symbol', {}, `0x${unknown}`)).body).toBe(
      `0x${unknown}\t0x${unknown}\n`,
    );
    expect(find).toHaveBeenCalledWith([address + 16], expect.anything());
  });

  it.each([
    [{ find: () => [] }, /sharedSymbols/],
    [{ add: () => {} }, /sharedSymbols/],
    [17, /sharedSymbols/],
  ])('that are no such object are refused: %j', async (shared, message) => {
    await expect(serveProfiler(profilerOf(shared))).rejects.toThrow(message);
  });

  it('that fail end the request with an error', async () => {
    const onError = vi.fn();
    const failing = {
      add: () => Promise.reject(new Error('no')),
      find: () => Promise.reject(new Error('no')),
    };
    const { get, send } = await serveProfiler(profilerOf(failing), { onError });
    expect((await get('/pprof/heap')).status).toBe(500);
    expect((await send('POST', '/pprof/symbol', {}, '0x10000000000008')).status).toBe(500);
    expect(onError).toHaveBeenCalledTimes(2);
  });
});

describe('the names that a primary keeps', () => {
  type Message = Parameters<ReturnType<typeof createSymbolKeeper>>[1];
  const call = { signal: new AbortController().signal };

  /** Connects a worker to the function that answers it, or to a primary that does not reply. */
  function channel(answer: ReturnType<typeof createSymbolKeeper> | undefined) {
    const events = new EventEmitter();
    const worker: WorkerChannel = {
      isConnected: () => true,
      send: (message) => events.emit('message', JSON.parse(JSON.stringify(message))),
    };
    const sent: unknown[] = [];
    const primary: PrimaryChannel & { connected: boolean; fails?: boolean } = {
      connected: true,
      send(message, _handle, _options, callback) {
        sent.push(message);
        const isLost = primary.fails === true;
        setImmediate(() => callback(isLost ? new Error('closed') : null));
        if (!isLost && answer !== undefined) setImmediate(() => answer(worker, message as Message));
        return true;
      },
      on: (event, listener) => events.on(event, listener),
    };
    return { primary, sent, events };
  }

  it('are found by all workers', async () => {
    const answer = createSymbolKeeper();
    const [one, other] = [channel(answer), channel(answer)].map(({ primary }) => symbolsOfPrimary(primary));
    await one?.add(new Map([[2 ** 52, 'f /a.js:1']]), call);
    expect(await other?.find([2 ** 52 + 16, 2 ** 52], call)).toEqual([undefined, 'f /a.js:1']);
  });

  it('are limited: the oldest are evicted', async () => {
    const { primary } = channel(createSymbolKeeper(2));
    const symbols = symbolsOfPrimary(primary);
    await symbols.add(new Map([1, 2].map((address) => [address, `f${address}`])), call);
    // It is new again.
    await symbols.add(new Map([[1, 'f1']]), call);
    await symbols.add(new Map([[3, 'f3']]), call);
    expect(await symbols.find([1, 2, 3], call)).toEqual(['f1', undefined, 'f3']);
  });

  it('are not disturbed by other messages', () => {
    const answer = createSymbolKeeper();
    const send = vi.fn(() => true);
    const worker: WorkerChannel = { isConnected: () => true, send };
    const type = 'pegasus-http:symbols:add';
    for (const message of [
      null,
      undefined,
      'text',
      {},
      { type },
      { type, names: 1 },
      { type: 'pegasus-http:symbols:find', addresses: {} },
    ])
      answer(worker, message as Message);
    expect(send).not.toHaveBeenCalled();
    answer(worker, { type, id: 1, names: [null, 1, [], ['1', 'f'], [1, 2]] } as never);
    answer(worker, { type: 'pegasus-http:symbols:find', id: 2, addresses: [1] } as Message);
    expect(send).toHaveBeenLastCalledWith(expect.objectContaining({ names: [undefined] }), expect.anything());
    answer({ isConnected: () => false, send: () => expect.unreachable() }, {
      type: 'pegasus-http:symbols:find',
      id: 3,
      addresses: [],
    } as Message);
  });

  it('are not waited for when the primary does not reply, until it does', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { primary, sent, events } = channel(undefined);
    const symbols = symbolsOfPrimary(primary);
    const names = new Map([[1, 'f']]);
    const added = symbols.add(names, call);
    await vi.advanceTimersByTimeAsync(1000);
    await added;
    await symbols.add(names, call);
    expect(await symbols.find([1], call)).toEqual([undefined]);
    expect(sent).toHaveLength(2);
    events.emit('message', { type: 'pegasus-http:symbols:reply', id: 2 });
    const found = symbols.find([1], call);
    events.emit('message', { type: 'pegasus-http:symbols:reply', id: 3, names: ['f'] });
    expect(await found).toEqual(['f']);
  });

  it('are not waited for when the primary or the client has gone', async () => {
    const { primary, sent } = channel(undefined);
    const symbols = symbolsOfPrimary(primary);
    primary.fails = true;
    expect(await symbols.find([1], call)).toEqual([undefined]);
    primary.fails = false;
    const leaving = new AbortController();
    const found = symbols.find([1], { signal: leaving.signal });
    leaving.abort();
    expect(await found).toEqual([undefined]);
    primary.connected = false;
    expect(await symbols.find([1], call)).toEqual([undefined]);
    expect(sent).toHaveLength(2);
  });
});

it('a worker whose primary knows nothing of the names serves profiles all the same', async () => {
  const primary = `
    const cluster = require('node:cluster');
    cluster.setupPrimary({ exec: 'test/support/profiled-cluster.js', args: ['1'], execArgv: [] });
    cluster.on('listening', (_, { port }) => console.log('listening ' + port));
    cluster.fork();`;
  const child = node(['--eval', primary]);
  onTestFinished(async () => {
    child.process.kill('SIGTERM');
    await child.ended;
  });
  const origin = `http://127.0.0.1:${/listening (\d+)/.exec(await child.says(/listening \d+/))?.[1]}`;
  for (let times = 0; times < 3; times += 1) {
    const body = await addressesOf(origin);
    const symbols = await (await fetch(`${origin}/pprof/symbol`, { method: 'POST', body })).text();
    expect(symbols).toContain(RESOLVED);
  }
  const unknown = await fetch(`${origin}/pprof/symbol`, { method: 'POST', body: '0x10000000000008' });
  expect(await unknown.text()).toBe('0x10000000000008\t0x10000000000008\n');
});
