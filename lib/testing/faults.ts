import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import * as check from '../validate/checks.js';
import type { Fault } from './types.js';

/** The faults of one server. */
export interface Faults {
  /**
   * Adds a fault, or replaces the one of the same path.
   *
   * @throws PegasusError `ERR_INVALID_PARAMETERS`
   */
  set(fault: Fault): void;
  clear(): void;
  /** Wraps the request listener of the server, so that the faults affect its responses. */
  wrap(listener: RequestListener): RequestListener;
}

type ParsedFault = { readonly [Key in keyof Fault]-?: Exclude<Fault[Key], undefined> };

const MAX_DELAY_MS = 2 ** 31 - 1;

/** Creates the faults of one server. At first there is none. */
export function createFaults(): Faults {
  const byPath = new Map<string, { readonly fault: ParsedFault; left: number }>();

  /** Returns the fault that affects a request, and counts the request. */
  function next(url: string): ParsedFault | undefined {
    const path = url.split('?', 1)[0] ?? '/';
    const found = [...byPath.values()]
      .filter(({ fault }) => isBelow(path, fault.path))
      .sort((a, b) => b.fault.path.length - a.fault.path.length)[0];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) byPath.delete(found.fault.path);
    return found.fault;
  }

  return {
    set(fault) {
      const parsed = parseFault(fault);
      byPath.set(parsed.path, { fault: parsed, left: parsed.times });
    },

    clear: () => byPath.clear(),

    wrap: (listener) => (req, res) => {
      const fault = next(req.url ?? '/');
      if (fault === undefined) return listener(req, res);
      const timer = setTimeout(() => respond(fault, listener, req, res), fault.delayMs);
      res.once('close', () => clearTimeout(timer));
    },
  };
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === '/' || path === prefix || path.startsWith(`${prefix}/`);
}

function respond(
  { response }: ParsedFault,
  listener: RequestListener,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  switch (response) {
    case 'normal':
      listener(req, res);
      return;
    case 'none':
      return;
    case 'reset':
      req.socket.resetAndDestroy();
      return;
    case 'truncated':
      res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 });
      res.write('{', () => req.socket.destroy());
      return;
    case 'malformed':
      res.writeHead(200, { 'Content-Type': 'application/json' });
      res.end('{"malformed":');
      return;
    default:
      res.writeHead(response, { 'Content-Type': 'application/json' });
      res.end('{"error":"ERR_UNKNOWN","message":"the test has set a fault"}\n');
  }
}

function parseFault(value: Fault): ParsedFault {
  const given = check.objectWithKeys(value, 'fault', ['path', 'delayMs', 'response', 'times']);
  const { path = '/', delayMs = 0, response = 'normal', times = Number.POSITIVE_INFINITY } = given;
  if (typeof path !== 'string' || !/^\/(?:[^/?#]+(?:\/[^/?#]+)*)?$/.test(path)) {
    check.fail('fault.path', 'a path such as "/meta/apps"', path);
  }
  return {
    path,
    delayMs: check.numberBetween(delayMs, 'fault.delayMs', 0, MAX_DELAY_MS),
    response: parseResponse(response),
    times: times === Number.POSITIVE_INFINITY ? times : check.integer(times, 'fault.times', 1),
  };
}

function parseResponse(value: unknown): ParsedFault['response'] {
  const words = ['normal', 'reset', 'truncated', 'malformed', 'none'] as const;
  if (typeof value === 'number') return check.integer(value, 'fault.response', 400, 599);
  const word = words.find((one) => one === value);
  return word ?? check.fail('fault.response', `an HTTP status or one of ${words.join(', ')}`, value);
}
