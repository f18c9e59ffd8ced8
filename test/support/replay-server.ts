import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

const FIXTURES = new URL('../fixtures/replay/', import.meta.url);

/** One answer of a real server. */
export interface Recorded {
  readonly server: string;
  readonly method?: 'POST';
  readonly target: string;
  readonly status: number;
  readonly location?: string;
  readonly requestBody?: string;
  readonly afterSeconds?: number;
  readonly body: string;
}

/** The versions that were recorded. */
export const VERSIONS = ['1.12', '2.5', '2.6'] as const;
export type Version = (typeof VERSIONS)[number];

/** The states that were recorded of one version. */
export function statesOf(version: Version): string[] {
  return readdirSync(new URL(`${version}/`, FIXTURES)).map((file) => file.replace('.json', ''));
}

/** Reads one state. */
export function recorded(version: Version, state: string): readonly Recorded[] {
  return JSON.parse(readFileSync(new URL(`${version}/${state}.json`, FIXTURES), 'utf8')).exchanges;
}

/** What a server answers to one request; `undefined` to close the connection, `'silence'` to say nothing. */
export type Reaction =
  | Pick<Recorded, 'status' | 'body' | 'location'>
  /** With `everyMs`, one byte at a time. */
  | { readonly raw: string; readonly everyMs?: number }
  | 'silence'
  | 'die'
  | undefined;

export type React = (request: {
  readonly method: string;
  readonly target: string;
  readonly body: string;
}) => Reaction;

/** A server that speaks HTTP as a real Pegasus does. */
export interface ReplayServer {
  readonly address: string;
  /** Method and target of every request. */
  readonly requests: readonly string[];
  /** Faults in what clients sent: requests in pieces, other methods, pipelining. */
  readonly faults: readonly string[];
  /** How many connections were opened. */
  readonly connections: () => number;
  /** Changes what it answers. */
  react(react: React): void;
  /** Stops reading and answering, as a process that got SIGSTOP. */
  freeze(): void;
  thaw(): void;
  /** Closes everything, as a process that died. */
  kill(): Promise<void>;
  /** Listens again, at the same address. */
  restart(): Promise<void>;
}

/**
 * Starts a server that behaves as the recorded conversations of a real one: a request counts only if it arrives in one read, other
 * methods than GET and POST are never answered on a kept connection, and the connection is never closed after an answer.
 */
export async function startReplayServer(initial: React): Promise<ReplayServer> {
  const requests: string[] = [];
  const faults: string[] = [];
  const sockets = new Set<Socket>();
  let react = initial;
  let isFrozen = false;
  let connections = 0;
  let server = create();
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;

  function create(): Server {
    return createServer((socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      if (isFrozen) socket.pause();
      let isFirst = true;
      socket.on('data', (data) => {
        handle(socket, data.toString('latin1'), isFirst);
        isFirst = false;
      });
    });
  }

  function handle(socket: Socket, text: string, isFirst: boolean): void {
    const [head = '', body = ''] = splitOnce(text, '\r\n\r\n');
    const [line = '', ...headers] = head.split('\r\n');
    const [method = '', target = ''] = line.split(' ');
    const length = Number(/^content-length: *(\d+)$/im.exec(headers.join('\n'))?.[1] ?? 0);
    if (method !== 'GET' && method !== 'POST') {
      faults.push(`method ${method.slice(0, 10)}`);
      if (isFirst) socket.destroy();
      return;
    }
    if (!text.includes('\r\n\r\n') || body.length !== length || /transfer-encoding|expect:/i.test(head)) {
      faults.push(`in pieces: ${line}`);
      socket.destroy();
      return;
    }
    requests.push(`${method} ${target}`);
    const reaction = react({ method, target, body: Buffer.from(body, 'latin1').toString() });
    if (reaction === 'silence') return;
    if (reaction === 'die') return void kill();
    if (reaction === undefined) return void socket.destroy();
    if ('raw' in reaction && reaction.everyMs !== undefined) {
      trickle(socket, reaction.raw, reaction.everyMs);
      return;
    }
    socket.write('raw' in reaction ? reaction.raw : httpText(reaction), 'utf8');
    if ('raw' in reaction) socket.end();
  }

  async function kill(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  onTestFinished(kill);
  return {
    address: `127.0.0.1:${port}`,
    requests,
    faults,
    connections: () => connections,
    react(next) {
      react = next;
    },
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    kill,
    async restart() {
      server = create();
      await listen(server, port);
    },
  };
}

function trickle(socket: Socket, text: string, everyMs: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    socket.write(text.slice(sent, sent + 1));
    sent += 1;
    if (sent >= text.length) clearInterval(timer);
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)];
}

