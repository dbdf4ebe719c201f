// SPDX-License-Identifier: MIT
// Clocks that can be moved: forward, with news of it, and not in production.
import { createTestClock, createTravellingClock } from 'souk/collector';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe('a clock that travels', () => {
  it('runs with the host’s clock, ahead of it by what it was moved', () => {
    vi.useFakeTimers({ now: 1000 });
    const clock = createTravellingClock(500);
    expect(clock.now()).toBe(1500);
    vi.setSystemTime(3000);
    clock.advance(250);
    expect([clock.now(), clock.ahead()]).toEqual([3750, 750]);
  });

  it('tells of each jump until it is told not to', () => {
    const clock = createTravellingClock();
    const moved = vi.fn();
    const end = clock.onMove(moved);
    clock.advance(1);
    end();
    clock.advance(1);
    expect(moved).toHaveBeenCalledTimes(1);
  });

  it.each([-1, 0.5, NaN, Infinity])('refuses to be moved by %s milliseconds', (ms) => {
    expect(() => createTravellingClock().advance(ms)).toThrow(RangeError);
    expect(() => createTravellingClock(ms)).toThrow(RangeError);
  });
});

it('no clock that can be moved is made in production', () => {
  vi.stubEnv('NODE_ENV', 'production');
  expect(() => createTravellingClock()).toThrow('production');
  expect(() => createTestClock(0)).toThrow('production');
});
