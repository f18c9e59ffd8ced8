/** Collects something at a cost while it runs. */
export interface Collector {
  start(): void;
  /** Called at the end of every window while it runs. */
  rotate(): void;
  stop(): void;
}

/** Runs a {@link Collector} only while it is read. */
export interface OnDemand {
  /** Records a read; starts the collector if it does not run. */
  touch(): void;
  /** Stops the collector for good. */
  close(): void;
}

/**
 * Runs a collector on demand: starts it on the first read and stops it after `idleWindows` windows without one.
 */
export function runWhileRead(collector: Collector, windowMs: number, idleWindows: number): OnDemand {
  let timer: NodeJS.Timeout | undefined;
  let idle = 0;
  let closed = false;

  function stop(): void {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    collector.stop();
  }

  return {
    touch() {
      idle = 0;
      if (timer !== undefined || closed) return;
      collector.start();
      timer = setInterval(() => {
        idle += 1;
        if (idle >= idleWindows) stop();
        else collector.rotate();
      }, windowMs);
      // The collector must not keep the process alive.
      timer.unref();
    },
    close() {
      closed = true;
      stop();
    },
  };
}
