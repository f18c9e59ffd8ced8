import { Session } from 'node:inspector';
import { PegasusError } from '../../model/errors.js';

/**
 * Opens an inspector session for this thread. Disconnecting it ends the profiles that it has started.
 *
 * @throws PegasusError `ERR_INVALID_STATE` when Node's permission model denies the inspector.
 */
export function openSession(): Session {
  const session = new Session();
  try {
    session.connect();
  } catch (cause) {
    throw new PegasusError(
      'ERR_INVALID_STATE',
      'this process must not use node:inspector, which profiles need; run it without --permission, or with --allow-inspector',
      { cause },
    );
  }
  return session;
}

/**
 * Calls a method of the inspector and returns its result. A session of the same thread answers before `post` returns.
 *
 * @throws Error of the inspector when it refuses the call.
 * @throws PegasusError `ERR_INVALID_DATA` when there is no answer. V8 drops an answer that is longer than the longest string.
 */
export function callInspector<Result>(
  session: Pick<Session, 'post'>,
  method: string,
  params: object = {},
): Result {
  let outcome: { readonly error: Error | null; readonly result?: object | undefined } | undefined;
  session.post(method, params, (error, result) => {
    outcome = { error, result };
  });
  // TypeScript does not see that the callback has run.
  const settled = outcome as typeof outcome | undefined;
  if (settled === undefined) {
    throw new PegasusError(
      'ERR_INVALID_DATA',
      `${method} gave no answer: the profile is larger than a string can be`,
    );
  }
  if (settled.error !== null) throw settled.error;
  return settled.result as Result;
}
