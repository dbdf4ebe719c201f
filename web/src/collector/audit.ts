// SPDX-License-Identifier: MIT
// Reads a whole journal again: every chain, every fold, every row and every verdict have to say the same.
import type { Engine, Fact, Verdict } from 'souk';
import { newEngine } from './engine-load.js';
import type { Sql } from './store/sql.js';
import { chained, type FactRow } from './streams.js';

/** What an audit found. */
export interface JournalAudit {
  /** Facts that were folded. */
  readonly facts: number;
  /** Verdicts that were compared. */
  readonly verdicts: number;
  /** The digest of each stream, folded from empty. */
  readonly digests: Readonly<Record<string, string>>;
  /** What does not fit, one sentence each; empty when all is well. */
  readonly faults: readonly string[];
}

interface Row {
  readonly stream: string;
  readonly seq: number;
  readonly head: string;
}

/** Folds the facts of one stream and follows their chain. */
async function foldStream(engine: Engine, row: Row, rows: readonly FactRow[], faults: string[]): Promise<string> {
  const { handle } = engine.openStream({ stream: row.stream });
  let head = '';
  for (const { seq, body, hash } of rows) {
    head = await chained(head, body);
    if (head !== hash) faults.push(`The chain of ${row.stream} is broken at ${seq}.`);
    engine.evolve({ handle, facts: [JSON.parse(body) as Fact] });
  }
  const { digest, seq } = engine.digest({ handle });
  if (seq !== row.seq || head !== row.head) faults.push(`The row of ${row.stream} is not where its journal ends.`);
  engine.closeStream({ handle });
  return digest;
}

/** Each command's facts are those that its verdict names, and no others. */
function compareVerdicts(facts: readonly Fact[], verdicts: readonly Verdict[], faults: string[]): void {
  const places = new Map<string, number>();
  for (const { command } of facts) places.set(command, (places.get(command) ?? 0) + 1);
  for (const { id, seqs } of verdicts) {
    const promised = seqs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    if ((places.get(id) ?? 0) !== promised) faults.push(`The verdict on ${id} names ${promised} facts.`);
    places.delete(id);
  }
  for (const id of places.keys()) faults.push(`The command ${id} has facts and no verdict.`);
}

/**
 * Checks the journal of a shop. Reads all of it into memory: for tests and for moderate shops.
 *
 * @param engine Taken for folding; its streams must not be open. Default: a new one.
 */
export async function auditJournal(sql: Sql, tenant: string, engine?: Engine): Promise<JournalAudit> {
  const folding = engine ?? (await newEngine());
  const streams = await sql.query<Row>('select stream, seq, head from souk.streams where tenant = $1 order by stream', [
    tenant,
  ]);
  const rows = await sql.query<FactRow>('select * from souk.facts where tenant = $1 order by stream, seq', [tenant]);
  const verdicts = await sql.query<{ verdict: string }>('select verdict from souk.verdicts where tenant = $1', [
    tenant,
  ]);
  const faults: string[] = [];
  const digests: Record<string, string> = {};
  const byStream = new Map<string, FactRow[]>();
  for (const row of rows) {
    const own = byStream.get(row.stream) ?? [];
    own.push(row);
    byStream.set(row.stream, own);
  }
  for (const row of streams)
    digests[row.stream] = await foldStream(folding, row, byStream.get(row.stream) ?? [], faults);
  const facts = rows.map(({ body }) => JSON.parse(body) as Fact);
  compareVerdicts(
    facts,
    verdicts.map(({ verdict }) => JSON.parse(verdict) as Verdict),
    faults,
  );
  return { facts: rows.length, verdicts: verdicts.length, digests, faults };
}
