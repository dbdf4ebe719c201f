// SPDX-License-Identifier: MIT
/**
 * What the backend believes, read from the journal and folded by the engine: the other side of every line that the page's ledger draws. The
 * shop's books and the pages say the same by ways of their own, or the ledger shows that they do not.
 */
import { load } from 'souk';

/** Follows some streams of one tenant in an engine. */
export class Truth {
  #store;
  #tenant;
  #engine;
  #handles = new Map();

  /** @param {import('souk').Program} program */
  static async open(store, tenant, program) {
    const truth = new Truth();
    truth.#store = store;
    truth.#tenant = tenant;
    truth.#engine = await (await load({ engine: 'wasm', timeoutMs: 60_000 })).createEngine();
    truth.#engine.openProgram(program);
    return truth;
  }

  close() {
    this.#engine.dispose();
  }

  /** Folds what is new in a stream. */
  async #follow(stream) {
    const handle = this.#handles.get(stream) ?? this.#engine.openStream({ stream }).handle;
    this.#handles.set(stream, handle);
    const { seq } = this.#engine.status({ handle });
    const rows = await this.#store.query(
      'select body from souk.facts where tenant = $1 and stream = $2 and seq > $3 order by seq',
      [this.#tenant, stream, seq],
    );
    if (rows.length === 0) return this.#engine.status({ handle });
    return this.#engine.evolve({ handle, facts: rows.map(({ body }) => JSON.parse(body)) });
  }

  /** A pool as the engine sees it. `held` are units of seats in teams that still form. */
  async stock(pool, now) {
    const { handle, at } = await this.#follow(`pool/${pool}`);
    const { onHand, available, sold } = this.#engine.pool({ handle, at: Math.max(at, now) });
    return { total: onHand + sold, available, held: onHand - available, sold };
  }

  /** An account: its points, and the digest that its page must have too. */
  async account(name, now) {
    const { handle, at } = await this.#follow(`account/${name}`);
    const { points, level } = this.#engine.account({ handle, at: Math.max(at, now) });
    return { ...this.#engine.digest({ handle }), level: level.name, ...points.totals };
  }

  /** A team as everybody may see it. */
  async team(id, now) {
    const { handle, at } = await this.#follow(`team/${id}`);
    const { phase, size, seatsLeft, deadline } = this.#engine.team({ handle, at: Math.max(at, now) }).team;
    return { id, phase, size, seatsLeft, deadline };
  }

  /** What the engine decided about each payment for a seat, and the team that started last. */
  async seats() {
    const rows = await this.#store.query(
      `select stream, body from souk.facts where tenant = $1 and stream like 'team/%' order by at, stream, seq`,
      [this.#tenant],
    );
    const phases = new Map();
    let team = null;
    for (const { stream, body } of rows) {
      const fact = JSON.parse(body);
      if (fact.kind === 'team-started') team = stream.slice('team/'.length);
      if (fact.payment !== undefined) phases.set(fact.payment.id, fact.payment.phase);
    }
    return { phases, team };
  }
}

const sum = (payments, valueOf) => payments.reduce((total, payment) => total + valueOf(payment), 0);

/**
 * Every penny has one place. `onTheWay`: charged and not decided yet, or decided to go back and not gone yet; it returns to nothing by itself.
 *
 * @param {readonly import('./books.mjs').Payment[]} payments  what the shop's books say
 * @param {ReadonlyMap<string, 'seated' | 'released' | 'refunded'>} phases  what the engine decided
 */
export function moneyOf(payments, phases) {
  const ordered = ({ id, kind }) => kind === 'alone' || ['seated', 'released'].includes(phases.get(id));
  const charged = sum(payments, ({ amount }) => amount);
  const refunded = sum(payments, (payment) => payment.refunded);
  const orders = sum(payments.filter(ordered), ({ amount }) => amount);
  const pending = payments.filter((payment) => !ordered(payment) && payment.refunded === 0);
  const onTheWay = sum(pending, ({ amount }) => amount);
  const once = payments.every((payment) => payment.refunded === 0 || payment.refunded === payment.amount);
  return { charged, refunded, orders, onTheWay, balanced: once && charged === orders + refunded + onTheWay };
}
