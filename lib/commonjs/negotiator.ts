import type { IncomingHttpHeaders } from 'node:http';
import { ownRequire } from './own-require.js';

/** What the package exports. Its published types stop at 0.6 and do not know `preferred`. */
interface Negotiator {
  new (request: {
    readonly headers: IncomingHttpHeaders;
  }): {
    /** The best of those available; where the client does not care, the one preferred. `undefined` when none will do. */
    encoding(
      available: readonly string[],
      options: { readonly preferred: readonly string[] },
    ): string | undefined;
    /** The best media type of those available; `undefined` when none will do. */
    mediaType(available: readonly string[]): string | undefined;
  };
}

/** Chooses by the `accept` headers of a request. Node takes this module for `#negotiator`; see `imports` of package.json. */
export default ownRequire('negotiator') as Negotiator;
