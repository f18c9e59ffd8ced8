import type { PegasusError } from '../../model/errors.js';
import type { Connection } from './connection.js';
import { type Moment, now } from './timestamp.js';

/** Ends the following of one znode. */
export type StopFollowing = () => void;

/** What is done with what was read. */
export interface Use<T> {
  /** Called with what was read, each time; with `undefined` while there is no such znode. */
  read(value: T | undefined): void;
  /** Called when ZooKeeper refuses it (an ACL); it is tried again when the connection is made anew. */
  refused(error: PegasusError): void;
}

/** Follows znodes by watches, over one connection. */
export interface Follower {
  /** Reads a znode's data now and whenever it changes. */
  data(path: string, use: Use<Buffer>): StopFollowing;
  /** The same for the names of its children. */
  children(path: string, use: Use<readonly string[]>): StopFollowing;
  /** Since when something is known to have changed that has not been read yet; `undefined` while there is nothing. */
  restlessSince(): Moment | undefined;
  /** Znodes that wait to be read, or are being read. */
  waiting(): number;
}

export interface FollowerOptions {
  readonly maxConcurrentReads: number;
  /** Called for every read that was answered. */
  onRead(): void;
  /** Called each time when all that is known to have changed has been read. */
  onQuiet(): void;
}

/**
 * ZooKeeper's order makes whole states out of single reads: a client hears of a change before it gets the answer to
 * any read that was done after that change. So when an answer is here and no change is known that was not read yet, all
 * that has been read is the state of one moment. `onQuiet` is called then, and only then.
 */
export function followZnodes(connection: Connection, options: FollowerOptions): Follower {
  const waiting: (() => void)[] = [];
  let running = 0;
  /** What is known to have changed and has not been used yet. */
  let changed = 0;
  let restlessSince: Moment | undefined;
  let isLost = false;

  function slot(): Promise<void> | undefined {
    if (running < options.maxConcurrentReads) {
      running += 1;
      return undefined;
    }
    // Last in, first out: the order does not matter, and taking from the end of a long array costs nothing.
    return new Promise((resolve) => waiting.push(resolve));
  }

  function release(): void {
    const next = waiting.pop();
    if (next === undefined) running -= 1;
    else next();
  }

  function follow<T>(
    path: string,
    read: (again: () => void) => Promise<T | undefined>,
    use: Use<T>,
  ): StopFollowing {
    let isStopped = false;
    let isReading = false;
    let isChanged = false;

    async function readOnce(): Promise<void> {
      await slot();
      try {
        let value: T | undefined;
        do {
          isChanged = false;
          value = await read(again);
          options.onRead();
          // There is no znode: wait for it, unless it has come just now.
        } while ((value === undefined && (await connection.exists(path, again))) || isChanged);
        if (!isStopped) use.read(value);
      } finally {
        release();
      }
    }

    function again(): void {
      if (isStopped) return;
      isChanged = true;
      if (isReading) return;
      isReading = true;
      changed += 1;
      restlessSince ??= now();
      readOnce()
        .catch((error: PegasusError) => {
          // What was under way when the connection was lost was not read, and never will be: the next one reads everything.
          if (error.code === 'ERR_NETWORK_FAILURE') isLost = true;
          else if (!isStopped) use.refused(error);
        })
        .finally(() => {
          isReading = false;
          changed -= 1;
          if (changed > 0 || isLost) return;
          restlessSince = undefined;
          options.onQuiet();
        });
    }

    again();
    return () => {
      isStopped = true;
    };
  }

  return {
    data: (path, use) => follow(path, async (again) => (await connection.get(path, again))?.data, use),
    children: (path, use) => follow(path, (again) => connection.children(path, again), use),
    restlessSince: () => restlessSince,
    waiting: () => changed,
  };
}
