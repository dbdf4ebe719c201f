// SPDX-License-Identifier: MIT
// One transaction: lock the streams, bring the engine to them, decide, append. Everything that the transaction leaves behind (facts,
// verdicts, rows, messages to the shop) is committed together or not at all.
import { type Engine, type Fact, SoukError, type Verdict } from 'souk';
import type { Clock } from './clock.js';
import { isGone } from './engine-gone.js';
import { keepCodes } from './invitations.js';
import { dated, guessStreams, nameStreams } from './naming.js';
import { type Webhook, writeWebhooks } from './outbox.js';
import type { Ids } from './ids.js';
import { Payments } from './payments.js';
import type { Sql } from './store/sql.js';
import type { StreamCache } from './stream-cache.js';
import { beginStreams, chained, type FactRow, lockStreams, ownerOf, type UndatedCommand } from './streams.js';
import { base64 } from './text.js';

/** A command with the hash of its body: all that its sender gave, and nothing that the collector sets. */
export interface Request {
  readonly command: UndatedCommand;
  readonly bodyHash: string;
}

/** Why nothing was decided; the same command may be sent again when the reason is gone. */
export interface Refusal {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** What became of a command. */
export type Decision =
  | { readonly verdict: Verdict; readonly facts: readonly Fact[]; readonly repeated: boolean }
  | { readonly error: Refusal };

/** What deciding needs beside the transaction. */
export interface Deciding {
  readonly tenant: string;
  readonly engine: Engine;
  readonly cache: StreamCache;
  readonly clock: Clock;
  readonly ids: Ids;
  webhooksOf(fact: Fact): readonly Webhook[];
}

/** A snapshot is kept whenever a stream has grown by so many facts. */
const snapshotEvery = 256;

interface KnownVerdict {
  readonly bodyHash: string;
  readonly verdict: Verdict;
}

interface VerdictRow {
  readonly id: string;
  readonly account: string;
  readonly body_hash: string;
  readonly verdict: string;
  readonly at: number;
}

/** A locked stream as it grows within the transaction. */
interface Growing {
  readonly before: number;
  readonly facts: Fact[];
  head: string;
  at: number;
  touched: boolean;
}

/** One transaction's work on one group of commands. */
export class Transaction {
  readonly #sql: Sql;
  readonly #on: Deciding;
  readonly #streams = new Map<string, Growing>();
  readonly #known = new Map<string, KnownVerdict>();
  readonly #newVerdicts: VerdictRow[] = [];
  readonly #payments = new Payments();
  #locked: readonly string[] = [];

  constructor(sql: Sql, on: Deciding) {
    this.#sql = sql;
    this.#on = on;
  }

  /** The streams that the transaction locks: copies of them may be ahead of the database when it fails. */
  get streams(): Iterable<string> {
    return this.#locked;
  }

