import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { RESPONSE_CHANNEL, type ResponseEvent } from '../../diagnostics/events.js';
import type { PerfCounterSource } from '../../model/source.js';
import type { PegasusFetch, PegasusHandler } from '../../routing/endpoint.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import { readOptions } from '../../validate/options.js';
import { perfCounterRegistry } from '../perf-counters/registry.js';

/** Options of {@link requestCounters}. */
export interface RequestCountersOptions {
  /**
   * The kind of server, with which the names begin.
   *
   * @defaultValue `replica`
   */
  readonly app?: string | undefined;
}

/** The metrics of a handler's requests as perf counters. */
export interface RequestCounters extends PerfCounterSource {
  /**
   * Starts to count the requests of a handler, and adds the counters of its endpoints.
   *
   * @param handler - Returned by {@link createPegasusHandler} or {@link createPegasusFetch}.
   * @throws TypeError when it is not such a handler.
   */
  observe(handler: PegasusHandler | PegasusFetch): void;
  /** Returns the names of all counters. */
  names(): string[];
  /** Stops counting and removes all counters. */
  close(): void;
}

/** The counters of one endpoint. */
interface EndpointCounters {
  count(event: ResponseEvent): void;
}

/** Stands for all endpoints in a name, as in `app.stat.read_qps#_all_`. */
const ALL = '_all_';

/**
 * Creates the metrics of a handler's requests, for each of its endpoints (such as `/meta/app`) and for all together (`_all_`,
 * which includes requests to unknown paths):
 *
 * | name | type | |
 * |---|---|---|
 * | `replica*http*qps@/meta/app` | RATE | requests per second since the last read |
 * | `replica*http*latency(ms)@/meta/app` | PERCENTILE | from the call of the handler to the end of the response, in the last 30 to 60 s |
 * | `replica*http*recent.client.error.count@/meta/app` | VOLATILE_NUMBER | responses of 400 to 499 since the last read |
 * | `replica*http*recent.server.error.count@/meta/app` | VOLATILE_NUMBER | responses of 500 and more since the last read |
 * | `replica*http*recent.abort.count@/meta/app` | VOLATILE_NUMBER | clients that disconnected before the end of their response |
 *
 * It subscribes to {@link ResponseEvent}s from the first `observe` to `close`. Only observed handlers are counted, so several
 * handlers in one process can have metrics of their own.
 *
 * @throws TypeError when an option is wrong.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, requestCounters } from 'pegasus-http';
 *
 * const perfCounters = requestCounters();
 * const handler = createPegasusHandler({ perfCounters });
 * perfCounters.observe(handler);
 * createServer(handler).listen(34801, '127.0.0.1').on('close', () => perfCounters.close());
 * // curl 'http://127.0.0.1:34801/perfCounter?name=replica*http*qps@_all_'
 * ```
 */
export function requestCounters(options: RequestCountersOptions = {}): RequestCounters {
  const app = readOptions('requestCounters', options, ['app'], ({ app = 'replica' }) => {
    const isValid = typeof app === 'string' && app !== '' && !app.includes('*');
    return isValid ? app : check.fail('app', 'a non-empty string without "*"', app);
  });
  const counters = perfCounterRegistry();
  const observed = new WeakSet<PegasusHandler | PegasusFetch>();
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
      `the disconnected clients ${of} in the recent period`,
    );
    return {
      count({ status, durationMs }) {
        rate.inc();
        if (status === undefined) return aborts.inc();
        latency.observe(durationMs);
        if (status >= 500) serverErrors.inc();
        else if (status >= 400) clientErrors.inc();
      },
    };
  }

  function onResponse(message: unknown): void {
    const event = message as ResponseEvent;
    if (!observed.has(event.handler)) return;
    all.count(event);
    if (event.endpoint !== undefined) byEndpoint.get(event.endpoint.path)?.count(event);
  }

  let subscribed = false;
  let closed = false;
  return {
    observe(handler) {
      const endpoints = typeof handler === 'function' ? handler.endpoints : undefined;
      if (endpoints === undefined) {
        throw new TypeError(
          `requestCounters: observe takes a handler that createPegasusHandler or createPegasusFetch returned, not ${describeValue(handler)}`,
        );
      }
      if (closed) return;
      observed.add(handler);
      for (const { path } of endpoints) {
        if (!byEndpoint.has(path)) byEndpoint.set(path, countersFor(path));
      }
      if (!subscribed) subscribe(RESPONSE_CHANNEL, onResponse);
      subscribed = true;
    },
    names: counters.names,
    read: (name) => counters.read(name),
    close() {
      closed = true;
      unsubscribe(RESPONSE_CHANNEL, onResponse);
      for (const name of counters.names()) counters.remove(name);
    },
  };
}
