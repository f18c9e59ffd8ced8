// The published types stop at 0.6 and do not know `preferred`.
declare module 'negotiator' {
  export default class Negotiator {
    constructor(request: { readonly headers: import('node:http').IncomingHttpHeaders });
    /** The best of those available; where the client does not care, the one preferred. `undefined` when none will do. */
    encoding(
      available: readonly string[],
      options: { readonly preferred: readonly string[] },
    ): string | undefined;
    /** The best media type of those available; `undefined` when none will do. */
    mediaType(available: readonly string[]): string | undefined;
  }
}
