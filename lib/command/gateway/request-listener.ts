import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { prefersHtml } from '../../http/accept-html.js';
import { canonicalHostname, namesHost } from '../../http/host.js';
import { splitTarget } from '../../http/request-target.js';
import { logAccess } from './access-log.js';
import type { Guard } from './credentials.js';
import type { Handlers } from './handlers.js';
import type { Log } from './log.js';
import type { Group } from './options.js';
import type { Exposition } from './prometheus.js';
import { readinessOf } from './readiness.js';
import { sendError, sendJson, sendText } from './respond.js';
import type { Upstream } from './upstream.js';

/** What a gateway answers from. */
export interface GatewayParts {
  readonly upstreams: readonly Upstream[];
  readonly handlers: Handlers;
  readonly guard: Guard | undefined;
  readonly allowedHosts: readonly string[] | undefined;
  readonly exposition: Exposition | undefined;
  readonly readyMaxAgeMs: number;
  readonly hasAccessLog: boolean;
  readonly log: Log;
  isStopping(): boolean;
}

/** An endpoint of the gateway itself. */
interface OwnEndpoint {
  readonly summary: string;
  /** The group whose credentials it needs; `undefined` if it is open to everyone. */
  readonly group?: Group;
  answer(req: IncomingMessage, res: ServerResponse): void | Promise<void>;
}

/** Creates the listener of the gateway's server: the endpoints of the gateway itself, and those of its clusters. */
export function createListener(parts: GatewayParts): RequestListener {
  const { handlers, guard, log } = parts;
  const allowedHosts = parts.allowedHosts && new Set(parts.allowedHosts.map(canonicalHostname));
  const own = ownEndpoints(parts);

  async function answerItself(
    endpoint: OwnEndpoint,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      return sendError(req, res, 405, 'ERR_HANDLER_NOT_FOUND', 'only GET and HEAD are possible here', {
        Allow: 'GET, HEAD',
      });
    }
    if (endpoint.group !== undefined) {
      if (allowedHosts !== undefined && !namesHost(req.headers.host, allowedHosts))
        return sendError(req, res, 403, 'ERR_ACL_DENY', 'the host of this request is not in allowedHosts');
      const result = guard?.(req.headers.authorization, endpoint.group) ?? 'allow';
      if (result !== 'allow') {
        const headers = { 'WWW-Authenticate': result.challenge };
        return sendError(req, res, 401, 'ERR_UNAUTHENTICATED', 'this path needs credentials', headers);
      }
    }
    try {
      await endpoint.answer(req, res);
    } catch (error) {
      log.error('the gateway failed', { error: (error as Error).message });
      if (res.headersSent) res.destroy();
      else sendError(req, res, 500, 'ERR_UNKNOWN', 'the gateway failed');
    }
  }

  return (req, res) => {
    if (parts.hasAccessLog) logAccess(log, req, res);
    if (parts.isStopping()) res.shouldKeepAlive = false;
    const { path } = splitTarget(req.url ?? '/');
    const endpoint = own.get(path);
    if (endpoint !== undefined && !(path === '/' && prefersHtml(req.headers)))
      return void answerItself(endpoint, req, res);
    const [, first = ''] = path.split('/', 2);
    const handler = handlers.clusters.get(first) ?? handlers.root;
    handler(req, res);
  };
}

function ownEndpoints(parts: GatewayParts): ReadonlyMap<string, OwnEndpoint> {
  const { upstreams, handlers, exposition, readyMaxAgeMs } = parts;
  const endpoints = new Map<string, OwnEndpoint>([
    [
      '/healthz',
      {
        summary: 'Whether this process lives.',
        answer: (req, res) => sendJson(req, res, 200, { status: 'ok' }),
      },
    ],
    [
      '/readyz',
      {
        summary: 'Whether every cluster has a state that is not too old.',
        async answer(req, res) {
          if (parts.isStopping()) return sendJson(req, res, 503, { status: 'stopping' });
          const found = await Promise.all(upstreams.map((upstream) => readinessOf(upstream, readyMaxAgeMs)));
          const isReady = found.every(({ ready }) => ready);
          const clusters = Object.fromEntries(upstreams.map(({ label }, i) => [label, found[i]]));
          sendJson(req, res, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', clusters });
        },
      },
    ],
  ]);
  if (exposition !== undefined) {
    endpoints.set('/prometheus', {
      summary: 'Metrics of the clusters and of this process, for Prometheus.',
      group: 'prometheus',
      answer: async (req, res) => sendText(req, res, 200, await exposition.text(), exposition.contentType),
    });
  }
  if (handlers.clusters.size > 0) {
    endpoints.set('/', {
      summary: 'The clusters and the endpoints of this gateway.',
      group: 'listing',
      answer: (req, res) => sendJson(req, res, 200, listing(handlers, endpoints)),
    });
  }
  return endpoints;
}

function listing({ clusters, root }: Handlers, endpoints: ReadonlyMap<string, OwnEndpoint>) {
  const paths = [
    ...Array.from(endpoints, ([path, { summary }]) => [path, summary]),
    ...root.endpoints.filter(({ path }) => path !== '/').map(({ path, summary }) => [path, summary]),
  ];
  return {
    clusters: Object.fromEntries(Array.from(clusters.keys(), (name) => [name, `/${name}/`])),
    endpoints: Object.fromEntries(paths),
  };
}
