// What a handler does, told to OpenTelemetry and pino: a span a request with a child for every question to a source, and a line a
// request and an error in the log. It needs nothing from the handler, which does not know that anybody listens.
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
 * Makes spans of the events.
 *
 * @param {import('@opentelemetry/api').Tracer} tracer
 */
function traceRequests(tracer) {
  /** @type {WeakMap<object, import('@opentelemetry/api').Span>} */
  const spans = new WeakMap();

  subscribe('pegasus-http:request', (message) => {
    const { req, endpoint } = /** @type {RequestEvent} */ (message);
    // Where the host traces its requests already, the active span becomes the parent of this one. The name has no part of the request
    // target: span names must be few.
    const name = `${req.method} ${endpoint?.path ?? 'no endpoint'}`;
    const attributes = { 'http.request.method': req.method, 'http.route': endpoint?.path };
    spans.set(req, tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }));
  });

  subscribe('pegasus-http:source-call', (message) => {
    const { req, part, method, coalesced, durationMs, error } = /** @type {SourceCallEvent} */ (message);
    const request = spans.get(req);
    if (request === undefined) return;
    // The event comes when the answer does; where the span began follows from how long it took.
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
 * Writes a line for every answer and every error. The request target is a value of its own in the line: what a client wrote there can
 * begin no line of its own.
 *
 * @param {import('pino').Logger} log
 */
function logRequests(log) {
  subscribe('pegasus-http:response', (message) => {
    const { req, endpoint, status, durationMs } = /** @type {ResponseEvent} */ (message);
    const line = { method: req.method, url: req.url, endpoint: endpoint?.path, status, durationMs };
    if (status === undefined) log.info(line, 'client gone');
    else log.info(line, 'answered');
  });
  subscribe('pegasus-http:error', (message) => {
    const { req, endpoint, error } = /** @type {RequestErrorEvent} */ (message);
    // pino's serializer of `err` writes the whole chain of causes.
    log.error({ method: req.method, url: req.url, endpoint: endpoint?.path, code: error.code, err: error });
  });
}

// One line a span on stdout; a service would have an exporter here that sends them to its collector.
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
