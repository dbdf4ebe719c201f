// SPDX-License-Identifier: MIT
// Work that is done again and again in the background: one pass at a time, at once when woken, and soon when there is more to do.

/** A background job of a collector. */
export interface Ticker {
  /** Does a pass at once. */
  wake(): void;
  /** Ends the job after the pass that runs. */
  stop(): Promise<void>;
}

/**
 * Starts a job.
 *
 * @param pass Does what is to be done now; true where there is more.
 * @param everyMs Time between passes when nothing wakes it.
 * @param failed Told of a pass that rejected; the next one comes in its time.
 */
export function startTicker(pass: () => Promise<boolean>, everyMs: number, failed: (error: unknown) => void): Ticker {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const run = async (): Promise<void> => {
    do {
      again = false;
      again = (await pass().catch((error: unknown) => (failed(error), false))) || again;
    } while (again && !stopped);
    running = undefined;
    if (!stopped) timer = setTimeout(wake, everyMs);
  };
  const wake = (): void => {
    if (stopped) return;
    clearTimeout(timer);
    again = true;
    running ??= run();
  };
  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
