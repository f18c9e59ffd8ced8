import type { Connection } from './connection.js';
import type { Mirror } from './mirror.js';
import { elapsedSince, type Moment, now } from './timestamp.js';

/** Knows how current the state is that is handed out. */
export interface Currency {
  /** A connection was made, and the cluster is being read over it. */
  reading(mirror: Mirror): void;
  /** A whole state has been read. */
  renewed(connection: Connection): void;
  /** The connection is lost. @returns Whether the state was current until then. */
  lost(): boolean;
  /** Unix time in seconds up to which the state is known to be right; `undefined` while it is current. */
  staleSince(): number | undefined;
  /** How long ago that was; 0 while it is current. */
  inSeconds(): number;
  /** Whether it is too old to be handed out. */
  isOver(): boolean;
  /** How many znodes wait to be read. */
  waiting(): number;
}

/**
 * What a heartbeat or a change that is being read may take: an age below this is no news.
 * A heartbeat is sent every fifth of the session's time-out.
 */
const graceMs = (sessionTimeoutMs: number) => Math.max(1000, sessionTimeoutMs / 2);

export function currency(limitMs: number): Currency {
  let mirror: Mirror | undefined;
  /** Over which the state has been read that is handed out; `undefined` while there is none. */
  let connection: Connection | undefined;
  let confirmed: Moment | undefined;

  /** The last moment at which the state was known to be right. */
  function rightAt(): Moment | undefined {
    if (connection === undefined || confirmed === undefined) return confirmed;
    const heard = connection.heard();
    return mirror?.restlessSince() ?? (heard.monotonic > confirmed.monotonic ? heard : confirmed);
  }

  function staleFrom(): Moment | undefined {
    const right = rightAt();
    if (right === undefined || connection === undefined) return right;
    return elapsedSince(right) > graceMs(connection.sessionTimeoutMs) ? right : undefined;
  }

  function ageMs(): number {
    const from = staleFrom();
    return from === undefined ? 0 : elapsedSince(from);
  }

  return {
    reading(fresh) {
      mirror = fresh;
    },
    renewed(over) {
      connection = over;
      confirmed = now();
    },
    lost() {
      confirmed = rightAt();
      const wasCurrent = connection !== undefined;
      connection = undefined;
      mirror = undefined;
      return wasCurrent;
    },
    staleSince() {
      const from = staleFrom();
      return from && from.wall / 1000;
    },
    inSeconds: () => ageMs() / 1000,
    isOver: () => staleFrom() !== undefined && ageMs() >= limitMs,
    waiting: () => mirror?.waiting() ?? 0,
  };
}
