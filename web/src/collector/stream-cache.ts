// SPDX-License-Identifier: MIT
// Streams that stand open in the engine. A copy is used only where its sequence number and chain hash are those of the locked row; behind
// it is brought up from the journal, and when a transaction fails after the engine has moved on, the copy is closed and never trusted.
import { type Engine, type Fact, SoukError } from 'souk';
import type { Sql } from './store/sql.js';
import type { StreamRow } from './streams.js';

interface Copy {
  readonly handle: number;
  readonly seq: number;
  readonly head: string;
}

interface SnapshotRow {
  readonly stream: string;
  readonly seq: number;
  readonly head: string;
  readonly state: string;
}

/** The engine reads requests of up to 1 MiB; a portion of facts stays well below, and one fact always fits. */
const portionLength = 100_000;

/** Facts in portions that the engine takes at once. */
function* portions(bodies: readonly string[]): Generator<Fact[]> {
  let portion: Fact[] = [];
  let length = 0;
  for (const body of bodies) {
    if (portion.length > 0 && length + body.length > portionLength) {
      yield portion;
      portion = [];
      length = 0;
    }
    portion.push(JSON.parse(body) as Fact);
    length += body.length;
  }
  if (portion.length > 0) yield portion;
}

/** The open streams of one engine. */
export class StreamCache {
  readonly #engine: Engine;
  readonly #tenant: string;
  readonly #limit: number;
  /** In order of use, the longest unused first. */
  readonly #copies = new Map<string, Copy>();

  /** @param limit Streams that stay open at most. */
  constructor(engine: Engine, tenant: string, limit: number) {
    this.#engine = engine;
    this.#tenant = tenant;
    this.#limit = limit;
  }

  /** Opens every stream as its locked row says; what is missing is read in two statements for all of them. */
  async bringTo(sql: Sql, rows: readonly StreamRow[]): Promise<void> {
    const behind = rows.filter((row) => !this.#stands(row));
    if (behind.length === 0) return;
    await this.#restore(sql, behind);
    await this.#evolve(sql, behind);
  }

  /** Whether a stream is open, and so has its row. */
  has(stream: string): boolean {
    return this.#copies.has(stream);
  }

  /** The handle of a stream that {@link StreamCache.bringTo} has opened. */
  handleOf(stream: string): number {
    const copy = this.#copies.get(stream);
    if (copy === undefined) throw new Error('The stream is not open.');
    return copy.handle;
  }

  /** Notes where the engine's copy now stands. */
  moved(stream: string, seq: number, head: string): void {
    const handle = this.handleOf(stream);
    this.#copies.delete(stream);
    this.#copies.set(stream, { handle, seq, head });
  }

  /** Closes copies that may be ahead of the database. */
  drop(streams: readonly string[]): void {
    for (const stream of streams) this.#close(stream);
  }

  /** Closes the streams that were unused for longest. Not during a transaction. */
  trim(): void {
    for (const stream of this.#copies.keys()) {
      if (this.#copies.size <= this.#limit) return;
      this.#close(stream);
    }
  }

  #stands(row: StreamRow): boolean {
    const copy = this.#copies.get(row.stream);
    return copy !== undefined && copy.seq === row.seq && copy.head === row.head;
  }

  #close(stream: string): void {
    const copy = this.#copies.get(stream);
    this.#copies.delete(stream);
    if (copy !== undefined) this.#engine.closeStream({ handle: copy.handle });
  }

  /** Opens from the latest snapshot, or empty. A snapshot of a newer or older engine is no loss: the facts are all there. */
  async #restore(sql: Sql, rows: readonly StreamRow[]): Promise<void> {
    const names = rows.map(({ stream }) => stream);
    this.drop(names);
    const snapshots = await sql.query<SnapshotRow>(
      `select stream, seq, head, state from souk.snapshots
       where tenant = $1 and stream in (select json_array_elements_text($2::text::json))`,
      [this.#tenant, JSON.stringify(names)],
    );
    const byStream = new Map(snapshots.map((row) => [row.stream, row]));
    for (const { stream } of rows) {
      const snapshot = byStream.get(stream);
      this.#copies.set(stream, (snapshot && this.#fromSnapshot(snapshot)) ?? this.#empty(stream));
    }
  }

  #empty(stream: string): Copy {
    return { handle: this.#engine.openStream({ stream }).handle, seq: 0, head: '' };
  }

  #fromSnapshot({ seq, head, state }: SnapshotRow): Copy | undefined {
    try {
      const bytes = Uint8Array.from(atob(state), (unit) => unit.charCodeAt(0));
      return { handle: this.#engine.restore(bytes).handle, seq, head };
    } catch (error) {
      if (error instanceof SoukError && error.code === 'unsupported-version') return undefined;
      throw error;
    }
  }

  /** Folds what the journal has beyond each copy. */
  async #evolve(sql: Sql, rows: readonly StreamRow[]): Promise<void> {
    const wanted = rows.map(({ stream }) => ({ stream, seq: this.#copies.get(stream)?.seq ?? 0 }));
    const facts = await sql.query<{ stream: string; body: string }>(
      `select f.stream, f.body from souk.facts f
       join json_to_recordset($2::text::json) as w (stream text, seq bigint) on f.stream = w.stream and f.seq > w.seq
       where f.tenant = $1 order by f.stream, f.seq`,
      [this.#tenant, JSON.stringify(wanted)],
    );
    const tails = new Map<string, string[]>();
    for (const { stream, body } of facts) {
      const tail = tails.get(stream) ?? [];
      tail.push(body);
      tails.set(stream, tail);
    }
    for (const row of rows) this.#fold(row, tails.get(row.stream) ?? []);
  }

  #fold(row: StreamRow, tail: readonly string[]): void {
    const handle = this.handleOf(row.stream);
    for (const facts of portions(tail)) this.#engine.evolve({ handle, facts });
    const { seq } = this.#engine.status({ handle });
    if (seq !== row.seq) throw new Error(`The journal of a stream ends at ${seq}, its row says ${row.seq}.`);
    this.moved(row.stream, row.seq, row.head);
  }
}
