import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** An answer as it came over the socket. */
export interface RawAnswer {
  /** 0 when there was none. */
  readonly status: number;
  /** In lower case, as one text. */
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are and reads until the server ends the connection; ask for `Connection: close`. */
export async function rawBytes(origin: string, bytes: string): Promise<Buffer> {
  const { hostname, port, protocol } = new URL(origin);
  const place = { host: hostname, port: Number(port), rejectUnauthorized: false };
  const socket = protocol === 'https:' ? connectTls(place) : connect(place);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.write(bytes, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(chunks);
}

/** The same for one answer. */
export async function sendRaw(origin: string, bytes: string): Promise<RawAnswer> {
  const received = (await rawBytes(origin, bytes)).toString('latin1');
  const end = received.indexOf('\r\n\r\n');
  const head = received.slice(0, end).toLowerCase();
  return { status: Number(head.split(' ')[1] ?? 0), head, body: received.slice(end + 4) };
}

/** One request as it is, and the end of the connection. */
export function rawRequest(method: string, target: string, headers = ''): string {
  return `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`;
}
