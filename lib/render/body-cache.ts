import type { ResponseBody } from '../http/body.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import { ChunkBuffer, type ChunkGenerator } from './chunk-buffer.js';
import { runInSlices } from './time-slicing.js';

/** Tells whether all objects that a rendering reads are frozen. A generator where that takes long: it yields where it may pause. */
export type FrozenCheck = () => boolean | Generator<void, boolean, void>;

interface RenderResult {
  readonly body: ResponseBody;
  readonly isFrozen: boolean;
}

const cache = new WeakMap<object, Map<string, MaybePromise<ResponseBody>>>();

/**
 * Caches a rendered response by the snapshot it is rendered from. An entry is collected with its snapshot, so nothing needs to be
 * invalidated. Requests that arrive during a rendering share it.
 *
 * A frozen snapshot renders in 2 ms slices, because it cannot change meanwhile. A mutable one renders in one go and is not cached.
 *
 * @param key - The snapshot. The body may depend on nothing else.
 * @param variant - Distinguishes the bodies of one snapshot.
 * @param isFrozen - Called before `start`, unless the body is cached.
 * @param start - Starts the rendering.
 */
export function cachedBody(
  key: object,
  variant: string,
  isFrozen: FrozenCheck,
  start: () => ChunkGenerator,
): MaybePromise<ResponseBody> {
  const cached = cache.get(key)?.get(variant);
  if (cached !== undefined) return cached;
  const result = runInSlices(render(isFrozen, start));
  if (!isPromiseLike(result)) {
    if (result.isFrozen) store(key, variant, result.body);
    return result.body;
  }
  const body = result.then(
    (rendered) => {
      if (rendered.isFrozen) store(key, variant, rendered.body);
      else cache.get(key)?.delete(variant);
      return rendered.body;
    },
    (error) => {
      cache.get(key)?.delete(variant);
      throw error;
    },
  );
  store(key, variant, body);
  return body;
}

function* render(checkFrozen: FrozenCheck, start: () => ChunkGenerator): Generator<void, RenderResult, void> {
  const check = checkFrozen();
  const isFrozen = typeof check === 'boolean' ? check : yield* check;
  const buffer = new ChunkBuffer();
  const chunks = start();
  let step = chunks.next();
  for (; step.done !== true; step = chunks.next()) {
    buffer.add(step.value);
    if (isFrozen) yield;
  }
  return { body: buffer.toBody(), isFrozen: isFrozen && step.value !== false };
}

function store(key: object, variant: string, body: MaybePromise<ResponseBody>): void {
  const variants = cache.get(key);
  if (variants === undefined) cache.set(key, new Map([[variant, body]]));
  else variants.set(variant, body);
}
