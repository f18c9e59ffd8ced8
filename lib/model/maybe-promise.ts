/** A value, or a promise of it. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** Whether an answer has to be waited for. Most sources know at once, and then nothing is. */
export function isPromiseLike<T>(value: MaybePromise<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
}

/**
 * Goes on with an answer: at once if it is there, else when it comes. What an `async` function would cost per request (a promise and a
 * turn of the queue for every step) shows beside a whole answer that takes 20 microseconds.
 */
export function chain<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromiseLike(value) ? value.then(next) : next(value);
}
