import { askSource, type PartName, readSource, usable } from './ask-source.js';
import type { Body, Headers } from './body.js';
import type { ClusterSource, MaybePromise, MetaRole } from './contracts.js';
import { announceAnswer, noteEndpoints } from './diagnostics.js';
import { PegasusError, refusal } from './errors.js';
import { andThen, isPromise } from './maybe-promise.js';
import { type HandlerOptions, readOptions } from './options.js';
import { redirectLocation } from './redirect.js';
import type { PegasusHandler, PegasusRequest, PegasusResponse } from './request.js';
import { readBody, TOO_LARGE } from './request-body.js';
import { sendBody, sendError, sendRedirect } from './respond.js';
import type { Route } from './route.js';
import { routesFor } from './routes.js';
import { CLIENT_GONE, RequestCall } from './source-call.js';
import { type Asked, argumentsOf, targetReader } from './targets.js';
import { count, show } from './text/format.js';

/**
 * Makes the Pegasus HTTP interface out of a source: `(req, res, next?) => void` for `http.createServer`, express,
 * fastify, koa, or whatever else has Node's `req` and `res`. Handlers share nothing with each other.
 *
 * @param source - Where the answers come from; {@link memoryCluster} makes one out of a description.
 * @param options - See {@link HandlerOptions}.
 * @throws TypeError at once, when the source or an option is not what it must be.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, memoryCluster } from 'pegasus-http';
 *
 * const cluster = memoryCluster({
 *   nodes: ['127.0.0.1:34801', '127.0.0.1:34802'],
 *   apps: [{ appName: 'temp', partitionCount: 8 }],
 * });
 * createServer(createPegasusHandler(cluster)).listen(34601);
 * // curl 'http://127.0.0.1:34601/meta/app?name=temp&detail'
 * ```
 */
