import type { ResponseHeaders } from '../http/body.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { count } from '../render/format.js';
import type { SourceOperation } from '../routing/source-operation.js';
import type { CallSource } from '../source-calls/call-source.js';
import { unusableAnswer } from '../source-calls/client-errors.js';
import { describeValue } from '../validate/describe-value.js';
import type { RequestContext } from './context.js';

/** Takes `null` for `undefined`, because JavaScript sources return either for "none". */
export type StaleSince = number | null | undefined;

/** Numbers answers, so that the requests that got the same one share the call. */
const answerIds = new WeakMap<object, number>();
let lastAnswerId = 0;

function answerId(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return String(answer);
  let id = answerIds.get(answer);
  if (id === undefined) {
    lastAnswerId += 1;
    id = lastAnswerId;
    answerIds.set(answer, id);
  }
  return `#${id}`;
}

const STALE_SINCE: SourceOperation<unknown, StaleSince> = {
  part: 'metaState',
  method: 'staleSince',
  key: answerId,
  call: ({ metaState }, answer, context) => metaState?.staleSince?.(context, answer),
};

/** Calls `staleSince` of a source that has it. */
export function callStaleSince(callSource: CallSource, context: RequestContext): MaybePromise<StaleSince> {
  return callSource(STALE_SINCE, context.value, context);
}

/** Returns the `Age` header of stale data; `undefined` if the data is current. */
export function ageHeader(staleSince: StaleSince): ResponseHeaders | undefined {
  if (staleSince == null) return undefined;
  try {
    return { age: ageOf(staleSince) };
  } catch (cause) {
    throw unusableAnswer('metaState', cause);
  }
}

function ageOf(staleSince: number): string {
  if (!Number.isFinite(staleSince)) {
    throw new TypeError(`staleSince must be unix seconds or undefined, not ${describeValue(staleSince)}`);
  }
  return count(Math.max(Math.floor(Date.now() / 1000 - staleSince), 0), 'staleSince');
}
