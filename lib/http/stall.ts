import { cutOff, type PegasusResponse } from './node.js';

/**
 * Cuts a response off when its client takes nothing of it for `timeoutMs`.
 *
 * A client that reads nothing of an HTTP/2 connection gets no reset of a stream either. Then the connection is closed after the same time.
 *
 * @returns Call it after each progress.
 */
export function cutOffWhenStalled(res: PegasusResponse, timeoutMs: number): () => void {
  const stream = 'stream' in res ? res.stream : undefined;
  let check: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    // After a pause of the event loop, timers come before the progress that was made meanwhile.
    check = setImmediate(() => {
      if (stream?.closed) stream.session?.destroy();
      else cutOff(res);
      if (stream?.destroyed === false) timer.refresh();
    });
  }, timeoutMs);
  function stop(): void {
    clearTimeout(timer);
    clearImmediate(check);
  }
  res.once('finish', stop);
  res.once('close', stop);
  return () => {
    clearImmediate(check);
    timer.refresh();
  };
}
