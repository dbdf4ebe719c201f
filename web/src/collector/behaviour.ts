// SPDX-License-Identifier: MIT
// Behaviour in Segment's form, each message once. Requests that come together share a transaction.
import { Batcher } from './batcher.js';
import type { Clock } from './clock.js';
import { isObject } from './http/body.js';
import type { Metrics } from './metrics.js';
import { type Store, withRetry } from './store/sql.js';

/** The calls of Segment's specification, by the paths of their endpoints. */
export const behaviourTypes = ['track', 'page', 'identify', 'group', 'alias', 'screen'] as const;

/** Who sends: one of several that were in charge one after the other. */
export interface Sender {
  readonly id: string;
  readonly epoch: number;
}

/** A message that is not kept, and why. */
export interface Rejection {
  readonly messageId: string;
  readonly code: string;
  readonly message: string;
}

/** What one request brings. */
export interface Batch {
  readonly events: readonly { readonly messageId: string; readonly body: string }[];
  readonly sender?: Sender;
}

/** Checks a message's form; its body as text, or why it is not kept. */
export function checkEvent(
  event: unknown,
  maxBytes: number,
): { readonly messageId: string; readonly body: string } | { readonly rejected: Rejection } {
  const messageId = isObject(event) && typeof event['messageId'] === 'string' ? event['messageId'] : '';
  const reject = (code: string, message: string) => ({ rejected: { messageId, code, message } });
  if (!isObject(event)) return reject('wrong-type', 'An event is an object.');
  if (!/^[\x21-\x7e]{1,100}$/.test(messageId)) {
    return reject('missing-message-id', 'messageId is a text of 1 to 100 printable ASCII characters.');
  }
  if (!behaviourTypes.some((type) => type === event['type'])) {
    return reject('unknown-type', `type is one of ${behaviourTypes.join(', ')}.`);
  }
  if (event['type'] === 'track' && typeof event['event'] !== 'string') {
    return reject('missing-event', 'A track call names its event.');
  }
  const body = JSON.stringify(event);
  if (body.length > maxBytes) return reject('event-too-large', `An event has at most ${maxBytes} bytes.`);
  if (body.includes('\\u0000')) return reject('nul-byte', 'A text holds a NUL character.');
  return { messageId, body };
}

/** `fenced`: the sender was replaced by one of a higher epoch. */
export type Stored = { readonly stored: number; readonly duplicate: number } | 'fenced';

/** Keeps behaviour. */
export class Behaviour {
  readonly #on: {
    readonly store: Store;
    readonly tenant: string;
    readonly clock: Clock;
    readonly metrics: Metrics;
  };
  readonly #batcher: Batcher<Batch, Stored>;

  constructor(on: {
    readonly store: Store;
    readonly tenant: string;
    readonly clock: Clock;
    readonly metrics: Metrics;
  }) {
    this.#on = on;
    this.#batcher = new Batcher((batches) => this.#keep(batches), 50);
  }

  /** Keeps a batch; resolves after the commit. */
  keep(batch: Batch): Promise<Stored> {
    return this.#batcher.add(batch);
  }

  /** Resolves when nothing waits. */
  idle(): Promise<void> {
    return this.#batcher.idle();
  }

  async #keep(batches: readonly Batch[]): Promise<readonly Stored[]> {
    const { store, metrics } = this.#on;
    const { fenced, fresh } = await withRetry(
      () => store.transaction(async (sql) => this.#write(sql, batches)),
      () => metrics.count('souk_transaction_retries_total'),
    );
    return batches.map((batch) => {
      if (fenced.has(batch)) return 'fenced';
      const ids = new Set(batch.events.map(({ messageId }) => messageId));
      let stored = 0;
      for (const id of ids) if (fresh.delete(id)) stored += 1;
      const duplicate = batch.events.length - stored;
      metrics.count('souk_behaviour_events_total', { outcome: 'stored' }, stored);
      metrics.count('souk_behaviour_events_total', { outcome: 'duplicate' }, duplicate);
      return { stored, duplicate };
    });
  }

  async #write(sql: Pick<Store, 'query'>, batches: readonly Batch[]) {
    const fenced = await this.#fenced(sql, batches);
    const rows = batches.filter((batch) => !fenced.has(batch)).flatMap(({ events }) => events);
    const byId = new Map(rows.map((row) => [row.messageId, row]));
    const list = Array.from(byId.values(), ({ messageId, body }) => ({ id: messageId, body }));
    const inserted = await sql.query<{ message_id: string }>(
      `insert into souk.behaviour (tenant, message_id, received_at, body)
       select $1, r.id, $3, r.body from json_to_recordset($2::text::json) as r (id text, body text) order by r.id
       on conflict (tenant, message_id) do nothing returning message_id`,
      [this.#on.tenant, JSON.stringify(list), this.#on.clock.now()],
    );
    return { fenced, fresh: new Set(inserted.map(({ message_id: id }) => id)) };
  }

  /** The batches of senders that were replaced. */
  async #fenced(sql: Pick<Store, 'query'>, batches: readonly Batch[]): Promise<Set<Batch>> {
    const epochs = new Map<string, number>();
    for (const { sender } of batches) {
      if (sender !== undefined) epochs.set(sender.id, Math.max(sender.epoch, epochs.get(sender.id) ?? 0));
    }
    if (epochs.size === 0) return new Set();
    const list = Array.from(epochs, ([sender, epoch]) => ({ sender, epoch }));
    const rows = await sql.query<{ sender: string; epoch: number }>(
      `insert into souk.senders as s (tenant, sender, epoch)
       select $1, r.sender, r.epoch from json_to_recordset($2::text::json) as r (sender text, epoch bigint) order by r.sender
       on conflict (tenant, sender) do update set epoch = greatest(s.epoch, excluded.epoch) returning sender, epoch`,
      [this.#on.tenant, JSON.stringify(list)],
    );
    const highest = new Map(rows.map(({ sender, epoch }) => [sender, epoch]));
    return new Set(
      batches.filter(({ sender }) => sender !== undefined && sender.epoch < (highest.get(sender.id) ?? 0)),
    );
  }
}
