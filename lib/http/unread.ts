import type { Http2Session } from 'node:http2';
import type { MaybePromise } from '../model/maybe-promise.js';
import { CLIENT_DISCONNECTED } from './deadline.js';
import { type AnyResponse, isDisconnected } from './exchange.js';

/**
 * Large responses that one HTTP/2 connection may hold at a time while its client does not read them. Node buffers each of them, and a
 * client can open any number of streams with a window of zero.
 */
const MAX_UNREAD_RESPONSES = 8;

/** The large responses of one HTTP/2 connection. */
interface Unread {
  count: number;
  /** Wakes the requests that wait for one of them to end. */
  readonly waiting: Set<() => void>;
}

const unreadBySession = new WeakMap<Http2Session, Unread>();

function unreadOf(res: AnyResponse): Unread | undefined {
  const session = 'stream' in res ? res.stream?.session : undefined;
  if (session === undefined || session === null) return undefined;
  const unread = unreadBySession.get(session) ?? { count: 0, waiting: new Set() };
  unreadBySession.set(session, unread);
  return unread;
}

/** Counts a large response of an HTTP/2 connection until it is sent or cut off. */
export function countUnread(res: AnyResponse): void {
  const unread = unreadOf(res);
  if (unread === undefined || isDisconnected(res)) return;
  unread.count += 1;
  let isCounted = true;
  function release(): void {
    if (!isCounted || unread === undefined) return;
    isCounted = false;
    unread.count -= 1;
    const [wake] = unread.waiting;
    wake?.();
  }
  res.once('finish', release);
  res.once('close', release);
}

/**
 * Waits while the HTTP/2 connection of a response holds too many large responses.
 *
 * @throws CLIENT_DISCONNECTED if the client disconnects meanwhile.
 */
export function waitForReading(res: AnyResponse): MaybePromise<undefined> {
  const unread = unreadOf(res);
  return unread !== undefined && unread.count >= MAX_UNREAD_RESPONSES ? waitForRoom(res, unread) : undefined;
}

async function waitForRoom(res: AnyResponse, unread: Unread): Promise<undefined> {
  while (unread.count >= MAX_UNREAD_RESPONSES && !isDisconnected(res)) {
    await new Promise<void>((resolve) => {
      function wake(): void {
        unread.waiting.delete(wake);
        res.off('close', wake);
        resolve();
      }
      unread.waiting.add(wake);
      res.on('close', wake);
    });
  }
  if (!isDisconnected(res)) return undefined;
  // The place that this request was woken for goes to the next one.
  const [wake] = unread.waiting;
  wake?.();
  throw CLIENT_DISCONNECTED;
}
