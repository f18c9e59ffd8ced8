import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { RESPONSE_CHANNEL, type ResponseEvent } from '../../diagnostics/events.js';
import type { PerfCounterSource } from '../../model/source.js';
import type { PegasusHandler } from '../../routing/endpoint.js';
import { describeValue } from '../../validate/describe-value.js';
import { checkOptionKeys } from '../../validate/unknown-key.js';
import { perfCounterRegistry } from '../perf-counters/registry.js';

/** Options of {@link requestCounters}. */
export interface RequestCountersOptions {
  /**
   * What the names begin with: what kind of server it is.
   *
   * @defaultValue `replica`
   */
  readonly app?: string | undefined;
}

/** The figures of the requests that a handler answers. */
export interface RequestCounters extends PerfCounterSource {
  /** Counts the requests of this handler, too. The counters of its endpoints are there from then on. */
  observe(handler: PegasusHandler): void;
  /** The names of all. */
  names(): string[];
  /** Stops counting. From then on there is no counter any more. */
  close(): void;
}

/** What is counted of one endpoint. */
interface EndpointCounters {
  add(event: ResponseEvent): void;
}

/** What stands for all endpoints in a name, as in `app.stat.read_qps#_all_`. */
const ALL = '_all_';

/**
 * The figures of a handler's own requests, for each of its endpoints (`/meta/app`) and for all together (`_all_`, which has
 * also what was no endpoint at all):
 *
 * | name | type | |
 * |---|---|---|
 * | `replica*http*qps@/meta/app` | RATE | requests per second since the last read |
 * | `replica*http*latency(ms)@/meta/app` | PERCENTILE | from the handler's being called to the end of the response, of the last 30 to 60 s |
 * | `replica*http*recent.client.error.count@/meta/app` | VOLATILE_NUMBER | responses of 400 to 499 since the last read |
 * | `replica*http*recent.server.error.count@/meta/app` | VOLATILE_NUMBER | responses of 500 and more since the last read |
 * | `replica*http*recent.abort.count@/meta/app` | VOLATILE_NUMBER | clients that left before they had their response |
 *
 * It listens to {@link ResponseEvent}s from `watch` to `close`, and tells handlers apart: with several in one process each can
 * have figures of its own.
 *
 * @throws TypeError when an option is not what it must be.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, requestCounters } from 'pegasus-http';
 *
 * const perfCounters = requestCounters();
 * const handler = createPegasusHandler({ perfCounters });
 * perfCounters.observe(handler);
 * createServer(handler).listen(34801).on('close', () => perfCounters.close());
 * // curl 'http://127.0.0.1:34801/perfCounter?name=replica*http*qps@_all_'
 * ```
 */
export function requestCounters(options: RequestCountersOptions = {}): RequestCounters {
  checkOptionKeys(options, ['app'], 'requestCounters');
  const { app = 'replica' } = options;
  if (typeof app !== 'string' || app === '' || app.includes('*')) {
    throw new TypeError(
      `requestCounters: app must be a non-empty string without "*", not ${describeValue(app)}`,
    );
  }
  const counters = perfCounterRegistry();
  const watched = new WeakSet<PegasusHandler>();
  const byEndpoint = new Map<string, EndpointCounters>();
  const all = countersFor(ALL);

  function countersFor(endpoint: string): EndpointCounters {
    const name = (what: string) => `${app}*http*${what}@${endpoint}`;
    const of = endpoint === ALL ? 'of all requests' : `of requests for ${endpoint}`;
    const rate = counters.rate(name('qps'), `the qps ${of}`);
    const latency = counters.percentile(name('latency(ms)'), `the latency ${of} in milliseconds`, {
      resolution: 0.001,
    });
    const clientErrors = counters.volatileNumber(
      name('recent.client.error.count'),
      `the client errors ${of} in the recent period`,
    );
    const serverErrors = counters.volatileNumber(
      name('recent.server.error.count'),
      `the server errors ${of} in the recent period`,
    );
    const aborts = counters.volatileNumber(
      name('recent.abort.count'),
      `the clients gone ${of} in the recent period`,
    );
    return {
      add({ status, durationMs }) {
        rate.inc();
        if (status === undefined) return aborts.add();
        latency.observe(durationMs);
        if (status >= 500) serverErrors.add();
        else if (status >= 400) clientErrors.add();
      },
    };
  }

  function onAnswer(message: unknown): void {
    const event = message as ResponseEvent;
    if (!watched.has(event.handler)) return;
    all.add(event);
    if (event.endpoint !== undefined) byEndpoint.get(event.endpoint.path)?.add(event);
  }

  let listening = false;
  let closed = false;
  return {
    observe(handler) {
      const endpoints = typeof handler === 'function' ? handler.endpoints : undefined;
      if (endpoints === undefined) {
        throw new TypeError('requestCounters: watch takes what createPegasusHandler has made');
      }
      if (closed) return;
      watched.add(handler);
      for (const { path } of endpoints) {
        if (!byEndpoint.has(path)) byEndpoint.set(path, countersFor(path));
      }
      if (!listening) subscribe(RESPONSE_CHANNEL, onAnswer);
      listening = true;
    },
    names: counters.names,
    read: (name) => counters.read(name),
    close() {
      closed = true;
      unsubscribe(RESPONSE_CHANNEL, onAnswer);
      for (const name of counters.names()) counters.remove(name);
    },
  };
}
