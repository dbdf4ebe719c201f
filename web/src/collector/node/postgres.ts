// SPDX-License-Identifier: MIT
// The production store: a PostgreSQL server. The driver is `pg`, because it outlives a connection that breaks in the middle of a statement;
// `postgres` 3.4.9, the smaller one, then ends the whole process (porsager/postgres #1154, #1208, open).
import type { ClientBase, Pool } from 'pg';
import type { Sql, SqlValue, Store } from '../store/sql.js';

/** Names by which a connection knows statements that it has planned before. Our statements are few and constant. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `souk_${names.size}`;
  names.set(text, name);
  return name;
}

const sqlOn = (on: Pool | ClientBase): Sql => ({
  async query<Row>(text: string, values: readonly SqlValue[] = []) {
    const { rows } = await on.query({ name: nameOf(text), text, values: [...values] });
    return rows as Row[];
  },
});

async function inTransaction<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    const begun = client.query('begin'); // on its way together with the first statements
    begun.catch(() => undefined);
    const result = await work(sqlOn(client));
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection that cannot even roll back is thrown away; the server then rolls back by itself.
    await client.query('rollback').catch(() => (broken = true));
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Connects to a server.
 *
 * @param url As `postgres://user:password@host:5432/database`.
 * @param connections At most; one decides, the others read.
 */
export async function openPostgres(url: string, connections = 8): Promise<Store> {
  const { default: pg } = await import('pg');
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number); // the driver would leave it as text
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    pipeline: true, // statements that do not wait for each other are sent together, and done in order
    connectionTimeoutMillis: 10_000,
    // A lock that is not had in time ends the try, not the collector; a session that is stuck lets go of its locks.
    lock_timeout: 5000,
    idle_in_transaction_session_timeout: 15_000,
    types,
  });
  // A broken connection rejects its statement; the event of the same news has to be heard, or Node ends the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    ...sqlOn(pool),
    kind: 'postgresql',
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  };
}
