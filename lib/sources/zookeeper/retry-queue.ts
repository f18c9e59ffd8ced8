/** Items that are tried again until they succeed. */
export interface RetryQueue<T> {
  /**
   * Adds an item, or keeps it for the next try.
   *
   * @returns Whether the item was not in the queue before.
   */
  add(item: T): boolean;
  /** Whether an item waits for its next try. */
  has(item: T): boolean;
  /** Removes an item, after a success. */
  delete(item: T): void;
}

const MAX_DELAY_MS = 30_000;

/**
 * Makes a {@link RetryQueue}. The wait before each try doubles up to 30 s.
 *
 * @param firstDelayMs - The wait before the first try.
 * @param retry - Called for each item of the queue. The item stays in the queue until `delete`.
 */
export function createRetryQueue<T>(firstDelayMs: number, retry: (item: T) => void): RetryQueue<T> {
  const items = new Set<T>();
  let timer: NodeJS.Timeout | undefined;
  let tries = 0;

  function retryAll(): void {
    timer = undefined;
    tries += 1;
    for (const item of items) retry(item);
  }

  return {
    add(item) {
      const isNew = !items.has(item);
      items.add(item);
      if (timer === undefined) {
        const delay = Math.min(MAX_DELAY_MS, firstDelayMs * 2 ** Math.min(tries, 10));
        // The timer must not keep a process alive that has closed everything else.
        timer = setTimeout(retryAll, delay).unref();
      }
      return isNew;
    },
    has: (item) => items.has(item),
    delete(item) {
      items.delete(item);
      if (items.size === 0) tries = 0;
    },
  };
}
