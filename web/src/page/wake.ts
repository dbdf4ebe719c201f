// SPDX-License-Identifier: MIT
// When a page comes back to life, and how long it waits before it asks again.

/** Calls back whenever the page is shown, gets the focus, is thawed, or the device is online again. */
export function onWake(run: () => void, signal: AbortSignal): void {
  for (const name of ['online', 'pageshow', 'focus']) addEventListener(name, run, { signal });
  document.addEventListener('resume', run, { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && run(), { signal });
}

/** Waits; whatever wakes the page ends it at once, and so does the end of it all. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  const end = new AbortController();
  const stop = () => end.abort();
  return new Promise<void>((resolve) => {
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { signal: end.signal });
    onWake(stop, end.signal);
    const timer = setTimeout(stop, ms);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    if (end.signal.aborted) done();
    else end.signal.addEventListener('abort', done);
  });
}

/** Pauses between attempts: full jitter under a ceiling that doubles up to a minute, or what the collector asks for. */
export class Backoff {
  readonly #first: number;
  #attempt = 0;

  /** @param first The first ceiling, milliseconds. */
  constructor(first: number) {
    this.#first = first;
  }

  /** The next pause, milliseconds. */
  next(asked?: number): number {
    const ceiling = Math.min(60_000, this.#first * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 7);
    return asked ?? Math.random() * ceiling;
  }

  /** An attempt came through. */
  reset(): void {
    this.#attempt = 0;
  }
}
