import type { PegasusError } from '../model/errors.js';

/** Reports the beginning and the end of an outage once each. */
export interface OutageReport {
  /** Reports an error unless an outage is under way. */
  begin(error: PegasusError): void;
  /** Reports the end of the outage, if one is under way. */
  end(message: string): void;
}

/** Makes an {@link OutageReport} over the callbacks of the options. */
export function createOutageReport(callbacks: {
  report(error: PegasusError): void;
  reportRecovery(message: string): void;
}): OutageReport {
  let current: PegasusError | undefined;
  return {
    begin(error) {
      // An outage of another kind is news: a ZooKeeper that is back may not hold the cluster.
      if (current?.code === error.code) return;
      current = error;
      callbacks.report(error);
    },
    end(message) {
      if (current === undefined) return;
      current = undefined;
      callbacks.reportRecovery(message);
    },
  };
}
