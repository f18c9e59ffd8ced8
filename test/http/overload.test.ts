import { expect, it } from 'vitest';
import { medianMs, overload } from '../support/overload.js';

// Medians are compared by a factor that any machine keeps to: without a limit, the queue of these two seconds takes eight to work off.
it('at five times the capacity of a slow source, some requests get a response soon and the rest a 503 immediately', async () => {
  const { capacity, unloaded, loaded, seconds, after, mostAtATime } = await overload({
    times: 5,
    seconds: 2,
  });
  expect(unloaded.map(({ status }) => status)).toEqual(unloaded.map(() => 200));

  const served = loaded.filter(({ status }) => status === 200);
  const refused = loaded.filter(({ status }) => status !== 200);
  expect(served.length).toBeGreaterThan((capacity * seconds) / 4);
  expect(refused.length).toBeGreaterThan(loaded.length / 3);
  expect(medianMs(served)).toBeLessThan(medianMs(unloaded) * 10);
  expect(medianMs(refused)).toBeLessThan(medianMs(unloaded) * 10);
  for (const { status, retryAfter, body } of refused) {
    expect([status, retryAfter, JSON.parse(body).error]).toEqual([503, '1', 'ERR_BUSY']);
  }

  // The source was never asked more than it may be, and what comes after the load finds nothing left of it.
  expect(mostAtATime).toBeLessThanOrEqual(8);
  expect(after.map(({ status }) => status)).toEqual(after.map(() => 200));
});
