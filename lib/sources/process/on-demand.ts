/** Something that costs while it runs. */
export interface Collector {
  start(): void;
  /** Called at the end of every window while it runs. */
  turn(): void;
  stop(): void;
}

/** Runs a {@link Collector} for as long as somebody reads what it collects. */
export interface WhileRead {
  /** Somebody reads. */
  touch(): void;
  /** Stops it; nothing starts it again. */
  close(): void;
}

/**
 * @param idleWindows - It stops when nobody has read for so many windows.
 */
export function whileRead(collector: Collector, windowMs: number, idleWindows: number): WhileRead {
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
        else collector.turn();
      }, windowMs);
      // Nobody stays alive to be watched.
      timer.unref();
    },
    close() {
      closed = true;
      stop();
    },
  };
}
