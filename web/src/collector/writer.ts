// SPDX-License-Identifier: MIT
// The way of a command: it waits for its group, the group is decided in one transaction, and when that is committed it is answered.
import type { Clock } from './clock.js';
import { Batcher } from './batcher.js';
import { type Deciding, type Decision, type Request, Transaction } from './decide.js';
import type { Feed } from './feed.js';
import { type Log, errorText } from './log.js';
import type { Metrics } from './metrics.js';
import { UnlockedStreams } from './naming.js';
import { type Store, withRetry } from './store/sql.js';
import type { UndatedCommand } from './streams.js';
import { normalText, sha256 } from './text.js';

/** Commands of one transaction at most: long enough to share a commit, short enough that others' locks are not held for long. */
const groupLimit = 200;

/** How often a group is tried with more streams locked. Each try knows at least one more; a group that needs more tries is taken apart. */
const maxNamings = 8;

/** What the writer needs; `deciding` is asked anew for each transaction, because a lost engine is replaced. */
export interface WriterOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly feed: Feed;
  readonly log: Log;
  readonly metrics: Metrics;
  deciding(): Promise<Deciding>;
}

/** Decides commands. */
export class Writer {
  readonly #on: WriterOptions;
  readonly #batcher: Batcher<Request, Decision>;

  constructor(on: WriterOptions) {
    this.#on = on;
    this.#batcher = new Batcher((requests) => this.#run(requests), groupLimit);
  }

  /** Commands that wait for their transaction. */
  get waiting(): number {
    return this.#batcher.waiting;
  }

  /**
   * Decides a command and answers after the commit.
   *
   * @param given What the sender gave of it, where the collector has added to it: the same id with the same `given` gets the same verdict.
   * @throws whatever the database threw; whether the command was decided is then not known, and the same command may be sent again.
   */
  async decide(command: UndatedCommand, given: object = command): Promise<Decision> {
    const bodyHash = await sha256(normalText(given));
    return this.#batcher.add({ command, bodyHash });
  }

  /** Resolves when no command waits. */
  idle(): Promise<void> {
    return this.#batcher.idle();
  }

  async #run(requests: readonly Request[]): Promise<readonly Decision[]> {
    const { store, metrics, feed } = this.#on;
    const decisions = await withRetry(
      () => this.#withStreams(store, requests),
      () => metrics.count('souk_transaction_retries_total'),
    );
    feed.notify(decisions.flatMap((one) => ('verdict' in one ? one.facts.map(({ stream }) => stream) : [])));
    this.#count(decisions);
    return decisions;
  }

  /** Locks more in each try, until all that the commands touch is locked. */
  async #withStreams(store: Store, requests: readonly Request[]): Promise<Decision[]> {
    const more = new Set<string>();
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#once(store, requests, more);
      } catch (error) {
        if (!(error instanceof UnlockedStreams) || tries === maxNamings) throw error;
        this.#on.metrics.count('souk_lock_retries_total');
        for (const stream of error.streams) more.add(stream);
      }
    }
  }

  async #once(store: Store, requests: readonly Request[], more: Iterable<string>): Promise<Decision[]> {
    const deciding = await this.#on.deciding();
    let transaction: Transaction | undefined;
    try {
      const decisions = await store.transaction((sql) => {
        transaction = new Transaction(sql, deciding);
        return transaction.decide(requests, more);
      });
      deciding.cache.trim();
      return decisions;
    } catch (error) {
      if (!(error instanceof UnlockedStreams)) {
        this.#on.log('warn', 'transaction-failed', { error: errorText(error), count: requests.length });
      }
      dropQuietly(deciding, transaction?.streams ?? []);
      throw error;
    }
  }

  #count(decisions: readonly Decision[]): void {
    const { metrics } = this.#on;
    metrics.count('souk_transactions_total');
    for (const one of decisions) {
      if ('error' in one) metrics.count('souk_commands_total', { outcome: 'error' });
      else if (one.repeated) metrics.count('souk_commands_total', { outcome: 'repeated' });
      else {
        metrics.count('souk_commands_total', { outcome: one.verdict.outcome });
        metrics.count('souk_facts_total', {}, one.facts.length);
      }
    }
  }
}

/** The engine's copies may be ahead of the database. A lost engine has none any more. */
function dropQuietly({ cache }: Deciding, streams: Iterable<string>): void {
  try {
    cache.drop([...streams]);
  } catch {
    // The engine is lost and is replaced by the next transaction.
  }
}
