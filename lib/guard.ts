import type { MaybePromise } from './contracts.js';
import type { Endpoint, Verdict } from './endpoint.js';
import { PegasusError } from './errors.js';
import type { Exchange } from './exchange.js';
import { isPromise } from './maybe-promise.js';
import { CLIENT_GONE, Patience } from './patience.js';
import type { PegasusRequest, PegasusResponse } from './request.js';
import type { Refused } from './respond.js';
import { show } from './text/format.js';

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
  authorize: (req: PegasusRequest, endpoint: Endpoint) => MaybePromise<Verdict>,
  timeoutMs: number,
  mostWaiting: number,
  report: (error: PegasusError, req: PegasusRequest, endpoint: Endpoint) => void,
): Guard {
  let waiting = 0;

  async function waitFor(verdict: PromiseLike<Verdict>, res: PegasusResponse): Promise<Verdict> {
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
      if (!isPromise(verdict)) return denialOf(verdict, endpoint);
      return waitFor(verdict, res)
        .then((said) => denialOf(said, endpoint))
        .catch(failed);
    } catch (cause) {
      return failed(cause);
    }
  };
}

function denialOf(verdict: Verdict, endpoint: Endpoint): Refused | undefined {
  if (verdict === 'allow') return undefined;
  if (verdict === 'forbid') return forbidden(endpoint);
  const challenge: unknown = verdict?.challenge;
  if (typeof challenge === 'string' && SCHEME.test(challenge)) {
    return { code: 'ERR_UNAUTHENTICATED', message: `"${endpoint.path}" needs credentials`, challenge };
  }
  const given = challenge === undefined ? show(verdict) : `{ challenge: ${show(challenge)} }`;
  throw new TypeError(
    `authorize must answer "allow", "forbid" or { challenge: "Bearer" } (a scheme and its parameters), not ${given}`,
  );
}

function forbidden({ path }: Endpoint): Refused {
  return { code: 'ERR_ACL_DENY', message: `"${path}" is not for this client` };
}
