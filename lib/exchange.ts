import type { Patience } from './patience.js';
import type { PegasusHandler, PegasusRequest, PegasusResponse } from './request.js';
import type { Route } from './route.js';
import type { Asked } from './targets.js';

/** One request of an endpoint, with all that is known of it. */
export interface Exchange {
  readonly handler: PegasusHandler;
  readonly req: PegasusRequest;
  readonly res: PegasusResponse;
  readonly asked: Asked;
  readonly route: Route;
  /** For the sources, over all that is asked of them. */
  readonly patience: Patience;
}
