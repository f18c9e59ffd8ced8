import { type AskSource, usable } from './ask-source.js';
import type { Headers } from './body.js';
import type { ClusterSource, MaybePromise, MetaRole, MetaStateSource } from './contracts.js';
import { type PegasusError, refusal } from './errors.js';
import type { Exchange } from './exchange.js';
import { andThen } from './maybe-promise.js';
import type { Question } from './question.js';
import { redirectLocation } from './redirect.js';
import { count, show } from './text/format.js';

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
  return andThen(ask(ROLE, undefined, exchange), (role) =>
    usable('metaState', () => locationFor(role, exchange)),
  );
}

/** How old the answer is, where the source says that it is. */
export function ageOf(
  ask: AskSource,
  { metaState }: ClusterSource,
  exchange: Exchange,
): MaybePromise<Headers | PegasusError | undefined> {
  if (exchange.route.question?.part !== 'metaState' || metaState?.staleSince === undefined) return undefined;
  return andThen(ask(STALE_SINCE, undefined, exchange), (second) =>
    usable('metaState', () => ageHeader(second)),
  );
}

/** @returns `undefined` when this server is the primary. */
function locationFor(role: MetaRole, { req, asked, route }: Exchange): string | undefined {
  if (role.role === 'primary') return undefined;
  if (role.role !== 'backup') throw new TypeError(`role must be "primary" or "backup", not ${show(role)}`);
  const { path } = route.endpoint;
  const location =
    role.primaryUrl === null ? undefined : redirectLocation(req, role.primaryUrl, path, asked.rawQuery);
  if (location === undefined) throw refusal('ERR_FORWARD_TO_OTHERS', 'no primary meta server is known');
  return location;
}

function ageHeader(since: number | undefined): Headers | undefined {
  if (since === undefined) return undefined;
  const age = Math.floor(Date.now() / 1000 - since);
  return { age: count(Math.max(age, 0), 'staleSince') };
}
