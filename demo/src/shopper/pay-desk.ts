// SPDX-License-Identifier: MIT
/**
 * Pays until there is an answer. A payment is written down before it is sent, and sent again with the same id until somebody has answered, over
 * reloads too: the shop charges an id once.
 */
import type { PaymentRequest, ShopClient } from './shop-client.js';

const kFirstPauseMs = 500;
const kLongestPauseMs = 4000;

/** The payments of one shopper that nobody has answered yet. */
export class PayDesk {
  private unanswered: PaymentRequest[];
  private pauseMs = kFirstPauseMs;
  private timer = 0;
  private sending = false;
  /** Requests without an answer since the last one that had one. */
  attempts = 0;

  /**
   * @param place  name in the local storage
   * @param changed  called when a payment was made, was answered, or was not
   */
  constructor(
    private readonly shop: ShopClient,
    private readonly place: string,
    private readonly changed: () => void,
  ) {
    this.unanswered = JSON.parse(localStorage.getItem(place) ?? '[]') as PaymentRequest[];
    addEventListener('online', () => void this.send());
    if (this.unanswered.length > 0) void this.send();
  }

  get waiting(): readonly PaymentRequest[] {
    return this.unanswered;
  }

  pay(payment: Omit<PaymentRequest, 'id'>): void {
    this.keep([...this.unanswered, { id: `pay-${crypto.randomUUID()}`, ...payment }]);
    void this.send();
  }

  private keep(unanswered: PaymentRequest[]): void {
    this.unanswered = unanswered;
    localStorage.setItem(this.place, JSON.stringify(unanswered));
    this.changed();
  }

  private async send(): Promise<void> {
    clearTimeout(this.timer);
    const [first] = this.unanswered;
    if (first === undefined || this.sending) return;
    this.sending = true;
    try {
      await this.shop.pay(first);
      this.attempts = 0;
      this.pauseMs = kFirstPauseMs;
      this.keep(this.unanswered.slice(1));
    } catch {
      this.attempts += 1;
      this.timer = window.setTimeout(() => void this.send(), this.pauseMs);
      this.pauseMs = Math.min(2 * this.pauseMs, kLongestPauseMs);
      this.changed();
      return;
    } finally {
      this.sending = false;
    }
    await this.send();
  }
}