  /**
   * Decides a group of commands in order.
   *
   * @param more Streams to lock beside those that the open ones name.
   * @throws UnlockedStreams where a command touches streams that turn out only behind the locks
   */
  async decide(requests: readonly Request[], more: Iterable<string>): Promise<Decision[]> {
    const now = this.#on.clock.now();
    const guessed = requests.flatMap(({ command }) => guessStreams(this.#on.engine, command, now));
    const names = [...new Set([...guessed, ...more])].sort();
    this.#locked = names;
    const unknown = names.filter((name) => !this.#on.cache.has(name));
    if (unknown.length > 0) await beginStreams(this.#sql, this.#on.tenant, unknown);
    // Sent together and done in this order. The verdicts are read by a statement of its own, behind the locks: a verdict that another collector
    // gave while this one waited is seen.
    const [rows] = await Promise.all([
      lockStreams(this.#sql, this.#on.tenant, names),
      this.#readVerdicts(requests),
      this.#payments.read(
        this.#sql,
        this.#on.tenant,
        requests.map(({ command }) => command),
      ),
    ]);
    for (const { stream, seq, head, at } of rows) {
      this.#streams.set(stream, { before: seq, facts: [], head, at, touched: false });
    }
    await this.#on.cache.bringTo(this.#sql, rows);
    const decisions = requests.map((request) => this.#decideOne(request));
    await this.#write();
    return this.#withFactsOfRepeated(decisions);
  }

  async #readVerdicts(requests: readonly Request[]): Promise<void> {
    const rows = await this.#sql.query<{ id: string; body_hash: string; verdict: string }>(
      `select id, body_hash, verdict from souk.verdicts
       where tenant = $1 and id in (select json_array_elements_text($2::text::json))`,
      [this.#on.tenant, JSON.stringify(requests.map(({ command }) => command.id))],
    );
    for (const { id, body_hash: bodyHash, verdict } of rows) {
      this.#known.set(id, { bodyHash, verdict: JSON.parse(verdict) as Verdict });
    }
  }

  #decideOne({ command, bodyHash }: Request): Decision {
    const known = this.#known.get(command.id);
    if (known !== undefined) {
      if (known.bodyHash === bodyHash) return { verdict: known.verdict, facts: [], repeated: true };
      return { error: { code: 'command-id-reused', path: '/id', message: 'The id was used for another command.' } };
    }
    try {
      return this.#submit(command, bodyHash);
    } catch (error) {
      // An engine that is gone may have decided some of the group: the whole transaction ends.
      if (!(error instanceof SoukError) || isGone(error)) throw error;
      return { error: { code: error.code, path: error.path.replace(/^\/command/, ''), message: error.message } };
    }
  }

  #submit(command: UndatedCommand, bodyHash: string): Decision {
    const { engine, clock } = this.#on;
    const refused = this.#payments.refusal(command);
    if (refused !== undefined) return this.#judge(command, bodyHash, refused, clock.now());
    const { streams, at } = nameStreams(engine, command, clock.now(), (name) => this.#streams.get(name)?.at);
    // The engine reads every field and refuses what it does not know; the type is what a truthful sender sends.
    const { verdict, facts } = engine.submit({ command: dated(command, at) });
    for (const stream of streams.map((name) => this.#growing(name))) {
      stream.at = at;
      stream.touched = true;
    }
    for (const fact of facts) this.#growing(fact.stream).facts.push(fact);
    this.#payments.note(command);
    return this.#judge(command, bodyHash, verdict, at, facts);
  }

  /** The verdict is the command's from now on. */
  #judge(
    command: UndatedCommand,
    bodyHash: string,
    verdict: Verdict,
    at: number,
    facts: readonly Fact[] = [],
  ): Decision {
    this.#known.set(command.id, { bodyHash, verdict });
    const row = { id: command.id, account: ownerOf(command), body_hash: bodyHash };
    this.#newVerdicts.push({ ...row, verdict: JSON.stringify(verdict), at });
    return { verdict, facts, repeated: false };
  }

  #growing(name: string): Growing {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new Error('A command touched a stream that it did not name.');
    return stream;
  }

  async #write(): Promise<void> {
    if (this.#newVerdicts.length === 0) return;
    const facts = await this.#chain();
    const grown = [...this.#streams].filter(([, { touched }]) => touched);
    const rows = grown.map(([stream, { head, at }]) => {
      const { seq, nextDue } = this.#on.engine.status({ handle: this.#on.cache.handleOf(stream) });
      this.#on.cache.moved(stream, seq, head);
      return { stream, seq, head, at, next_due: nextDue };
    });
    const webhooks = [...this.#streams.values()].flatMap((stream) =>
      stream.facts.flatMap((fact) => this.#on.webhooksOf(fact).map((webhook, number) => ({ fact, webhook, number }))),
    );
    await this.#append(facts, rows);
    await this.#payments.write(this.#sql, this.#on.tenant);
    await keepCodes(
      this.#sql,
      this.#on.tenant,
      [...this.#streams.values()].flatMap((stream) => stream.facts),
    );
    await this.#keepSnapshots();
    await writeWebhooks(this.#sql, this.#on, webhooks);
  }

  async #chain(): Promise<FactRow[]> {
    const chains = [...this.#streams].map(async ([stream, growing]) => {
      const rows: FactRow[] = [];
      for (const fact of growing.facts) {
        const body = JSON.stringify(fact); // its members come from the engine in their order
        growing.head = await chained(growing.head, body);
        rows.push({ stream, seq: fact.seq, at: fact.at, body, hash: growing.head });
      }
      return rows;
    });
    return (await Promise.all(chains)).flat();
  }

  /** One statement for all rows: fewer ways to the database while locks are held. */
  async #append(facts: readonly FactRow[], streams: readonly object[]): Promise<void> {
    await this.#sql.query(
      `with appended as (
         insert into souk.facts (tenant, stream, seq, at, body, hash)
         select $1, r.stream, r.seq, r.at, r.body, r.hash
         from json_to_recordset($2::text::json) as r (stream text, seq bigint, at bigint, body text, hash text)),
       judged as (
         insert into souk.verdicts (tenant, id, account, body_hash, verdict, at)
         select $1, r.id, r.account, r.body_hash, r.verdict, r.at
         from json_to_recordset($3::text::json) as r (id text, account text, body_hash text, verdict text, at bigint))
       update souk.streams s set seq = r.seq, head = r.head, at = r.at, next_due = r.next_due
       from json_to_recordset($4::text::json) as r (stream text, seq bigint, head text, at bigint, next_due bigint)
       where s.tenant = $1 and s.stream = r.stream`,
      [this.#on.tenant, JSON.stringify(facts), JSON.stringify(this.#newVerdicts), JSON.stringify(streams)],
    );
  }

  async #keepSnapshots(): Promise<void> {
    const grown = [...this.#streams].filter(
      ([, { before, facts }]) =>
        Math.floor(before / snapshotEvery) !== Math.floor((before + facts.length) / snapshotEvery),
    );
    if (grown.length === 0) return;
    const rows = grown.map(([stream, { before, facts, head }]) => {
      const bytes = this.#on.engine.snapshot({ handle: this.#on.cache.handleOf(stream) });
      return { stream, seq: before + facts.length, head, state: base64(bytes) };
    });
    await this.#sql.query(
      `insert into souk.snapshots (tenant, stream, seq, head, state)
       select $1, r.stream, r.seq, r.head, r.state
       from json_to_recordset($2::text::json) as r (stream text, seq bigint, head text, state text)
       on conflict (tenant, stream) do update set seq = excluded.seq, head = excluded.head, state = excluded.state`,
      [this.#on.tenant, JSON.stringify(rows)],
    );
  }

  /** Whoever asks again has lost the first answer, facts included. */
  async #withFactsOfRepeated(decisions: readonly Decision[]): Promise<Decision[]> {
    const ranges = decisions.flatMap((one) => ('verdict' in one && one.repeated ? one.verdict.seqs : []));
    if (ranges.length === 0) return [...decisions];
    const rows = await this.#sql.query<{ body: string }>(
      `select f.body from souk.facts f
       join json_to_recordset($2::text::json) as r (stream text, first bigint, last bigint)
         on f.stream = r.stream and f.seq between r.first and r.last
       where f.tenant = $1 order by f.stream, f.seq`,
      [this.#on.tenant, JSON.stringify(ranges)],
    );
    const facts = rows.map(({ body }) => JSON.parse(body) as Fact);
    return decisions.map((one) =>
      'verdict' in one && one.repeated
        ? { ...one, facts: facts.filter(({ command }) => command === one.verdict.id) }
        : one,
    );
  }
}
