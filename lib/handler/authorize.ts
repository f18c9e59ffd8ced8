import { CLIENT_DISCONNECTED, Deadline } from '../http/deadline.js';
import type { AnyRequest, AnyResponse } from '../http/exchange.js';
import type { ErrorResponse } from '../http/response.js';
import { PegasusError } from '../model/errors.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { Endpoint } from '../routing/endpoint.js';
import { describeValue } from '../validate/describe-value.js';
import type { RequestContext } from './context.js';
import type { AuthorizeResult } from './options.js';
import type { ReportError } from './report.js';
import type { ResolvedAuthorize } from './resolve-options.js';

/** Decides about a request. `undefined` allows it. Throws only {@link CLIENT_DISCONNECTED}. */
export type Authorizer = (
  context: Pick<RequestContext, 'req' | 'res' | 'endpoint'>,
) => MaybePromise<ErrorResponse | undefined>;

/** A scheme and its parameters in visible ASCII. Other characters cannot stand in a header, or would start another one. */
const CHALLENGE = /^[\w!#$%&'*+\-.^`|~]+(?: [\x20-\x7e]+)?$/;

/**
 * Creates the authorizer from the `authorize` option. It fails closed: a throw, a rejection, a timeout or an unknown return value is
 * answered with the same 403 as an explicit denial and reported to `onError`. Without the option, reads are allowed and writes denied.
 *
 * @param maxPendingRequests - The maximum number of requests that wait for `authorize`. Further requests are rejected, and `authorize` is
 *   not called.
 */
export function createAuthorizer(
  authorize: ResolvedAuthorize | undefined,
  timeoutMs: number,
  maxPendingRequests: number,
  report: ReportError,
): Authorizer {
  if (authorize === undefined) return ({ endpoint }) => denyWrite(endpoint);
  const decide = authorize;
  let pending = 0;

  async function wait(
    result: PromiseLike<AuthorizeResult>,
    req: AnyRequest,
    res: AnyResponse,
  ): Promise<AuthorizeResult> {
    const deadline = new Deadline(req, res, timeoutMs);
    pending += 1;
    try {
      return await deadline.race(result);
    } finally {
      pending -= 1;
      deadline[Symbol.dispose]();
    }
  }

  return function authorizer({ req, res, endpoint }) {
    function failed(cause: unknown): ErrorResponse {
      if (cause === CLIENT_DISCONNECTED) throw cause;
      const message = 'authorize() failed; access denied';
      report(new PegasusError('ERR_ACL_DENY', message, { cause }), req, endpoint);
      return denial(endpoint);
    }
    if (pending >= maxPendingRequests)
      return { code: 'ERR_BUSY', message: 'too many requests wait for authorize()' };
    try {
      const result = decide(req, endpoint);
      if (!isPromiseLike(result)) return toDenial(result, endpoint);
      return wait(result, req, res)
        .then((settled) => toDenial(settled, endpoint))
        .catch(failed);
    } catch (cause) {
      return failed(cause);
    }
  };
}

function denyWrite({ access, path }: Endpoint): ErrorResponse | undefined {
  if (access === 'read') return undefined;
  const message = `"${path}" changes this server: it is denied unless the application sets the option authorize`;
  return { code: 'ERR_ACL_DENY', message };
}

function toDenial(result: AuthorizeResult, endpoint: Endpoint): ErrorResponse | undefined {
  if (result === 'allow') return undefined;
  if (result === 'deny') return denial(endpoint);
  const challenge: unknown = result?.challenge;
  if (typeof challenge === 'string' && CHALLENGE.test(challenge)) {
    return { code: 'ERR_UNAUTHENTICATED', message: `"${endpoint.path}" needs credentials`, challenge };
  }
  const given =
    challenge === undefined ? describeValue(result) : `{ challenge: ${describeValue(challenge)} }`;
  throw new TypeError(
    `authorize must return "allow", "deny" or { challenge: "Bearer" } (a scheme and its parameters), not ${given}`,
  );
}

function denial({ path }: Endpoint): ErrorResponse {
  return { code: 'ERR_ACL_DENY', message: `"${path}" is not for this client` };
}
