// SPDX-License-Identifier: MIT
// How much one key may ask for. A bucket fills by the second; what does not fit is told when to come again.
import { later } from './answer.js';

/** How fast a bucket fills, and how much it holds. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Buckets that are kept at most; the longest unused go first, and a new bucket is full. */
const maxBuckets = 50_000;

/** Limits what each key takes. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /**
   * Takes from a key's bucket.
   *
   * @throws HttpError 429 `too-many-requests` with Retry-After
   */
  take(key: string, amount = 1, now = performance.now()): void {
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(key) ?? { left: burst, at: now };
    const left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: left >= amount ? left - amount : left, at: now });
    if (this.#buckets.size > maxBuckets) this.#forgetOldest();
    if (left < amount) throw later(429, 'too-many-requests', 'Slow down.', (amount - left) / perSecond);
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
