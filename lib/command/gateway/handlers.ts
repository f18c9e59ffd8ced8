import { webConsole } from '../../console/index.js';
import { createPegasusHandler, type HandlerOptions, type PegasusHandler, processInfo } from '../../index.js';
import { PACKAGE_VERSION } from '../../openapi/version.js';
import type { Guard } from './credentials.js';
import type { Log } from './log.js';
import type { Group } from './options.js';
import { GROUPS } from './options.js';
import { codeOf, type Upstream } from './upstream.js';

/** The handlers of a gateway. */
export interface Handlers {
  /** The handler of the root: of the only cluster, or of the list of clusters. */
  readonly root: PegasusHandler;
  /** The handlers of the clusters by their names; empty for a gateway of one cluster without a name. */
  readonly clusters: ReadonlyMap<string, PegasusHandler>;
}

/** What all handlers of a gateway share. */
export interface HandlerSettings {
  readonly guard: Guard | undefined;
  readonly allowedHosts: readonly string[] | undefined;
  readonly hasConsole: boolean;
}

/** Creates the handlers of a gateway. Nothing can be written through them: their sources have no function for it. */
export function createHandlers(
  upstreams: readonly Upstream[],
  { guard, allowedHosts, hasConsole }: HandlerSettings,
  log: Log,
): Handlers {
  const named = upstreams.flatMap(({ options: { name } }) => (name === undefined ? [] : [name]));
  const links = named.map((name) => ({ name, path: `/${name}` }));
  const process = { processInfo: processInfo({ version: `pegasus-http ${PACKAGE_VERSION}` }) };
  const shared = {
    allowedHosts,
    console: hasConsole ? webConsole(links.length > 0 ? { clusters: links } : {}) : undefined,
    authorize: guard && authorizeBy(guard),
  };

  function handlerOf({ source, options, label }: Upstream): PegasusHandler {
    return createPegasusHandler(
      { metaState: source.metaState, ...process },
      {
        ...shared,
        basePath: options.name === undefined ? '/' : `/${options.name}`,
        compatibility: options.compatibility,
        onError: (error, { url }, endpoint) => {
          const cause = error.cause instanceof Error ? error.cause.message : undefined;
          log.error(error.message, {
            cluster: label,
            endpoint: endpoint?.path ?? url,
            error: cause,
            ...codeOf(error),
          });
        },
      },
    );
  }

  const [only] = upstreams;
  if (named.length === 0 && only !== undefined) return { root: handlerOf(only), clusters: new Map() };
  return {
    root: createPegasusHandler(process, shared),
    clusters: new Map(upstreams.map((upstream) => [upstream.options.name ?? '', handlerOf(upstream)])),
  };
}

/** Asks the guard about each endpoint. Writes are denied to all clients. */
function authorizeBy(guard: Guard): NonNullable<HandlerOptions['authorize']> {
  return ({ headers }, { group, access }) => {
    if (access === 'write') return 'deny';
    // A group that cannot be left unguarded is guarded.
    const known = GROUPS.find((one) => one === group) ?? ('meta' satisfies Group);
    return guard(headers.authorization, known);
  };
}
