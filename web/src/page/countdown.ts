// SPDX-License-Identifier: MIT
// The time that is left until an instant, by the collector's clock, and a timer that follows it without drift.

/** Whole units of the time that is left. */
export interface Countdown {
  readonly days: number;
  /** 0 to 23. */
  readonly hours: number;
  /** 0 to 59. */
  readonly minutes: number;
  /** 0 to 59. */
  readonly seconds: number;
}

/**
 * The time that is left. Seconds are rounded up: all are 0 at the deadline, and not before it.
 *
 * @param deadline Milliseconds since 1970.
 * @param now The collector's clock, milliseconds since 1970.
 */
export function countdown(deadline: number, now: number): Countdown {
  const left = Math.max(0, Math.ceil((deadline - now) / 1000));
  return {
    days: Math.floor(left / 86_400),
    hours: Math.floor(left / 3600) % 24,
    minutes: Math.floor(left / 60) % 60,
    seconds: left % 60,
  };
}

/**
 * Calls back at once, and then whenever the second of the countdown changes; the last time at the deadline. While the page is hidden there is no
 * timer; it is called back when the page is shown again.
 *
 * @param deadline Milliseconds since 1970.
 * @param now The collector's clock, such as `() => team.now()`. It is asked each time, so that no error adds up.
 * @param tick Takes the time that is left.
 * @returns How to end it.
 */
export function countDown(deadline: number, now: () => number, tick: (left: Countdown) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown = NaN;
  let ended = false;
  const run = (): void => {
    clearTimeout(timer);
    if (document.visibilityState !== 'visible') return;
    const left = Math.max(0, deadline - now());
    const seconds = Math.ceil(left / 1000);
    // A timer may be early by a millisecond: then nothing has changed yet.
    if (seconds !== shown) {
      shown = seconds;
      tick(countdown(deadline, deadline - left));
    }
    if (left > 0 && !ended) timer = setTimeout(run, left % 1000 || 1000);
  };
  document.addEventListener('visibilitychange', run);
  run();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', run);
  };
}
