import { elapsedSince, now, type Timestamp } from '../timestamp.js';
import type { Connection } from './connection.js';
import type { Mirror } from './mirror.js';

/** Tracks how old the last known state is. */
export interface Freshness {
  /** Takes the mirror of a new connection. */
  setMirror(mirror: Mirror): void;
  /** Records that a consistent state was read over a connection. */
  markFresh(connection: Connection): void;
  /**
   * Records that the connection is lost.
   *
   * @returns Whether the state was current until now.
   */
  markDisconnected(): boolean;
  /** Returns the unix time in seconds up to which the state is known to be right; `undefined` while it is current. */
  staleSince(): number | undefined;
  /** Returns the age of the state in seconds; 0 while it is current. */
  ageSeconds(): number;
  /** Whether the state is too old to be served. */
  isExpired(): boolean;
  /** Returns how many reads are pending. */
  pendingReads(): number;
}

/** Returns the age in milliseconds below which a state counts as current: a heartbeat or the read of a change takes as long. */
const graceMs = (sessionTimeoutMs: number) => Math.max(1000, sessionTimeoutMs / 2);

/** Makes a {@link Freshness}. */
export function createFreshness(maxStaleMs: number): Freshness {
  let mirror: Mirror | undefined;
  /** The connection over which the last state was read; `undefined` after its loss. */
  let connection: Connection | undefined;
  let confirmed: Timestamp | undefined;

  /** Returns the last moment at which the state was known to be right. */
  function validAsOf(): Timestamp | undefined {
    if (connection === undefined || confirmed === undefined) return confirmed;
    const lastAckAt = connection.lastAckAt();
    return mirror?.dirtySince() ?? (lastAckAt.monotonic > confirmed.monotonic ? lastAckAt : confirmed);
  }

  function staleFrom(): Timestamp | undefined {
    const validUntil = validAsOf();
    if (validUntil === undefined || connection === undefined) return validUntil;
    return elapsedSince(validUntil) > graceMs(connection.sessionTimeoutMs) ? validUntil : undefined;
  }

  function ageMs(): number {
    const from = staleFrom();
    return from === undefined ? 0 : elapsedSince(from);
  }

  return {
    setMirror(created) {
      mirror = created;
    },
    markFresh(over) {
      connection = over;
      confirmed = now();
    },
    markDisconnected() {
      confirmed = validAsOf();
      const wasCurrent = connection !== undefined;
      connection = undefined;
      mirror = undefined;
      return wasCurrent;
    },
    staleSince() {
      const from = staleFrom();
      return from && from.wall / 1000;
    },
    ageSeconds: () => ageMs() / 1000,
    isExpired: () => staleFrom() !== undefined && ageMs() >= maxStaleMs,
    pendingReads: () => mirror?.pendingReads() ?? 0,
  };
}