export function createPegasusHandler(source: ClusterSource, options?: HandlerOptions): PegasusHandler {
  const settings = readOptions(options);
  const { basePath, timeoutMs, reportError } = settings;
  const parts = readSource(source);
  const routes = routesFor(parts, settings);
  const readTarget = targetReader(routes, basePath);

  function handle(req: PegasusRequest, res: PegasusResponse, next?: () => unknown): MaybePromise<unknown> {
    const asked = readTarget(req.url ?? '/');
    const { route } = asked;
    if (route === undefined && next !== undefined) return next();
    announceAnswer(pegasusHandler, route?.path, res);
    if (route === undefined) {
      const path = asked.path.replace(/^\/+/, '');
      return sendError(req, res, 'ERR_HANDLER_NOT_FOUND', `service not found for "${path}"`);
    }
    const { pprofErrors: pprof } = route;
    if (!route.methods.includes(req.method ?? 'GET')) {
      const allow = route.methods.join(', ');
      const message = `method ${req.method} is not allowed for "${route.path}", use ${allow}`;
      return sendError(req, res, 'ERR_HANDLER_NOT_FOUND', message, { status: 405, allow, pprof });
    }
    const call = new RequestCall(res, timeoutMs);
    const asking = { req, res, asked, route, call };
    const answered = req.method === 'POST' ? answerPost(asking) : answer(asking);
    return isPromise(answered) ? Promise.resolve(answered).finally(() => call.end()) : answered;
  }

  async function answerPost(asking: Asking): Promise<void> {
    const { req, res, route, call } = asking;
    const { bodyLimit = 0, pprofErrors: pprof } = route;
    const sent = await call.wait(readBody(req, bodyLimit));
    if (sent !== TOO_LARGE) return answer(asking, sent);
    const message = `the body may have ${bodyLimit} bytes at most`;
    sendError(req, res, 'ERR_INVALID_PARAMETERS', message, { status: 413, pprof });
  }

  function answer(asking: Asking, sent?: string): MaybePromise<void> {
    const { req, res, asked, route, call } = asking;
    const args = argumentsOf(asked, route, sent);
    if (args instanceof PegasusError) return refuse(asking, args);
    const { part } = route;
    if (part === 'none')
      return andThen(route.answer(undefined, args), (body) => sendBody(req, res, body as Body));
    if (route.takesMs !== undefined) call.allow(route.takesMs(args));
    return andThen(redirectOf(asking), (location) => {
      if (location instanceof PegasusError) return refuse(asking, location);
      if (location !== undefined) return sendRedirect(res, location);
      const value = askSource(part, call, () => route.ask(parts, args, call));
      const body = andThen(value, (said) => usable(part, () => route.answer(said, args)));
      return andThen(body, (ready) => {
        if (ready instanceof PegasusError) return refuse(asking, ready);
        return andThen(ageOf(part, call), (age) => sendBody(req, res, ready, age));
      });
    });
  }

  /** Where to send the client; `undefined` when this server answers itself. */
  function redirectOf({ req, asked, route, call }: Asking): MaybePromise<string | PegasusError | undefined> {
    const { metaState } = parts;
    const { part, path } = route;
    if (part !== 'metaState' || metaState === undefined) return undefined;
    const role = askSource(part, call, () => metaState.role(call));
    return andThen(role, (said) => usable(part, () => locationFor(said, req, path, asked.rawQuery)));
  }

  /** How old the answer is, where the source says that it is. */
  function ageOf(part: PartName, call: RequestCall): MaybePromise<Headers | undefined> {
    const { metaState } = parts;
    if (part !== 'metaState' || metaState?.staleSince === undefined) return undefined;
    const since = askSource(part, call, () => metaState.staleSince?.(call));
    return andThen(
      since,
      (second) => usable(part, () => ageHeader(second)) as MaybePromise<Headers | undefined>,
    );
  }

  /** Tells a client what it asked wrongly, or what is not there: no news for the host. */
  function refuse({ req, res, route }: Asking, { code, message }: PegasusError): void {
    sendError(req, res, code, message, { pprof: route.pprofErrors });
  }

  function fail(error: unknown, req: PegasusRequest, res: PegasusResponse): void {
    if (error === CLIENT_GONE) return;
    const shown = error instanceof PegasusError ? error : unexpected(error);
    // Only what came from elsewhere has a cause; what a client asked wrongly is no news to the host.
    if (Object.hasOwn(shown, 'cause')) reportError(shown, req);
    try {
      const pprof = readTarget(req.url ?? '/').route?.pprofErrors;
      sendError(req, res, shown.code, shown.message, { pprof });
    } catch (cause) {
      // The response itself throws (some host has patched it): nothing can be said any more, but nobody is left waiting.
      reportError(unexpected(cause), req);
      req.destroy();
    }
  }

  const pegasusHandler: PegasusHandler = (req, res, next) => {
    try {
      const pending = handle(req, res, next);
      if (isPromise(pending)) Promise.resolve(pending).catch((error) => fail(error, req, res));
    } catch (error) {
      fail(error, req, res);
    }
  };
  noteEndpoints(
    pegasusHandler,
    routes.map(({ path }) => path),
  );
  return pegasusHandler;
}

/** One request of an endpoint, with all that is known of it. */
interface Asking {
  readonly req: PegasusRequest;
  readonly res: PegasusResponse;
  readonly asked: Asked;
  readonly route: Route;
  readonly call: RequestCall;
}

/** @returns Where to send the client; `undefined` when this server is the primary and answers itself. */
function locationFor(
  role: MetaRole,
  req: PegasusRequest,
  path: string,
  rawQuery: string,
): string | undefined {
  if (role.role === 'primary') return undefined;
  if (role.role !== 'backup') throw new TypeError(`role must be "primary" or "backup", not ${show(role)}`);
  const location =
    role.primaryUrl === null ? undefined : redirectLocation(req, role.primaryUrl, path, rawQuery);
  if (location === undefined) throw refusal('ERR_FORWARD_TO_OTHERS', 'no primary meta server is known');
  return location;
}

function ageHeader(since: number | undefined): Headers | undefined {
  if (since === undefined) return undefined;
  const age = Math.floor(Date.now() / 1000 - since);
  return { age: count(Math.max(age, 0), 'staleSince') };
}

function unexpected(cause: unknown): PegasusError {
  return new PegasusError('ERR_UNKNOWN', 'this request failed', { cause });
}
