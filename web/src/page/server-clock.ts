// SPDX-License-Identifier: MIT
// The collector's clock, as far as a page can know it: for countdowns, never for decisions.

/** Learns from answers; the one with the shortest way tells best. */
export class ServerClock {
  /** Collector's time minus the page's steady clock, milliseconds. Until an answer came: the page's own clock. */
  #offset = Date.now() - performance.now();
  #uncertainty = Infinity;

  /**
   * An answer came.
   * @param now The collector's clock in it.
   * @param asked The page's steady clock (`performance.now()`) when it was asked for.
   */
  learn(now: number, asked: number): void {
    const heard = performance.now();
    const uncertainty = (heard - asked) / 2;
    const offset = now - (asked + heard) / 2;
    // An old sample grows doubtful: clocks drift by some 50 ms an hour.
    this.#uncertainty += 0.5;
    // Two samples that cannot both be true: the collector's clock was set, or the page's steady clock stood still while the device slept.
    const contradicts = Math.abs(offset - this.#offset) > uncertainty + this.#uncertainty + 1;
    if (uncertainty > this.#uncertainty && !contradicts) return;
    this.#uncertainty = uncertainty;
    this.#offset = offset;
  }

  /** The collector has come to that instant: it is at least so late. */
  reached(instant: number): void {
    this.#offset = Math.max(this.#offset, instant - performance.now());
  }

  /** Milliseconds since 1970 by the collector's clock. Steps of the device's clock do not matter. */
  now(): number {
    return Math.round(performance.now() + this.#offset);
  }
}
