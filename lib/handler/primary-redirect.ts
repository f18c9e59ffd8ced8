import type { ResponseHeaders } from '../http/body.js';
import type { MetaRole } from '../model/cluster.js';
import { clientError, type PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { chain } from '../model/maybe-promise.js';
import type { ClusterSource, MetaStateSource } from '../model/source.js';
import { count } from '../render/format.js';
import type { Question } from '../routing/source-operation.js';
import { type AskSource, usable } from '../source-calls/call-source.js';
import { describeValue } from '../validate/describe-value.js';
import type { Exchange } from './context.js';
import { redirectLocation } from './redirect-location.js';

const ROLE: Question<undefined, MetaRole> = {
  part: 'metaState',
  name: 'role',
  keyOf: () => '',
  ask: ({ metaState }, _, call) => (metaState as MetaStateSource).role(call),
};

const STALE_SINCE: Question<undefined, number | undefined> = {
  part: 'metaState',
  name: 'staleSince',
  keyOf: () => '',
  ask: ({ metaState }, _, call) => metaState?.staleSince?.(call),
};

/** Where to send the client; `undefined` when this server answers itself. */
export function redirectOf(
  ask: AskSource,
  exchange: Exchange,
): MaybePromise<string | PegasusError | undefined> {
  if (exchange.route.question?.part !== 'metaState') return undefined;
  return chain(ask(ROLE, undefined, exchange), (role) =>
    usable('metaState', () => locationFor(role, exchange)),
  );
}

/** How old the answer is, where the source says that it is. */
export function ageOf(
  ask: AskSource,
  { metaState }: ClusterSource,
  exchange: Exchange,
): MaybePromise<ResponseHeaders | PegasusError | undefined> {
  if (exchange.route.question?.part !== 'metaState' || metaState?.staleSince === undefined) return undefined;
  return chain(ask(STALE_SINCE, undefined, exchange), (second) =>
    usable('metaState', () => ageHeader(second)),
  );
}

/** @returns `undefined` when this server is the primary. */
function locationFor(role: MetaRole, { req, asked, route }: Exchange): string | undefined {
  if (role.role === 'primary') return undefined;
  if (role.role !== 'backup')
    throw new TypeError(`role must be "primary" or "backup", not ${describeValue(role)}`);
  const { path } = route.endpoint;
  const location =
    role.primaryUrl === null ? undefined : redirectLocation(req, role.primaryUrl, path, asked.rawQuery);
  if (location === undefined) throw clientError('ERR_FORWARD_TO_OTHERS', 'no primary meta server is known');
  return location;
}

function ageHeader(since: number | undefined): ResponseHeaders | undefined {
  if (since === undefined) return undefined;
  const age = Math.floor(Date.now() / 1000 - since);
  return { age: count(Math.max(age, 0), 'staleSince') };
}
