// SPDX-License-Identifier: MIT
// Tabs × network × crashes × clock on the reporter's reducer. SOUK_REPORTER_SEEDS and SOUK_REPORTER_SEED choose how many and from which.
import { describe, expect, it } from 'vitest';
import type { Bug } from './disk.js';
import { play } from './story.js';

const seeds = Number(process.env.SOUK_REPORTER_SEEDS ?? 5000);
const first = Number(process.env.SOUK_REPORTER_SEED ?? 1);

/** The first seed of some that finds something wrong. */
function firstFailure(count: number, bugs: readonly Bug[] = []): readonly string[] {
  for (let seed = first; seed < first + count; seed += 1) {
    const wrong = play(seed, bugs);
    if (wrong.length > 0) return wrong;
  }
  return [];
}

describe('the reporter, simulated', () => {
  it(`loses nothing stored, doubles nothing, keeps one sender and counts every drop, over ${seeds} seeds`, () => {
    expect(firstFailure(seeds)).toEqual([]);
  }, 3_600_000);
});

const bugs: Readonly<Record<Bug, RegExp>> = {
  'deletes-before-answer': /stored and is lost/,
  'new-id-on-retry': /took effect|stored and is lost/,
  'same-epoch': /epoch \d+ of/,
  'says-stored-on-failure': /stored and is lost/,
  'forgets-drops': /drops|refusals counted/,
  'posts-twice': /was in \d+ requests/,
  'deletes-what-was-not-listed': /stored and is lost|refusals counted/,
  'denial-keeps-the-disk': /left in the outbox/,
  'never-steals': /left in the outbox|stored and is lost/,
  'resends-what-was-answered': /was in \d+ requests|left in the outbox/,
};

describe('the simulation itself', () => {
  it.each(Object.entries(bugs))('finds a reporter that %s', (bug, symptom) => {
    expect(firstFailure(2000, [bug as Bug]).join('\n')).toMatch(symptom);
  });

  it('is the same for the same seed', () => {
    expect(play(42, ['posts-twice'])).toEqual(play(42, ['posts-twice']));
  });
});
