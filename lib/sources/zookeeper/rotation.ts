/** The number of turns after which every item was returned. */
const TURNS = 150;

const MIN_BATCH = 10;

/**
 * Returns the items of a map in turn, some of them for each call. 150 calls return every item that stays in the map.
 *
 * @returns A function that returns the next items.
 */
export function createRotation<T>(items: ReadonlyMap<unknown, T>): () => T[] {
  let rest = items.values();

  return function nextBatch() {
    const batch: T[] = [];
    const size = Math.min(items.size, Math.max(MIN_BATCH, Math.ceil(items.size / TURNS)));
    while (batch.length < size) {
      const { done, value } = rest.next();
      if (done !== true) batch.push(value);
      else {
        rest = items.values();
        // The rest of the batch comes with the next call, so that no item is returned twice in one.
        break;
      }
    }
    return batch;
  };
}
