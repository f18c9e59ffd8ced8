import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a server is stopped. */
export interface StopOptions {
  /** How long requests are still accepted. */
  readonly drainMs: number;
  /** How long requests may take to finish after that. */
  readonly timeoutMs: number;
}

/**
 * Stops a server: it accepts no connection any more and finishes what it is answering.
 *
 * @returns How many connections were cut off, because their requests took too long.
 */
export async function stopServer(server: Server, { drainMs, timeoutMs }: StopOptions): Promise<number> {
  if (drainMs > 0) await sleep(drainMs);
  const closed = new Promise<'closed'>((resolve) => server.close(() => resolve('closed')));
  // A connection that becomes idle after close() would stay open until its keep-alive time is over.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const late = new AbortController();
  try {
    const first = await Promise.race([
      closed,
      sleep(timeoutMs, 'late' as const, { signal: late.signal }).catch(() => 'closed' as const),
    ]);
    if (first === 'closed') return 0;
    const open = await new Promise<number>((resolve) =>
      server.getConnections((error, count) => resolve(error === null ? count : 0)),
    );
    server.closeAllConnections();
    await closed;
    return open;
  } finally {
    clearInterval(sweep);
    late.abort();
  }
}

/**
 * Calls a function at the first SIGTERM or SIGINT. A second signal ends the process at once.
 *
 * @param stop - Called once, with the name of the signal.
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): void {
  let isStopping = false;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(code);
      isStopping = true;
      stop(signal);
    });
  }
}
