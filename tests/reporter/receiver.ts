// SPDX-License-Identifier: MIT
// A receiver that dedupes by id and fences by epoch, behind a network that loses requests and answers.
import type { Answer, Entry, Lease } from '../../web/src/reporter/state.js';
import type { Chance } from './chance.js';

/** How the receiver and the way to it behave at the moment. */
export interface Weather {
  /** Chances of each fault. */
  loseRequest: number;
  loseAnswer: number;
  busy: number;
  tooMany: number;
  partial: number;
  /** Answers by status alone, as Segment does. */
  byStatus: boolean;
  /** Bytes that a batch may have. */
  most: number;
}

/** Nothing goes wrong. */
export const fairWeather: Weather = {
  loseRequest: 0,
  loseAnswer: 0,
  busy: 0,
  tooMany: 0,
  partial: 0,
  byStatus: false,
  most: Infinity,
};

const nobody: Answer = { status: 0 };

/** The other end. */
export class Receiver {
  weather: Weather = { ...fairWeather };
  /** How often each event took effect, by its text: an id that changed on the way would show here. */
  readonly applied = new Map<string, number>();
  readonly #seen = new Set<string>();
  /** How often each id came in a request of any kind. */
  readonly requests = new Map<string, number>();
  /** Which page each accepted epoch came from. */
  readonly epochs = new Map<number, string>();
  /** What must never happen, as it happened. */
  readonly violations: string[] = [];
  #highest = 0;

  /** Events that the receiver refuses with 400, and those that it rejects by name. */
  constructor(
    readonly refuses: (id: string) => boolean,
    readonly rejects: (id: string) => boolean,
    readonly chance: Chance,
  ) {}

  /** One request from a page; what it is answered, or status 0. */
  take(page: string, entries: readonly Entry[], lease: Lease | undefined): Answer {
    const { weather, chance } = this;
    for (const { id } of entries) this.requests.set(id, (this.requests.get(id) ?? 0) + 1);
    if (chance.odds(weather.loseRequest)) return nobody;
    if (chance.odds(weather.busy)) return { status: 503 };
    if (chance.odds(weather.tooMany)) return { status: 429, retryAfter: chance.whole(0, 20) * 1000 };
    const answer = this.#decide(page, entries, lease);
    return chance.odds(weather.loseAnswer) ? nobody : answer;
  }

  /** A beacon: taken in like any request, answered to nobody. */
  overhear(page: string, entries: readonly Entry[]): void {
    this.take(page, entries, undefined);
  }

  #decide(page: string, entries: readonly Entry[], lease: Lease | undefined): Answer {
    if (lease && lease.epoch < this.#highest) return { status: 409, fenced: true };
    if (entries.reduce((sum, { size }) => sum + size, 0) > this.weather.most) return { status: 413 };
    if (entries.some(({ id }) => this.refuses(id))) return { status: 400 };
    if (lease) this.#admit(page, lease);
    const taken = this.weather.partial > 0 ? entries.filter(() => !this.chance.odds(this.weather.partial)) : entries;
    const [bad, good] = [taken.filter(({ id }) => this.rejects(id)), taken.filter(({ id }) => !this.rejects(id))];
    for (const entry of good) this.#apply(entry);
    if (this.weather.byStatus && taken.length === entries.length && bad.length === 0) return { status: 200 };
    return { status: 200, accepted: good.map(({ id }) => id), rejected: bad.map(({ id }) => id) };
  }

  #admit(page: string, { epoch }: Lease): void {
    const before = this.epochs.get(epoch);
    if (before !== undefined && before !== page) this.violations.push(`epoch ${epoch} of ${before} and of ${page}`);
    this.epochs.set(epoch, page);
    this.#highest = epoch;
  }

  #apply({ id, text }: Entry): void {
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    this.applied.set(text, (this.applied.get(text) ?? 0) + 1);
  }
}
