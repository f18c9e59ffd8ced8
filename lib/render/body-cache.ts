import type { ResponseBody } from '../http/body.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import { ChunkBuffer, type ChunkGenerator } from './chunk-buffer.js';
import { runInSlices } from './time-slicing.js';

/**
 * Tells whether all objects that the rendering of a snapshot reads are frozen. A generator where that takes long: it yields where it may
 * pause.
 */
export type FrozenCheck<Snapshot> = (snapshot: Snapshot) => boolean | Generator<void, boolean, void>;

/** Returns a frozen copy of a snapshot; `undefined` where the snapshot itself is rendered. */
export type FrozenCopy<Snapshot> = (snapshot: Snapshot) => Snapshot | undefined;

/** Returns the body of a document, cached or rendered. */
export type RenderDocument<Snapshot, Context> = (
  snapshot: Snapshot,
  context: Context,
) => MaybePromise<ResponseBody>;

interface RenderResult {
  readonly body: ResponseBody;
  readonly isFrozen: boolean;
}

/**
 * Declares a document whose body is cached by the snapshot that it is rendered from. An entry is collected with its snapshot, so nothing
 * needs to be invalidated. Requests that arrive during a rendering share it.
 *
 * A frozen snapshot renders in 2 ms slices, because it cannot change meanwhile. A mutable one is replaced by its frozen copy where there is
 * one; else it renders in one go and is not cached.
 *
 * @param isFrozen - Called before `render`, unless the body is cached.
 * @param render - Renders the body, which may depend on nothing but the snapshot. `context` is that of the first request.
 * @param frozenCopy - Called first, unless the body is cached.
 */
export function cachedDocument<Snapshot extends object, Context = undefined>(
  isFrozen: FrozenCheck<Snapshot>,
  render: (snapshot: Snapshot, context: Context) => ChunkGenerator,
  frozenCopy: FrozenCopy<Snapshot> = () => undefined,
): RenderDocument<Snapshot, Context> {
  const bodies = new WeakMap<Snapshot, MaybePromise<ResponseBody>>();

  function renderNow(snapshot: Snapshot, context: Context): MaybePromise<ResponseBody> {
    const result = runInSlices(renderBody(isFrozen, render, snapshot, context));
    if (!isPromiseLike(result)) {
      if (result.isFrozen) bodies.set(snapshot, result.body);
      return result.body;
    }
    const body = result.then(
      (rendered) => {
        if (rendered.isFrozen) bodies.set(snapshot, rendered.body);
        else bodies.delete(snapshot);
        return rendered.body;
      },
      (error) => {
        bodies.delete(snapshot);
        throw error;
      },
    );
    bodies.set(snapshot, body);
    return body;
  }

  function renderUncached(snapshot: Snapshot, context: Context): MaybePromise<ResponseBody> {
    const copy = frozenCopy(snapshot);
    if (copy === undefined) return renderNow(snapshot, context);
    return bodies.get(copy) ?? renderNow(copy, context);
  }

  return (snapshot, context) => bodies.get(snapshot) ?? renderUncached(snapshot, context);
}

function* renderBody<Snapshot, Context>(
  checkFrozen: FrozenCheck<Snapshot>,
  render: (snapshot: Snapshot, context: Context) => ChunkGenerator,
  snapshot: Snapshot,
  context: Context,
): Generator<void, RenderResult, void> {
  const check = checkFrozen(snapshot);
  const isFrozen = typeof check === 'boolean' ? check : yield* check;
  const buffer = new ChunkBuffer();
  const chunks = render(snapshot, context);
  let step = chunks.next();
  for (; step.done !== true; step = chunks.next()) {
    buffer.add(step.value);
    if (isFrozen) yield;
  }
  return { body: buffer.toBody(), isFrozen: isFrozen && step.value !== false };
}
