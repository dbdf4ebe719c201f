// SPDX-License-Identifier: MIT
/**
 * The demo shop's server: it charges, tells its collector by signed events what was paid and received, and does what the collector's signed
 * messages ask. It decides nothing about teams, points or rewards.
 */
import { signWebhook, signatureHeader, verifyWebhook } from 'souk/server';

/** The two shoppers that the page shows. */
export const kShoppers = { ana: 'Ana', ben: 'Ben' };

/** Units that the shop has put aside for teams at the start of a round. */
export const kStock = 40;

const kStrangers = ['Cleo', 'Dara', 'Emil', 'Fay', 'Gus', 'Hana', 'Ivo', 'June', 'Kofi', 'Lena', 'Milo', 'Nora'];

/** A name for a payer, of which the collector keeps the first letter. */
function nameOf(account) {
  const number = [...account].reduce((sum, character) => sum + character.charCodeAt(0), 0);
  return kShoppers[account] ?? kStrangers[number % kStrangers.length];
}

/** One shop for one round. */
export class Shop {
  #collector;
  #clock;
  #books;
  #secret;
  #campaign;

  /**
   * @param {object} options
   * @param {import('souk/collector').Collector} options.collector  under the base `/souk`
   * @param {import('souk/collector').Clock} options.clock
   * @param {import('./books.mjs').Books} options.books
   * @param {string} options.secret  of the commerce port and of the messages back
   * @param {import('souk').TeamCampaign} options.campaign  what is sold
   */
  constructor({ collector, clock, books, secret, campaign }) {
    this.#collector = collector;
    this.#clock = clock;
    this.#books = books;
    this.#secret = secret;
    this.#campaign = campaign;
  }

  /** Counts the stock, and tells the collector what it may not have heard before this process started. */
  async open() {
    await this.#tell({
      id: 'stock-1',
      type: 'stock-changed',
      data: { pool: this.#campaign.pool, onHand: kStock },
    });
    for (const payment of await this.#books.untold()) await this.#tellPaid(payment);
  }

  /** Sends a signed event to the commerce port. The same id again is the same event. */
  async #tell(event) {
    const body = new TextEncoder().encode(JSON.stringify(event));
    const signature = await signWebhook(body, this.#secret, this.#clock.now());
    const headers = { 'content-type': 'application/json', [signatureHeader]: signature };
    const request = new Request('http://collector/souk/v1/commerce', { method: 'POST', headers, body });
    const answer = await this.#collector.handle(request);
    if (!answer.ok) throw new Error(`The collector refused ${event.type}: ${await answer.text()}`);
    return answer.json();
  }

  /**
   * Somebody pays. The charge is in the books before the collector hears of it, so that a shop that dies in between knows what to tell.
   *
   * @param {{ id: string, account: string, kind: 'start' | 'join' | 'alone', target?: string }} payment  the id is the payer's: sent again, it is
   *   the same payment
   */
  async pay({ id, account, kind, target = '' }) {
    const amount = kind === 'alone' ? this.#campaign.singlePrice : this.#campaign.teamPrice;
    return this.#tellPaid(await this.#books.charge({ id, account, kind, target, amount, at: this.#clock.now() }));
  }

  async #tellPaid({ id, account, order_id: order, kind, target, amount }) {
    const data = { account, order };
    if (kind !== 'alone') {
      const team = kind === 'start' ? { campaign: this.#campaign.id } : { id: target };
      Object.assign(data, { payment: id, amount, currency: 'GBP', name: nameOf(account), team });
    }
    const answer = await this.#tell({ id: `paid-${id}`, type: 'order-paid', data });
    await this.#books.told(id);
    return { team: answer.team ?? null };
  }

  /** Strangers pay for a seat, all at once; tells the teams that were started. */
  async crowd({ id, count, team }) {
    const kind = team === null ? 'start' : 'join';
    const payers = Array.from({ length: count }, (_, n) => `${id}-${n}`);
    const answers = await Promise.all(
      payers.map((one) => this.pay({ id: one, account: `guest-${one}`, kind, target: team ?? '' })),
    );
    return answers.flatMap((answer) => answer.team ?? []);
  }

  /** All parcels on their way to the two shoppers arrive: the orders are received, and earn their points. */
  async deliver() {
    const { item } = this.#campaign;
    const parcels = await this.#books.travelling(Object.keys(kShoppers));
    for (const { id, account, order_id: order, amount } of parcels) {
      const lines = [{ item, quantity: 1, paid: amount }];
      await this.#tell({
        id: `received-${id}`,
        type: 'order-received',
        data: { account, order, currency: 'GBP', lines },
      });
      await this.#books.received(id, this.#clock.now());
    }
    return parcels.length;
  }

  /** A message of the collector. @throws ServerError where it is not signed by it */
  async hear(body, signature) {
    const now = this.#clock.now();
    await verifyWebhook(body, signature, { secrets: [this.#secret], now });
    await this.#books.obey(JSON.parse(new TextDecoder().decode(body)), now);
  }
}