/** The bytes of an answer, header by header as a real server sends them. */
export function httpText({ status, body, location }: Pick<Recorded, 'status' | 'body' | 'location'>): string {
  const reasons: Record<number, string> = {
    200: 'OK',
    307: 'Temporary Redirect',
    400: 'Bad Request',
    404: 'Not Found',
    500: 'Internal Server Error',
  };
  const headers = [
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Status'}`,
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(location === undefined ? [] : [`Location: ${location}`]),
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}

const NOT_FOUND: Reaction = { status: 404, body: 'service not found for "nope"' };

/** What a backup as released with 2.4 and 2.5 answers: an empty state. `/meta/cluster` ends its process. */
export const emptyBackup: React = ({ target }) => {
  const path = target.split('?')[0];
  switch (path) {
    case '/meta/apps':
      return { status: 200, body: '{"general_info":{},"summary":{"total_app_count":"0"}}\n' };
    case '/meta/nodes':
      return {
        status: 200,
        body: '{"details":{},"summary":{"total_node_count":"0","alive_node_count":"0","unalive_node_count":"0"}}\n',
      };
    case '/meta/app':
      return {
        status: 404,
        body: `table not found: "${new URLSearchParams(target.split('?')[1]).get('name')}"`,
      };
    case '/meta/app_envs':
      return { status: 200, body: '{}\n' };
    case '/meta/app/duplication':
      return { status: 404, body: 'duplication is not enabled [FLAGS_duplication_enabled=false]' };
    case '/meta/app/query_bulk_load':
      return { status: 404, body: 'bulk load is not enabled' };
    case '/meta/backup_policy':
      return { status: 404, body: 'cold_backup_disabled' };
    case '/meta/app/start_compaction':
    case '/meta/app/usage_scenario':
      return { status: 200, body: '{"error":"ERR_INVALID_PARAMETERS","hint_message":"invalid app name"}\n' };
    case '/meta/cluster':
      return 'die';
    default:
      return NOT_FOUND;
  }
};

/** What a backup of the other versions answers: a redirect with the decoded query. */
export function redirectingBackup(primary: () => string): React {
  return ({ target }) => ({
    status: 307,
    body: '',
    location: `http://${primary()}${decodeURIComponent(target).replace(/detail(?!=)/, 'detail=')}`,
  });
}

/** What a recorded server answered. */
export function replay(exchanges: readonly Recorded[], server: string): React {
  const answers = new Map(
    exchanges
      .filter((one) => one.server === server && one.afterSeconds === undefined)
      .map((one) => [`${one.method ?? 'GET'} ${one.target} ${one.requestBody ?? ''}`, one]),
  );
  return ({ method, target, body }) => answers.get(`${method} ${target} ${body}`) ?? NOT_FOUND;
}

/** The meta servers of a recorded cluster. */
export interface ReplayCluster {
  readonly primary: ReplayServer;
  readonly backups: readonly ReplayServer[];
  /** The addresses, backups first. */
  readonly servers: readonly string[];
}

/** Starts the primary of a recorded cluster and two backups, of the kinds that its version has. */
export async function startReplayCluster(version: Version, state: string): Promise<ReplayCluster> {
  const exchanges = recorded(version, state);
  const leader = exchanges.findLast(({ target, body }) => target === '/meta/nodes' && /ALIVE/.test(body));
  const primary = await startReplayServer(replay(exchanges, leader?.server ?? 'meta1'));
  const redirecting = await startReplayServer(redirectingBackup(() => primary.address));
  const other = await startReplayServer(
    version === '2.5' ? emptyBackup : redirectingBackup(() => primary.address),
  );
  const backups = [other, redirecting];
  return { primary, backups, servers: [...backups, primary].map(({ address }) => address) };
}
