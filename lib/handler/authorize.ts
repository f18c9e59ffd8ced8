import { CLIENT_GONE, Patience } from '../http/deadline.js';
import type { PegasusRequest, PegasusResponse } from '../http/node.js';
import type { Refused } from '../http/send.js';
import { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { isPromiseLike } from '../model/maybe-promise.js';
import type { Endpoint } from '../routing/endpoint.js';
import { describeValue } from '../validate/describe-value.js';
import type { Exchange } from './context.js';
import type { AuthorizeResult } from './options.js';

/** Asks the host's guard; `undefined` lets the request through. It never throws but {@link CLIENT_GONE}. */
export type Guard = (exchange: Pick<Exchange, 'req' | 'res' | 'route'>) => MaybePromise<Refused | undefined>;

/** A scheme and what it needs, in visible ASCII: anything else could not stand in a header, or would begin another one. */
const SCHEME = /^[\w!#$%&'*+\-.^`|~]+(?: [\x20-\x7e]+)?$/;

/**
 * Stands between the endpoints and whoever asks. Whatever the host's function does, a request goes through only when it has
 * said `'allow'`: all else is a 403 that a client cannot tell from a refusal, and a report to the host.
 *
 * @param mostWaiting - Requests that may wait on the host's function; beyond, they are turned away without being asked about.
 * @param report - Tells the host what its function did wrong.
 */
export function guardOf(
  authorize: (req: PegasusRequest, endpoint: Endpoint) => MaybePromise<AuthorizeResult>,
  timeoutMs: number,
  mostWaiting: number,
  report: (error: PegasusError, req: PegasusRequest, endpoint: Endpoint) => void,
): Guard {
  let waiting = 0;

  async function waitFor(
    verdict: PromiseLike<AuthorizeResult>,
    res: PegasusResponse,
  ): Promise<AuthorizeResult> {
    const patience = new Patience(res, timeoutMs);
    waiting += 1;
    try {
      return await patience.wait(verdict);
    } finally {
      waiting -= 1;
      patience.end();
    }
  }

  return function guard({ req, res, route: { endpoint } }) {
    function failed(cause: unknown): Refused {
      if (cause === CLIENT_GONE) throw cause;
      report(
        new PegasusError('ERR_ACL_DENY', 'authorize failed, and so it forbids', { cause }),
        req,
        endpoint,
      );
      return forbidden(endpoint);
    }
    if (waiting >= mostWaiting)
      return { code: 'ERR_BUSY', message: 'too many requests wait for their authorization' };
    try {
      const verdict = authorize(req, endpoint);
      if (!isPromiseLike(verdict)) return denialOf(verdict, endpoint);
      return waitFor(verdict, res)
        .then((said) => denialOf(said, endpoint))
        .catch(failed);
    } catch (cause) {
      return failed(cause);
    }
  };
}

function denialOf(verdict: AuthorizeResult, endpoint: Endpoint): Refused | undefined {
  if (verdict === 'allow') return undefined;
  if (verdict === 'deny') return forbidden(endpoint);
  const challenge: unknown = verdict?.challenge;
  if (typeof challenge === 'string' && SCHEME.test(challenge)) {
    return { code: 'ERR_UNAUTHENTICATED', message: `"${endpoint.path}" needs credentials`, challenge };
  }
  const given =
    challenge === undefined ? describeValue(verdict) : `{ challenge: ${describeValue(challenge)} }`;
  throw new TypeError(
    `authorize must answer "allow", "deny" or { challenge: "Bearer" } (a scheme and its parameters), not ${given}`,
  );
}

function forbidden({ path }: Endpoint): Refused {
  return { code: 'ERR_ACL_DENY', message: `"${path}" is not for this client` };
}
