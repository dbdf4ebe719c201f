// SPDX-License-Identifier: MIT
// Messages to the shop. They are written in the transaction of the facts that cause them, and sent until the shop has answered 2xx: at
// least once, with the same id each time.
import type { Fact } from 'souk';
import { utf8 } from '../server/bytes.js';
import { signWebhook, signatureHeader } from '../server/webhook.js';
import type { Clock } from './clock.js';
import type { Ids } from './ids.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import type { Sql, Store } from './store/sql.js';

/** What the shop is asked to do. */
export interface Webhook {
  readonly type: 'hold-fulfilment' | 'release-fulfilment' | 'refund';
  readonly data: Readonly<Record<string, unknown>>;
}

/** Writes messages beside the facts that cause them. */
export async function writeWebhooks(
  sql: Sql,
  on: { readonly tenant: string; readonly ids: Ids; readonly clock: Clock },
  webhooks: readonly { readonly fact: Fact; readonly webhook: Webhook; readonly number: number }[],
): Promise<void> {
  if (webhooks.length === 0) return;
  const rows = webhooks.map(async ({ fact, webhook, number }) => {
    const id = await on.ids.make('webhook', fact.stream, fact.id, number);
    return { id, body: JSON.stringify({ id, ...webhook }) };
  });
  await sql.query(
    `insert into souk.outbox (tenant, id, body, next_at)
     select $1, r.id, r.body, $3 from json_to_recordset($2::text::json) as r (id text, body text)`,
    [on.tenant, JSON.stringify(await Promise.all(rows)), on.clock.now()],
  );
}

/**
 * What team purchases ask of the shop: hold an order, fulfil it, or refund the whole payment and do not fulfil it. The accounts of a team
 * have copies of its facts; only the team's own count, so that each is asked once.
 */
export function teamWebhooks(fact: Fact): readonly Webhook[] {
  if (!fact.stream.startsWith('team/')) return [];
  if (fact.kind !== 'seat-taken' && fact.kind !== 'fulfilment-released' && fact.kind !== 'payment-refunded') return [];
  const { team, campaign } = fact;
  const { id: payment, account, order, amount, currency } = fact.payment;
  const about = { team, campaign, account, order, payment };
  if (fact.kind === 'seat-taken') return [{ type: 'hold-fulfilment', data: about }];
  if (fact.kind === 'fulfilment-released') return [{ type: 'release-fulfilment', data: about }];
  return [{ type: 'refund', data: { ...about, amount, currency, reason: fact.reason } }];
}

/** Where messages go. */
export interface WebhookTarget {
  readonly url: string;
  /** At least 16 bytes; the shop checks the signature with it. */
  readonly secret: string;
}

/** A message whose sender was killed is sent again after this time. */
const leaseMs = 30_000;
const answerTimeoutMs = 10_000;
const atOnce = 10;

/** Full jitter below 1 s · 2ⁿ, at most an hour. */
function backoffMs(attempts: number): number {
  return Math.ceil(Math.random() * Math.min(3_600_000, 1000 * 2 ** attempts));
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attempts: number;
}

/** What sending needs. */
export interface DelivererOptions {
  readonly store: Store;
  readonly tenant: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Sends what waits in the outbox. */
export class Deliverer {
  readonly #on: DelivererOptions;
  readonly #target: WebhookTarget;

  constructor(on: DelivererOptions, target: WebhookTarget) {
    this.#on = on;
    this.#target = target;
  }

  /** Sends the messages whose time has come; true where there may be more. */
  async pass(): Promise<boolean> {
    const messages = await this.#lease();
    await Promise.all(messages.map((message) => this.#deliver(message)));
    return messages.length === atOnce;
  }

  /** Takes messages out of the others' sight for a while. Another collector passes over rows that this one holds. */
  #lease(): Promise<Message[]> {
    const now = this.#on.clock.now();
    return this.#on.store.query<Message>(
      `update souk.outbox o set next_at = $2::bigint + ${leaseMs}, attempts = attempts + 1
       from (select tenant, id from souk.outbox where tenant = $1 and delivered_at is null and next_at <= $2::bigint
             order by next_at limit ${atOnce} for update skip locked) due
       where o.tenant = due.tenant and o.id = due.id returning o.id, o.body, o.attempts`,
      [this.#on.tenant, now],
    );
  }

  async #deliver({ id, body, attempts }: Message): Promise<void> {
    const { store, tenant, clock, log, metrics } = this.#on;
    const delivered = await this.#send(body);
    metrics.count('souk_webhooks_total', { outcome: delivered ? 'delivered' : 'failed' });
    if (!delivered) log('warn', 'webhook-failed', { attempts });
    await (delivered
      ? store.query('update souk.outbox set delivered_at = $3 where tenant = $1 and id = $2', [tenant, id, clock.now()])
      : store.query('update souk.outbox set next_at = $3 where tenant = $1 and id = $2 and delivered_at is null', [
          tenant,
          id,
          clock.now() + backoffMs(attempts),
        ]));
  }

  async #send(body: string): Promise<boolean> {
    const bytes = utf8(body);
    try {
      const answer = await fetch(this.#target.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [signatureHeader]: await signWebhook(bytes, this.#target.secret, this.#on.clock.now()),
        },
        body: bytes,
        redirect: 'error',
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      return false;
    }
  }
}
