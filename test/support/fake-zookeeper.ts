import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A ZooKeeper in this process, for states that a real one cannot be brought into. */
export interface FakeZookeeper {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Paths of all znodes. */
  paths(): string[];
  /** Creates a persistent znode. */
  create(path: string, data?: string): void;
  remove(path: string): void;
}

interface Znode {
  readonly data: Buffer;
  /** The session of an ephemeral znode; 0 for none. */
  readonly owner: bigint;
  /** Number of the next sequential child. */
  counter: number;
}

interface ClientSession {
  socket: Socket | undefined;
  timer: NodeJS.Timeout | undefined;
}

const NO_NODE = -101;
const NODE_EXISTS = -110;
const CREATED = 1;
const DELETED = 2;
const CHILDREN_CHANGED = 4;
const CLOSE = -11;
const UNIMPLEMENTED = -6;

/**
 * Starts just enough of ZooKeeper's protocol for an election and for reading, until the test is over. A real server counts up to
 * 2147483647 only after so many changes; here the counter of a znode's children starts anywhere. As ZooKeeper's programmer's guide
 * says, it goes on at -2147483648.
 *
 * @param counters - The first number of a sequential child, by the path of its parent.
 */
export async function fakeZookeeper(counters: Readonly<Record<string, number>> = {}): Promise<FakeZookeeper> {
  const znodes = new Map<string, Znode>([['/', { data: Buffer.alloc(0), owner: 0n, counter: 0 }]]);
  const watches = {
    data: new Map<string, Set<(event: Buffer) => void>>(),
    children: new Map<string, Set<(event: Buffer) => void>>(),
  };
  const sessions = new Map<bigint, ClientSession>();
  let zxid = 1n;
  let nextSession = 0x100n;

  const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';

  function fire(kind: keyof typeof watches, path: string, type: number): void {
    const senders = watches[kind].get(path) ?? [];
    watches[kind].delete(path);
    for (const send of senders)
      send(Buffer.concat([int(-1), long(-1n), int(0), int(type), int(3), text(path)]));
  }

  function create(path: string, data: Buffer, flags: number, owner: bigint): string | number {
    const parent = znodes.get(parentOf(path));
    if (parent === undefined) return NO_NODE;
    const name = (flags & 2) === 0 ? path : path + sequence(parent.counter);
    if (znodes.has(name)) return NODE_EXISTS;
    parent.counter = (parent.counter + 1) | 0;
    znodes.set(name, {
      data,
      owner: (flags & 1) === 0 ? 0n : owner,
      counter: counters[name] ?? 0,
    });
    zxid += 1n;
    fire('data', name, CREATED);
    fire('children', parentOf(name), CHILDREN_CHANGED);
    return name;
  }

  function remove(path: string): boolean {
    if (!znodes.delete(path)) return false;
    zxid += 1n;
    fire('data', path, DELETED);
    fire('children', parentOf(path), CHILDREN_CHANGED);
    return true;
  }

  function expire(id: bigint): void {
    const session = sessions.get(id);
    clearTimeout(session?.timer);
    session?.socket?.destroy();
    sessions.delete(id);
    for (const [path, { owner }] of [...znodes]) if (owner === id) remove(path);
  }

  function touch(id: bigint, timeoutMs: number): void {
    const session = sessions.get(id);
    if (session === undefined) return;
    clearTimeout(session.timer);
    session.timer = setTimeout(expire, timeoutMs, id);
  }

  /** Carries out one request of a session. Returns the error code, and the payload of the response. */
  function execute(body: Buffer, id: bigint, send: (packet: Buffer) => void): [error: number, ...Buffer[]] {
    let at = 8;
    const take = () => {
      const length = Math.max(0, body.readInt32BE(at));
      at += 4 + length;
      return Buffer.from(body.subarray(at - length, at));
    };
    const type = body.readInt32BE(4);
    if (type === CLOSE) return [0];
    const path = take().toString();
    const found = znodes.get(path);
    const watch = (kind: keyof typeof watches) => {
      if (body[at] === 1) watches[kind].set(path, new Set([...(watches[kind].get(path) ?? []), send]));
    };
    switch (type) {
      case 1: {
        const created = create(path, take(), body.readInt32BE(body.length - 4), id);
        return typeof created === 'number' ? [created] : [0, text(created)];
      }
      case 2:
        return [remove(path) ? 0 : NO_NODE];
      case 3:
        watch('data');
        return found === undefined ? [NO_NODE] : [0, stat(found)];
      case 4:
        if (found === undefined) return [NO_NODE];
        watch('data');
        return [0, int(found.data.length), found.data, stat(found)];
      case 12: {
        if (found === undefined) return [NO_NODE];
        watch('children');
        const names = [...znodes.keys()]
          .filter((child) => child !== '/' && parentOf(child) === path)
          .map((child) => child.slice(child.lastIndexOf('/') + 1));
        return [0, int(names.length), ...names.map(text), stat(found)];
      }
      default:
        return [UNIMPLEMENTED];
    }
  }

  const server = createServer((socket) => {
    let rest = Buffer.alloc(0);
    let session: { readonly id: bigint; readonly timeoutMs: number } | undefined;
    const send = (packet: Buffer) => {
      if (!socket.destroyed) socket.write(Buffer.concat([int(packet.length), packet]));
    };

    function connect(body: Buffer): void {
      const timeoutMs = body.readInt32BE(12);
      let id = body.readBigInt64BE(16);
      if (id === 0n) {
        id = nextSession++;
        sessions.set(id, { socket, timer: undefined });
      }
      const known = sessions.get(id);
      send(
        Buffer.concat([
          int(0),
          int(known === undefined ? 0 : timeoutMs),
          long(known === undefined ? 0n : id),
          int(16),
          Buffer.alloc(16),
        ]),
      );
      if (known === undefined) return void socket.end();
      known.socket = socket;
      session = { id, timeoutMs };
      touch(id, timeoutMs);
    }

    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const body = rest.subarray(4, 4 + rest.readInt32BE(0));
        rest = rest.subarray(4 + body.length);
        if (session === undefined) connect(body);
        else {
          touch(session.id, session.timeoutMs);
          const [error, ...payload] = execute(body, session.id, send);
          send(Buffer.concat([body.subarray(0, 4), long(zxid), int(error), ...payload]));
          if (body.readInt32BE(4) === CLOSE) expire(session.id);
        }
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const id of [...sessions.keys()]) expire(id);
    server.close();
    await once(server, 'close');
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths: () => [...znodes.keys()],
    create(path, data = '') {
      if (typeof create(path, Buffer.from(data), 0, 0n) === 'number')
        throw new Error(`cannot create ${path}`);
    },
    remove: (path) => void remove(path),
  };
}

/** Returns what ZooKeeper appends to a sequential znode's name: Java's `%010d`. */
function sequence(counter: number): string {
  return counter < 0 ? `-${String(-counter).padStart(9, '0')}` : String(counter).padStart(10, '0');
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int(bytes.length), bytes]);
}

function stat({ data, owner, counter }: Znode): Buffer {
  const bytes = Buffer.alloc(68);
  bytes.writeInt32BE(counter, 36);
  bytes.writeBigInt64BE(owner, 44);
  bytes.writeInt32BE(data.length, 52);
  return bytes;
}
