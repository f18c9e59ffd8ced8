import { PegasusError } from '../../model/errors.js';
import { isPromiseLike, type MaybePromise } from '../../model/maybe-promise.js';
import type { ConfigListener } from './types.js';

/** The listeners of a registry by the names of their flags. */
export interface Listeners {
  add(name: string, listener: ConfigListener<never>): () => void;
  /** @throws PegasusError `ERR_INVALID_STATE` if a listener is being called. */
  assertIdle(): void;
  /**
   * Calls the listeners of a flag.
   *
   * @returns A promise if a listener returned one.
   * @throws AggregateError of what the listeners threw.
   */
  notify(name: string, value: unknown, previous: unknown): MaybePromise<void>;
}

/** Creates an empty list of listeners. */
export function createListeners(): Listeners {
  const listeners = new Map<string, readonly ConfigListener<unknown>[]>();
  let notified: string | undefined;

  return {
    add(name, listener) {
      // A wrapper, so that a listener that is added twice is removed once.
      const added: ConfigListener<unknown> = (value, previous) => listener(value as never, previous as never);
      listeners.set(name, [...(listeners.get(name) ?? []), added]);
      return () => {
        listeners.set(name, listeners.get(name)?.filter((one) => one !== added) ?? []);
      };
    },

    assertIdle() {
      if (notified === undefined) return;
      const advice = 'change no flag until the listener has returned';
      throw new PegasusError(
        'ERR_INVALID_STATE',
        `a listener of flag "${notified}" is being called: ${advice}`,
      );
    },

    notify(name, value, previous) {
      const results: MaybePromise<unknown>[] = [];
      const errors: unknown[] = [];
      notified = name;
      for (const listener of listeners.get(name) ?? []) {
        try {
          results.push(listener(value, previous));
        } catch (error) {
          errors.push(error);
        }
      }
      notified = undefined;
      if (results.some(isPromiseLike)) return settle(name, results, errors);
      return throwErrors(name, errors);
    },
  };
}

async function settle(name: string, results: readonly unknown[], errors: unknown[]): Promise<void> {
  for (const result of await Promise.allSettled(results)) {
    if (result.status === 'rejected') errors.push(result.reason);
  }
  throwErrors(name, errors);
}

function throwErrors(name: string, errors: readonly unknown[]): void {
  if (errors.length === 0) return;
  throw new AggregateError(
    errors,
    `flag "${name}" has changed, but ${errors.length} of its listeners failed`,
  );
}
