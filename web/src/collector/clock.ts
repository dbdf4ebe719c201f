// SPDX-License-Identifier: MIT
// The collector's clock. It is an argument, so that a test or a demonstration can travel; the one that travels is refused in production.

/** Milliseconds since the epoch, and news of jumps. */
export interface Clock {
  now(): number;
  /** Calls back whenever the clock was set; returns what ends that. A real clock is never set. */
  onMove(moved: () => void): () => void;
}

/** The host's clock. */
export const systemClock: Clock = { now: () => Date.now(), onMove: () => () => undefined };

/** A clock that stands until it is moved. */
export interface TestClock extends Clock {
  /** Sets the clock, milliseconds since the epoch. It may go backwards: the instants of a stream do not. */
  set(now: number): void;
  /** Moves the clock by so many milliseconds. */
  advance(ms: number): void;
}

/**
 * A clock for tests and demonstrations.
 *
 * @throws Error where `NODE_ENV` is `production`: whoever can move time can make points.
 */
export function createTestClock(start: number): TestClock {
  const host = globalThis as { process?: { env?: Record<string, string | undefined> } };
  if (host.process?.env?.['NODE_ENV'] === 'production') throw new Error('A test clock is refused in production.');
  let now = start;
  const listeners = new Set<() => void>();
  const set = (instant: number) => {
    now = instant;
    for (const moved of listeners) moved();
  };
  return {
    now: () => now,
    set,
    advance: (ms) => set(now + ms),
    onMove(moved) {
      listeners.add(moved);
      return () => listeners.delete(moved);
    },
  };
}
