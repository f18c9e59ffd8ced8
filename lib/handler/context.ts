import type { Patience } from '../http/deadline.js';
import type { PegasusRequest, PegasusResponse } from '../http/node.js';
import type { PegasusHandler } from '../routing/endpoint.js';
import type { Route } from '../routing/route.js';
import type { Asked } from '../routing/router.js';

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
