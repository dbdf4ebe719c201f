// SPDX-License-Identifier: MIT
// Streams and their facts as they lie in the database.
import type { Command, Fact } from 'souk';
import type { Sql } from './store/sql.js';
import { sha256 } from './text.js';

/** A command before its instant is known. */
export type UndatedCommand = Command extends infer One ? (One extends Command ? Omit<One, 'at'> : never) : never;

/** The stream that a command is about: the account's that acts, else the team's or the pool's. */
export function homeOf(command: UndatedCommand): string {
  if ('account' in command) return `account/${command.account}`;
  return 'team' in command ? `team/${command.team}` : `pool/${command.pool}`;
}

/** Whose verdict it is: the account's, else the home stream's, whose name no account has. */
export function ownerOf(command: UndatedCommand): string {
  return 'account' in command ? command.account : homeOf(command);
}

const namePattern = /^(account|team|pool)\/[\w.:-]{1,64}$/;

/** The first name that no stream can have; undefined where all can. */
export function badName(names: readonly string[]): string | undefined {
  return names.find((name) => !namePattern.test(name));
}

/** A row of `souk.streams`, locked by the transaction that read it. */
export interface StreamRow {
  readonly stream: string;
  readonly seq: number;
  readonly head: string;
  readonly at: number;
}

/** Makes the rows of streams that begin now, in order of their names and before any row is locked. */
export async function beginStreams(sql: Sql, tenant: string, names: readonly string[]): Promise<void> {
  await sql.query(
    `insert into souk.streams (tenant, stream)
     select $1, name from json_array_elements_text($2::text::json) name order by name collate "C"
     on conflict (tenant, stream) do nothing`,
    [tenant, JSON.stringify(names)],
  );
}

/** Locks streams in order of their names, so that no two transactions wait for each other. */
export function lockStreams(sql: Sql, tenant: string, names: readonly string[]): Promise<StreamRow[]> {
  return sql.query<StreamRow>(
    `select stream, seq, head, at from souk.streams
     where tenant = $1 and stream in (select json_array_elements_text($2::text::json))
     order by stream for update`,
    [tenant, JSON.stringify(names)],
  );
}

/** A fact as it lies in the journal. */
export interface FactRow {
  readonly stream: string;
  readonly seq: number;
  readonly at: number;
  /** The engine's normal form. */
  readonly body: string;
  /** SHA-256 of the hash before and the body. */
  readonly hash: string;
}

/** The fact's hash in the chain of its stream; `''` stands before the first. */
export function chained(before: string, body: string): Promise<string> {
  return sha256(before + body);
}

/** The facts of one stream after a sequence number, at most `limit`. */
export async function factsAfter(
  sql: Sql,
  tenant: string,
  stream: string,
  after: number,
  limit: number,
): Promise<readonly Fact[]> {
  return (await chainAfter(sql, tenant, stream, after, limit)).facts;
}

/** Facts of a stream, and the chain's hash with the last of them; undefined where there is none. */
export interface Chain {
  readonly facts: readonly Fact[];
  readonly head: string | undefined;
}

/** As {@link factsAfter}, with the hash at which the facts end. */
export async function chainAfter(
  sql: Sql,
  tenant: string,
  stream: string,
  after: number,
  limit: number,
): Promise<Chain> {
  const rows = await sql.query<{ body: string; hash: string }>(
    'select body, hash from souk.facts where tenant = $1 and stream = $2 and seq > $3 order by seq limit $4',
    [tenant, stream, after, limit],
  );
  return { facts: rows.map(({ body }) => JSON.parse(body) as Fact), head: rows.at(-1)?.hash };
}

/** The chain's hash with a fact; `''` before the first, undefined where the stream has not come so far. */
export async function hashAt(sql: Sql, tenant: string, stream: string, seq: number): Promise<string | undefined> {
  if (seq === 0) return '';
  const [row] = await sql.query<{ hash: string }>(
    'select hash from souk.facts where tenant = $1 and stream = $2 and seq = $3',
    [tenant, stream, seq],
  );
  return row?.hash;
}

/** The sequence number of a stream; 0 where it has no facts. */
export async function seqOf(sql: Sql, tenant: string, stream: string): Promise<number> {
  const [row] = await sql.query<{ seq: number }>('select seq from souk.streams where tenant = $1 and stream = $2', [
    tenant,
    stream,
  ]);
  return row?.seq ?? 0;
}
