import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it, vi } from 'vitest';
import { cutOffWhenStalled } from '../../../lib/http/stall.js';

const PATIENCE = { timeout: 10_000 };

it('a response that made progress while the event loop was busy is not cut off', async () => {
  const destroy = vi.fn();
  const res = Object.assign(new EventEmitter(), { destroy }) as unknown as ServerResponse;
  const showProgress = cutOffWhenStalled(res, 20);
  const progress = new Promise<void>((resolve) => {
    setImmediate(() => {
      showProgress();
      resolve();
    });
  });
  const until = performance.now() + 100;
  while (performance.now() < until);
  await progress;
  await new Promise((resolve) => setImmediate(resolve));
  expect(destroy).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(destroy).toHaveBeenCalledOnce(), PATIENCE);
});

it.each(['finish', 'close'])('is not cut off after %s', async (event) => {
  const destroy = vi.fn();
  const res = Object.assign(new EventEmitter(), { destroy }) as unknown as ServerResponse;
  cutOffWhenStalled(res, 1);
  res.emit(event);
  const later = vi.fn();
  cutOffWhenStalled(Object.assign(new EventEmitter(), { destroy: later }) as unknown as ServerResponse, 1);
  await vi.waitFor(() => expect(later).toHaveBeenCalled(), PATIENCE);
  expect(destroy).not.toHaveBeenCalled();
});
