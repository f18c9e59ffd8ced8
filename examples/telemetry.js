// Exports telemetry to OpenTelemetry and pino: one span per request with a child per source call, one log line per request and per
// error. It subscribes to node:diagnostics_channel and needs no option of the handler.
import { subscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createPegasusHandler } from 'pegasus-http';
import pino from 'pino';
import { cluster } from './cluster.js';
import { port } from './port.js';

/**
 * @typedef {import('pegasus-http').RequestEvent} RequestEvent
 * @typedef {import('pegasus-http').SourceCallEvent} SourceCallEvent
 * @typedef {import('pegasus-http').ResponseEvent} ResponseEvent
 * @typedef {import('pegasus-http').RequestErrorEvent} RequestErrorEvent
 */

/**
 * Creates spans from the events.
 *
 * @param {import('@opentelemetry/api').Tracer} tracer
 */
function traceRequests(tracer) {
  /** @type {WeakMap<object, import('@opentelemetry/api').Span>} */
  const spans = new WeakMap();

  subscribe('pegasus-http:request', (message) => {
    const { req, endpoint } = /** @type {RequestEvent} */ (message);
    // If the application traces its requests already, its active span becomes the parent. The name contains no part of the URL,
    // because span names must be few.
    const name = `${req.method} ${endpoint?.path ?? 'no endpoint'}`;
    const attributes = { 'http.request.method': req.method, 'http.route': endpoint?.path };
    spans.set(req, tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }));
  });

  subscribe('pegasus-http:source-call', (message) => {
    const { req, part, method, coalesced, durationMs, error } = /** @type {SourceCallEvent} */ (message);
    const request = spans.get(req);
    if (request === undefined) return;
    // The event is published when the result arrives. The start of the span follows from the duration.
    const span = tracer.startSpan(
      `${part}.${method}`,
      { startTime: Date.now() - durationMs, attributes: { 'pegasus.coalesced': coalesced } },
      trace.setSpan(context.active(), request),
    );
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    span.end();
  });

  subscribe('pegasus-http:error', (message) => {
    const { req, error } = /** @type {RequestErrorEvent} */ (message);
    spans.get(req)?.recordException(error);
  });

  subscribe('pegasus-http:response', (message) => {
    const { req, status } = /** @type {ResponseEvent} */ (message);
    const span = spans.get(req);
    if (status !== undefined) span?.setAttribute('http.response.status_code', status);
    if (status === undefined || status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  });
}

/**
 * Writes one line per response and per error. The URL is a separate JSON value, so that a client cannot inject a line by its URL.
 *
 * @param {import('pino').Logger} log
 */
function logRequests(log) {
  subscribe('pegasus-http:response', (message) => {
    const { req, endpoint, status, durationMs } = /** @type {ResponseEvent} */ (message);
    const line = { method: req.method, url: req.url, endpoint: endpoint?.path, status, durationMs };
    if (status === undefined) log.info(line, 'client disconnected');
    else log.info(line, 'responded');
  });
  subscribe('pegasus-http:error', (message) => {
    const { req, endpoint, error } = /** @type {RequestErrorEvent} */ (message);
    // pino's serializer of `err` writes the whole chain of causes.
    log.error({ method: req.method, url: req.url, endpoint: endpoint?.path, code: error.code, err: error });
  });
}

// Prints one line per span. A service would use an exporter that sends spans to its collector.
/** @type {import('@opentelemetry/sdk-trace-base').SpanExporter} */
const exporter = {
  export(spans, done) {
    for (const span of spans) {
      const { name, attributes, status, parentSpanContext } = span;
      const { traceId, spanId } = span.spanContext();
      const parentId = parentSpanContext?.spanId;
      console.log(JSON.stringify({ span: name, traceId, spanId, parentId, attributes, status }));
    }
    done({ code: 0 });
  },
  shutdown: async () => {},
};

const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
traceRequests(provider.getTracer('pegasus-http'));
logRequests(pino());

const handler = createPegasusHandler({
  ...cluster,
  perfCounters: {
    async read(name, call) {
      await sleep(20, undefined, call);
      if (name === 'broken') throw new Error('no route to 10.0.0.9');
      return cluster.perfCounters.read(name, call);
    },
  },
});

const server = createServer(handler);
server.listen(port, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open http://127.0.0.1:${actual}/`);
});
