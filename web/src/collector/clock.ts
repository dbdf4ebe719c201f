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

/** Refuses what moves time where it would move real points. */
function refuseInProduction(what: string): void {
  const host = globalThis as { process?: { env?: Record<string, string | undefined> } };
  if (host.process?.env?.['NODE_ENV'] === 'production') throw new Error(`A ${what} is refused in production.`);
}

/** Those who want to hear of jumps. */
function createBell(): { readonly ring: () => void; readonly onMove: Clock['onMove'] } {
  const listeners = new Set<() => void>();
  return {
    ring() {
      for (const moved of listeners) moved();
    },
    onMove(moved) {
      listeners.add(moved);
      return () => listeners.delete(moved);
    },
  };
}

/**
 * A clock for tests.
 *
 * @throws Error where `NODE_ENV` is `production`: whoever can move time can make points.
 */
export function createTestClock(start: number): TestClock {
  refuseInProduction('test clock');
  let now = start;
  const { ring, onMove } = createBell();
  const set = (instant: number) => {
    now = instant;
    ring();
  };
  return { now: () => now, set, advance: (ms) => set(now + ms), onMove };
}

/** A clock that runs, and can be moved forward. */
export interface TravellingClock extends Clock {
  /** How far it is ahead of the host's clock, milliseconds: to be kept by who wants to start there again. */
  ahead(): number;
  /**
   * Moves it forward by so many milliseconds.
   *
   * @throws RangeError for what is negative or no whole number: instants that were decided do not come again.
   */
  advance(ms: number): void;
}

/**
 * A clock for demonstrations.
 *
 * @param ahead How far it is ahead of the host's clock at first, milliseconds. Default 0.
 * @throws Error where `NODE_ENV` is `production`: whoever can move time can make points.
 * @throws RangeError for an `ahead` that `advance` would not take.
 */
export function createTravellingClock(ahead = 0): TravellingClock {
  refuseInProduction('travelling clock');
  let offset = 0;
  const { ring, onMove } = createBell();
  const advance = (ms: number) => {
    if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError('Time is moved forward, by whole milliseconds.');
    offset += ms;
    ring();
  };
  advance(ahead);
  return { now: () => systemClock.now() + offset, ahead: () => offset, advance, onMove };
}
