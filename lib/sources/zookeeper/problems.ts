import type { PegasusError } from '../../model/errors.js';

/** The errors of znodes, by a key. */
export interface Problems<Key> {
  /** Keeps the error of a znode and reports it. The same error again changes nothing: an invalid znode is read more than once. */
  set(key: Key, error: PegasusError): void;
  /** Removes the error of a znode. */
  delete(key: Key): void;
  /** Returns the oldest error. */
  first(): PegasusError | undefined;
}

/** Makes a {@link Problems}. */
export function createProblems<Key>(onProblem: (error: PegasusError) => void): Problems<Key> {
  const problems = new Map<Key, PegasusError>();
  return {
    set(key, error) {
      if (problems.get(key)?.message === error.message) return;
      problems.set(key, error);
      onProblem(error);
    },
    delete: (key) => void problems.delete(key),
    first: () => problems.values().next().value,
  };
}
