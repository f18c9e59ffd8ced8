import { type HttpResponse, redirectResponse } from '../http/response.js';
import type { MetaRole } from '../model/cluster.js';
import { clientError, type PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { MetaStateSource } from '../model/source.js';
import type { SourceOperation } from '../routing/source-operation.js';
import type { CallSource } from '../source-calls/call-source.js';
import { renderFailure } from '../source-calls/client-errors.js';
import { describeValue } from '../validate/describe-value.js';
import type { RequestContext } from './context.js';
import { renderError } from './error-response.js';
import { redirectLocation } from './redirect-location.js';

const ROLE: SourceOperation<undefined, MetaRole> = {
  part: 'metaState',
  method: 'role',
  key: () => '',
  call: ({ metaState }, _, context) => (metaState as MetaStateSource).role(context),
};

/** Calls `role`. The meta state is answered by the primary meta server only. */
export function callRole(callSource: CallSource, context: RequestContext): MaybePromise<MetaRole> {
  return callSource(ROLE, undefined, context);
}

/** Redirects to the primary meta server; `undefined` if this server is the primary. */
export function redirectToPrimary(context: RequestContext, role: MetaRole): HttpResponse | undefined {
  try {
    if (role.role === 'primary') return undefined;
    const location = primaryLocation(role, context);
    return location === undefined ? renderError(context, unknownPrimary()) : redirectResponse(location);
  } catch (cause) {
    return renderError(context, renderFailure('metaState', cause));
  }
}

function primaryLocation(role: MetaRole, { req, match, endpoint }: RequestContext): string | undefined {
  if (role.role !== 'backup') {
    throw new TypeError(`role must be "primary" or "backup", not ${describeValue(role)}`);
  }
  const { primaryUrl } = role;
  return primaryUrl === null ? undefined : redirectLocation(req, primaryUrl, endpoint.path, match.rawQuery);
}

function unknownPrimary(): PegasusError {
  return clientError('ERR_FORWARD_TO_OTHERS', 'no primary meta server is known');
}
