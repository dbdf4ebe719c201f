// SPDX-License-Identifier: MIT
// The tables, as numbered steps that are only ever added to. A collector runs those that its database lacks, under one lock, and refuses a
// database that a newer collector has changed.
import type { Store } from './sql.js';

/** Step n makes version n + 1. A step that was released is never edited. */
const steps: readonly string[] = [
  `
  -- One row a stream: what is locked while a command is decided.
  create table souk.streams (
    tenant text not null, stream text collate "C" not null,
    seq bigint not null default 0,      -- of the last fact
    head text not null default '',      -- hash of the last fact, chained
    at bigint not null default 0,       -- latest instant that was decided at, milliseconds
    next_due bigint,                    -- instant at which a due command is to be given
    primary key (tenant, stream));
  create index streams_due on souk.streams (tenant, next_due) where next_due is not null;

  -- The journal. body is the fact in the engine's normal form, byte for byte; hash = SHA-256(hash before || body).
  create table souk.facts (
    tenant text not null, stream text collate "C" not null, seq bigint not null,
    at bigint not null, body text not null, hash text not null,
    primary key (tenant, stream, seq));

  -- A verdict belongs to its command's id for ever.
  create table souk.verdicts (
    tenant text not null, id text not null,
    account text not null, body_hash text not null, verdict text not null, at bigint not null,
    primary key (tenant, id));

  -- States as the engine wrote them, so that a long stream is not folded from its first fact.
  create table souk.snapshots (
    tenant text not null, stream text collate "C" not null,
    seq bigint not null, head text not null, state text not null,
    primary key (tenant, stream));

  -- Behaviour, once for each message.
  create table souk.behaviour (
    tenant text not null, message_id text not null, received_at bigint not null, body text not null,
    primary key (tenant, message_id));

  -- The highest epoch that each sender has shown; a lower one is of a sender that was replaced.
  create table souk.senders (
    tenant text not null, sender text not null, epoch bigint not null,
    primary key (tenant, sender));

  -- What the shop is to be told, written with the facts that say so.
  create table souk.outbox (
    tenant text not null, id text not null, body text not null,
    attempts integer not null default 0, next_at bigint not null, delivered_at bigint,
    primary key (tenant, id));
  create index outbox_waiting on souk.outbox (tenant, next_at) where delivered_at is null;

  -- The seed of ids, made once; its hash is published before the first use.
  create table souk.secrets (
    tenant text not null, name text not null, value text not null,
    primary key (tenant, name));
  `,
  `
  -- Whose invitation code it is, written with the fact that made it.
  create table souk.invitation_codes (
    tenant text not null, code text not null, account text not null,
    primary key (tenant, code));

  -- Which devices a member was seen on, by the anonymous ids of tokens.
  create table souk.devices (
    tenant text not null, account text not null, device text not null,
    primary key (tenant, account, device));
  create index devices_by_device on souk.devices (tenant, device);
  `,
  `
  -- Who brought a payment first.
  create table souk.payments (
    tenant text not null, payment text not null, account text not null,
    primary key (tenant, payment));
  `,
];

/** Any number: collectors that start at the same time take turns by it. */
const lockNumber = 7_685_731;

/**
 * Brings a database to this collector's version.
 *
 * @throws Error where the database is newer than this collector.
 */
export async function migrate(store: Store): Promise<void> {
  await store.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [lockNumber]);
    await sql.query('create schema if not exists souk');
    await sql.query(
      'create table if not exists souk.schema_version (version integer primary key, applied_at timestamptz not null default now())',
    );
    const [row] = await sql.query<{ version: number }>(
      'select coalesce(max(version), 0)::int as version from souk.schema_version',
    );
    const version = row?.version ?? 0;
    if (version > steps.length) {
      throw new Error(`The database has version ${version}, this collector knows ${steps.length}: use a newer Souk.`);
    }
    for (const [index, step] of steps.entries()) {
      if (index < version) continue;
      for (const statement of statementsOf(step)) await sql.query(statement);
      await sql.query('insert into souk.schema_version (version) values ($1)', [index + 1]);
    }
  });
}

/** The statements of a step: comments away, then cut at semicolons, which stand nowhere else. */
function statementsOf(step: string): string[] {
  const bare = step.replace(/--[^\n]*/g, '');
  return bare.split(';').filter((statement) => statement.trim() !== '');
}
