import { announceSource, isSourceWatched } from '../diagnostics/publish.js';
import type { Exchange } from '../handler/context.js';
import { CLIENT_GONE } from '../http/deadline.js';
import { clientError, PegasusError, type PegasusErrorCode } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { isPromiseLike } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { PartName, Question } from '../routing/source-operation.js';
import { CALL_EXPIRED, Call, WaitingLine } from './single-flight.js';

/** What each part is called in messages. */
const CALLED: Readonly<Record<PartName, string>> = {
  metaState: 'meta state',
  perfCounters: 'perf counter',
  processInfo: 'process information',
};

/**
 * Asks a source and waits for it. Whatever goes wrong comes out as a {@link PegasusError} that is fit for the client: a source
 * chooses its code, but its message stays in the `cause`. Where too many requests wait on it already, it is not even asked: `ERR_BUSY`,
 * without a cause.
 */
export type AskSource = <Arguments, Value>(
  question: Question<Arguments, Value>,
  args: Arguments,
  exchange: Exchange,
) => MaybePromise<Value>;

/**
 * Makes the one place of a handler where its source is asked. Where the answer is there at once, asking costs one small object;
 * only what has to be waited for is counted, and shared.
 *
 * @param maxPendingRequests - Requests that may wait on a part.
 * @param timeoutMs - How long a call may take that several requests wait on.
 */
export function sourceAsker(parts: ClusterSource, maxPendingRequests: number, timeoutMs: number): AskSource {
  const lines: Readonly<Record<PartName, WaitingLine>> = {
    metaState: new WaitingLine(maxPendingRequests, timeoutMs),
    perfCounters: new WaitingLine(maxPendingRequests, timeoutMs),
    processInfo: new WaitingLine(maxPendingRequests, timeoutMs),
  };

  function ask<A, V>(question: Question<A, V>, args: A, exchange: Exchange): MaybePromise<V> {
    const { part } = question;
    const line = lines[part];
    if (line.isFull) throw clientError('ERR_BUSY', `too many requests wait on the ${CALLED[part]} source`);
    const key = line.hasNone ? undefined : keyOf(question, args);
    const shared = key !== undefined && line.has(key);
    if (!isSourceWatched())
      return shared ? join(key, question, args, exchange) : call(question, args, exchange);
    return announceSource(exchange, question, shared, () =>
      shared ? join(key, question, args, exchange) : call(question, args, exchange),
    );
  }

  function join<A, V>(key: string, question: Question<A, V>, args: A, exchange: Exchange): Promise<V> {
    return outcome(lines[question.part].join(key, exchange.patience) as Promise<V>, question, args, exchange);
  }

  function call<A, V>(question: Question<A, V>, args: A, exchange: Exchange): MaybePromise<V> {
    const { part } = question;
    const { patience } = exchange;
    const given = new Call();
    try {
      const answer = question.ask(parts, args, given);
      if (!isPromiseLike(answer)) return answer;
      if (question.takesMs !== undefined) patience.allow(question.takesMs(args));
      const waiting = lines[part].start(keyOf(question, args), given, answer, patience);
      return outcome(waiting as Promise<V>, question, args, exchange);
    } catch (cause) {
      throw failed(part, cause);
    }
  }

  async function outcome<A, V>(
    answer: Promise<V>,
    question: Question<A, V>,
    args: A,
    exchange: Exchange,
  ): Promise<V> {
    try {
      return await answer;
    } catch (cause) {
      if (cause === CALL_EXPIRED) return ask(question, args, exchange);
      throw failed(question.part, cause);
    }
  }

  return ask;
}

function keyOf<A>(question: Question<A>, args: A): string | undefined {
  return question.keyOf === undefined ? undefined : `${question.name} ${question.keyOf(args)}`;
}

/**
 * Makes something of a source's answer. What the endpoint itself decides (not found, busy) comes back as it is: it is no failure, and
 * to throw it on would cost more than the rest of such an answer. Anything else that is thrown on the way means that the answer has not the
 * shape it must have.
 */
export function usable<T>(part: PartName, make: () => MaybePromise<T>): MaybePromise<T | PegasusError> {
  try {
    const made = make();
    if (!isPromiseLike(made)) return made;
    return made.then(undefined, (cause) => refusalOr(part, cause));
  } catch (cause) {
    return refusalOr(part, cause);
  }
}

/** What is reported of a table that cannot be printed, where the others of the answer can. */
export function partlyUnusable(part: PartName, table: string, cause: unknown): PegasusError {
  const message = `the ${CALLED[part]} source gave an unusable table, which was left out: ${table}`;
  return new PegasusError('ERR_INVALID_DATA', message, { cause });
}

function failed(part: PartName, cause: unknown): unknown {
  if (cause === CLIENT_GONE) return cause;
  const code = cause instanceof PegasusError ? cause.code : 'ERR_UNKNOWN';
  return new PegasusError(code, messageFor(code, part), { cause });
}

function refusalOr(part: PartName, cause: unknown): PegasusError {
  if (cause instanceof PegasusError) return cause;
  throw new PegasusError('ERR_UNKNOWN', `the ${CALLED[part]} source gave an unusable answer`, { cause });
}

function messageFor(code: PegasusErrorCode, part: PartName): string {
  const source = `the ${CALLED[part]} source`;
  switch (code) {
    case 'ERR_TIMEOUT':
      return `${source} did not answer in time`;
    case 'ERR_SERVICE_NOT_ACTIVE':
      return `${source} is not ready yet`;
    case 'ERR_BUSY':
    case 'ERR_BUSY_CREATING':
    case 'ERR_BUSY_DROPPING':
      return `${source} is busy`;
    case 'ERR_FORWARD_TO_OTHERS':
      return 'no primary meta server is known';
    case 'ERR_OBJECT_NOT_FOUND':
      return `${source} has no such thing`;
    default:
      return `${source} failed`;
  }
}
