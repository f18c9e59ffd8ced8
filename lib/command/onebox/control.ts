import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { namesHost } from '../../http/host.js';
import { splitTarget } from '../../http/request-target.js';
import { PegasusError } from '../../index.js';
import type { FakeCluster } from '../../testing/index.js';
import { closestKey } from '../../validate/unknown-key.js';
import { loopbackNames } from '../allowed-hosts.js';
import { sendError, sendJson } from '../gateway/respond.js';
import { OPERATIONS } from './control-operations.js';
import { readJsonBody } from './read-json-body.js';
import { stateOf } from './state.js';

/** What a control interface needs beside the cluster. */
export interface ControlOptions {
  /** Where it listens. */
  readonly address: string;
  /** Stops the onebox. */
  stop(): Promise<void>;
}

/** The statuses of errors. All others are 500. */
const STATUS: Readonly<Record<string, number>> = {
  ERR_INVALID_PARAMETERS: 400,
  ERR_OBJECT_NOT_FOUND: 404,
  ERR_APP_EXIST: 409,
  ERR_INVALID_STATE: 409,
};

const SUMMARY =
  'Changes and breaks the onebox. POST each operation with a JSON object, and the header Content-Type: application/json.';

/**
 * Creates the listener of the control interface. No page in a browser can use it: it needs a JSON body, answers only under names of
 * loopback, and sends no CORS header.
 */
export function createControl(fake: FakeCluster, { address, stop }: ControlOptions): RequestListener {
  const allowed = new Set(loopbackNames(new URL(`http://${address}`).hostname));

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { headers, method = '' } = req;
    if (!namesHost(headers.host, allowed))
      return sendError(req, res, 403, 'ERR_ACL_DENY', 'the host of this request is no name of loopback');
    if (isOfPage(headers, allowed))
      return sendError(req, res, 403, 'ERR_ACL_DENY', 'pages of other sites may not use this interface');
    const { path } = splitTarget(req.url ?? '/');
    if (path === '/' || path === '/state') {
      if (method !== 'GET' && method !== 'HEAD') return notAllowed(req, res, 'GET, HEAD');
      return sendJson(req, res, 200, path === '/' ? listing() : stateOf(fake));
    }
    const name = path.slice(1);
    const operation = OPERATIONS.get(name);
    if (operation === undefined && name !== 'stop')
      return sendError(req, res, 404, 'ERR_HANDLER_NOT_FOUND', unknownOperation(name));
    if (method !== 'POST') return notAllowed(req, res, 'POST');
    const body = await readJsonBody(req);
    if (operation !== undefined) return sendJson(req, res, 200, (await operation.run(fake, body)) ?? {});
    res.once('close', () => void stop());
    sendJson(req, res, 200, {}, { Connection: 'close' });
  }

  return (req, res) => {
    answer(req, res).catch((error: unknown) => {
      if (res.headersSent || res.destroyed) return void res.destroy();
      const { code, message, status } = describe(error);
      // The rest of a body that was not read would be taken for the next request.
      sendError(req, res, status, code, message, req.complete ? {} : { Connection: 'close' });
    });
  };
}

/** Whether a page of another site sent a request. Browsers say so in these headers. */
function isOfPage(headers: IncomingMessage['headers'], allowed: ReadonlySet<string>): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || !namesHost(new URL(origin).host, allowed);
}

function describe(error: unknown) {
  const { code, message } = error as PegasusError;
  // Mistakes of arguments are a TypeError where an application calls the same function.
  const isKnown = error instanceof PegasusError || code === 'ERR_INVALID_PARAMETERS';
  if (!isKnown) return { code: 'ERR_UNKNOWN', message: String(message), status: 500 } as const;
  return { code, message: message.replace(/^memoryCluster\.\w+: /, ''), status: STATUS[code] ?? 500 };
}

function notAllowed(req: IncomingMessage, res: ServerResponse, allow: string): void {
  sendError(req, res, 405, 'ERR_HANDLER_NOT_FOUND', `this path takes ${allow}`, {
    Allow: allow,
    Connection: 'close',
  });
}

function unknownOperation(name: string): string {
  const closest = closestKey(name.slice(0, 60), [...OPERATIONS.keys(), 'state', 'stop']);
  const advice = closest === undefined ? 'GET / lists all' : `did you mean "${closest}"?`;
  return `there is no operation ${JSON.stringify(name.slice(0, 60))}, ${advice}`;
}

function listing() {
  const operations = Array.from(OPERATIONS, ([name, { summary, example }]) => [
    `POST /${name}`,
    { summary, body: example },
  ]);
  return {
    summary: SUMMARY,
    operations: {
      'GET /state': { summary: 'The servers and the tables.' },
      ...Object.fromEntries(operations),
      'POST /stop': { summary: 'Stops the onebox.', body: {} },
    },
  };
}
