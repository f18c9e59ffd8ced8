import { expect, it } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { type Answer, serve } from '../support/http.js';

const MAX_PENDING = 8;
/** Five times what may wait. */
const REQUESTS = 5 * MAX_PENDING;

/** A source whose calls end when the test says so. */
function gatedSource() {
  const { metaState } = memoryCluster({ apps: [{ appName: 'table' }] });
  const table = metaState.app('table');
  const waiting: (() => void)[] = [];
  let mostAtATime = 0;
  const app = () =>
    new Promise<typeof table>((resolve) => {
      waiting.push(() => resolve(table));
      mostAtATime = Math.max(mostAtATime, waiting.length);
    });
  return {
    source: { metaState: { ...metaState, app } },
    mostAtATime: () => mostAtATime,
    release() {
      for (const end of waiting.splice(0)) end();
    },
  };
}

it('at five times what may wait, the rest gets 503 while the source still works, and a released source is free again', async () => {
  const { source, mostAtATime, release } = gatedSource();
  const { get } = await serve(source, { maxPendingRequests: MAX_PENDING });
  for (let wave = 0; wave < 3; wave += 1) {
    const served: Answer[] = [];
    const refused: Answer[] = [];
    let allRefused = () => {};
    const refusals = new Promise<void>((resolve) => {
      allRefused = resolve;
    });
    // Each another table: those that ask for the same share one call.
    const answers = Array.from({ length: REQUESTS }, async (_, i) => {
      const answer = await get(`/meta/app?name=table${wave}-${i}`);
      (answer.status === 200 ? served : refused).push(answer);
      if (refused.length === REQUESTS - MAX_PENDING) allRefused();
    });

    // No call has ended yet: a 503 waits for none.
    await refusals;
    expect(served).toEqual([]);
    for (const { status, headers, json } of refused)
      expect([status, headers['retry-after'], json()]).toEqual([
        503,
        '1',
        expect.objectContaining({ error: 'ERR_BUSY' }),
      ]);

    release();
    await Promise.all(answers);
    expect(served).toHaveLength(MAX_PENDING);
    expect(mostAtATime()).toBe(MAX_PENDING);
  }
});
