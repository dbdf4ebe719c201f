// SPDX-License-Identifier: MIT
// What the collector asks of a database: PostgreSQL's SQL, and transactions. Lists travel as one JSON text, so that PGlite and a server
// take the same statement with the same parameters.

/** A parameter of a statement. */
export type SqlValue = string | number | null;

/** Runs statements. */
export interface Sql {
  /** One statement with parameters `$1`, `$2` …; its rows. `bigint` comes back as a number, which all of ours fit into. */
  query<Row>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
}

/** A database. */
export interface Store extends Sql {
  /** For logs and metrics. */
  readonly kind: 'pglite' | 'postgresql';
  /** Commits what `work` did when its promise resolves, and rolls it back when it rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Lets go of connections, files and locks. */
  close(): Promise<void>;
}

/** SQLSTATE codes after which the same transaction may be tried again. */
const retryable = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock not available in time
  '23505', // another collector wrote the same key first: tried again, ours finds it there
]);

/** The SQLSTATE of a database error; undefined for any other. */
function sqlState(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Whether the same transaction may succeed when it is tried again. */
export function isRetryable(error: unknown): boolean {
  return retryable.has(sqlState(error) ?? '');
}

/** How often a transaction is tried before its failure is passed on. */
const maxTries = 8;

/** Runs a transaction, again after a conflict with another. `onRetry` is told of each. */
export async function withRetry<T>(run: () => Promise<T>, onRetry: () => void): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (tries === maxTries || !isRetryable(error)) throw error;
      onRetry();
      // Full jitter: two that met each other do not meet again at once.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** tries * 5));
    }
  }
}
