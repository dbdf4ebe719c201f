// SPDX-License-Identifier: MIT
/**
 * The demo shop's own books: what was charged, what went back, and what became of each order. They lie beside the collector's tables in the
 * same store, and know nothing of teams but what the collector's messages say.
 */

const kTables = [
  'create schema if not exists demo_shop',
  'create table if not exists demo_shop.settings (name text primary key, value text not null)',
  `create table if not exists demo_shop.payments (
     round text not null, id text not null, place bigserial, account text not null, order_id text not null, kind text not null,
     target text not null, amount bigint not null, at bigint not null, told boolean not null default false,
     fate text not null default 'charged', reason text not null default '', refunded bigint not null default 0,
     refunded_at bigint, received_at bigint, primary key (round, id))`,
  'create table if not exists demo_shop.hooks (round text not null, id text not null, primary key (round, id))',
];

/** What became of an order; it only goes forward, in whatever order the messages arrive. */
const kFates = ['charged', 'seated', 'released', 'refunded'];

/**
 * @typedef {object} Payment
 * @property {string} id  made by who pays; the same id is one payment
 * @property {string} account
 * @property {string} order_id
 * @property {'start' | 'join' | 'alone'} kind
 * @property {string} target  the team that is joined, or empty
 * @property {number} amount  minor units
 * @property {number} at
 * @property {boolean} told  whether the collector has answered for it
 * @property {'charged' | 'seated' | 'released' | 'refunded'} fate
 * @property {string} reason  of the refund, or empty
 * @property {number} refunded  minor units that went back
 * @property {number | null} refunded_at
 * @property {number | null} received_at
 */

/** The books of one round on a store. */
export class Books {
  #store;
  #round;

  constructor(store, round) {
    this.#store = store;
    this.#round = round;
  }

  /** Makes the tables where they are missing. */
  static async prepare(store) {
    for (const table of kTables) await store.query(table);
  }

  /** @returns {Promise<string | undefined>} */
  static async setting(store, name) {
    const [row] = await store.query('select value from demo_shop.settings where name = $1', [name]);
    return row?.value;
  }

  static async set(store, name, value) {
    await store.query(
      'insert into demo_shop.settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value',
      [name, value],
    );
  }

  /** Charges somebody once; the same id again is the same charge. @returns {Promise<Payment>} */
  async charge({ id, account, kind, target, amount, at }) {
    const fate = kind === 'alone' ? 'released' : 'charged';
    await this.#store.query(
      `insert into demo_shop.payments (round, id, account, order_id, kind, target, amount, at, fate)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (round, id) do nothing`,
      [this.#round, id, account, `order-${id}`, kind, target, amount, at, fate],
    );
    const [row] = await this.#store.query('select * from demo_shop.payments where round = $1 and id = $2', [
      this.#round,
      id,
    ]);
    return row;
  }

  /** The collector has answered for a payment. */
  told(id) {
    return this.#store.query('update demo_shop.payments set told = true where round = $1 and id = $2', [
      this.#round,
      id,
    ]);
  }

  /** Charges that the collector may not know of, because somebody died in between. @returns {Promise<Payment[]>} */
  untold() {
    return this.#store.query('select * from demo_shop.payments where round = $1 and not told order by place', [
      this.#round,
    ]);
  }

  /** All payments, or one account's, the latest first. @returns {Promise<Payment[]>} */
  payments(account = '') {
    return this.#store.query(
      `select * from demo_shop.payments where round = $1 and ($2::text = '' or account = $2::text) order by place desc`,
      [this.#round, account],
    );
  }

  /** Orders that are on their way to the demo's own shoppers. @returns {Promise<Payment[]>} */
  travelling(accounts) {
    return this.#store.query(
      `select * from demo_shop.payments where round = $1 and fate = 'released' and received_at is null
         and account in (select json_array_elements_text($2::text::json)) order by place`,
      [this.#round, JSON.stringify(accounts)],
    );
  }

  received(id, at) {
    return this.#store.query(
      'update demo_shop.payments set received_at = coalesce(received_at, $3) where round = $1 and id = $2',
      [this.#round, id, at],
    );
  }

  /**
   * Does what a message of the collector asks, once for each message.
   *
   * @param {{ id: string, type: string, data: { payment: string, amount?: number, reason?: string } }} message
   */
  async obey({ id, type, data }, at) {
    await this.#store.transaction(async (sql) => {
      const fresh = await sql.query(
        'insert into demo_shop.hooks (round, id) values ($1, $2) on conflict (round, id) do nothing returning id',
        [this.#round, id],
      );
      if (fresh.length === 0) return;
      const fate = { 'hold-fulfilment': 'seated', 'release-fulfilment': 'released', refund: 'refunded' }[type];
      const earlier = JSON.stringify(kFates.slice(0, kFates.indexOf(fate)));
      await sql.query(
        `update demo_shop.payments set fate = $3
         where round = $1 and id = $2 and fate in (select json_array_elements_text($4::text::json))`,
        [this.#round, data.payment, fate, earlier],
      );
      if (fate !== 'refunded') return;
      await sql.query(
        `update demo_shop.payments set refunded = refunded + $3, refunded_at = $4, reason = $5 where round = $1 and id = $2`,
        [this.#round, data.payment, data.amount, at, data.reason],
      );
    });
  }
}
