// SPDX-License-Identifier: MIT
/** What a shopper's page asks of the shop's own server. Every request names the shopper, so that the demo can cut that line alone. */
import type { Wallet, Who } from '../together/contract.js';

/** A payment as the page makes it. Its id is made once: sent again, it is the same payment. */
export interface PaymentRequest {
  readonly id: string;
  readonly kind: 'start' | 'join' | 'alone';
  /** The team that is joined. */
  readonly target?: string;
}

/** The shop's server, as one shopper's page reaches it. */
export class ShopClient {
  constructor(private readonly who: Who) {}

  private async ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    const answer = await fetch(`/shop/${path}?who=${this.who}`, init);
    if (!answer.ok) throw new Error(`The shop answered ${answer.status}.`);
    return (await answer.json()) as T;
  }

  /** A member token for the collector. */
  async token(): Promise<string> {
    return (await this.ask<{ readonly token: string }>('token')).token;
  }

  /** The shopper's payments, and the team that is talked about. */
  wallet(): Promise<Wallet> {
    return this.ask('wallet');
  }

  /** Pays. */
  async pay(payment: PaymentRequest): Promise<void> {
    await this.ask('pay', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payment),
    });
  }
}

/** Facts of the own account after a sequence number, for the list of what happened. */
export async function factsAfter<T>(shop: ShopClient, who: Who, after: number): Promise<readonly T[]> {
  const headers = { authorization: `Bearer ${await shop.token()}` };
  const answer = await fetch(`/souk/v1/streams/account/${who}?after=${after}`, { headers });
  if (!answer.ok) throw new Error(`The collector answered ${answer.status}.`);
  return ((await answer.json()) as { readonly facts: readonly T[] }).facts;
}
