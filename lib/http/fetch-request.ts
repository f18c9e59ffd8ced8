import type { IncomingHttpHeaders } from 'node:http';

/**
 * The head of a `Request` of the Fetch API, in the shape that Node's requests have. A class, so that `instanceof` tells it from a request
 * that a framework has extended.
 */
export class FetchRequest {
  readonly method: string;
  /** The path and the query, as in a request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The request as the application has it. */
  readonly request: Request;
  /** The address of the client, if the host knows it. */
  readonly clientAddress: string | undefined;
  /** A `Request` does not tell its connection. */
  readonly socket: undefined = undefined;

  constructor(request: Request, clientAddress: string | undefined) {
    const { origin, target } = splitUrl(request.url);
    const headers: IncomingHttpHeaders = {};
    request.headers.forEach((value, name) => {
      headers[name] = value as string & string[];
    });
    // A request that was made in the process has no such header.
    headers.host ??= origin;
    this.method = request.method;
    this.url = target;
    this.headers = headers;
    this.request = request;
    this.clientAddress = clientAddress;
  }
}

/** Splits an absolute URL into its host with port and the rest. The rest is not decoded, and keeps `#`, which names of perf counters have. */
function splitUrl(url: string): { readonly origin: string; readonly target: string } {
  const [whole = '', origin = ''] = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url) ?? [];
  const target = url.slice(whole.length);
  return { origin, target: target.startsWith('/') ? target : `/${target}` };
}
