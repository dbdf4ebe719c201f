// SPDX-License-Identifier: MIT
// `souk/collector/node`: a server and two stores for Node. `@electric-sql/pglite` or `pg` is installed beside `souk`.
import type { LogEntry } from '../log.js';
import type { Store } from '../store/sql.js';
import { openPglite } from './pglite.js';
import { openPostgres } from './postgres.js';

export { FolderLockedError } from './folder-lock.js';
export { createListener, serve, type ServeOptions, type Serving } from './serve.js';

/** Where the data lies. */
export type StorePlace =
  | {
      /** A PostgreSQL server, as `postgres://user:password@host:5432/database`; usually `process.env.DATABASE_URL`. */
      readonly databaseUrl: string;
    }
  | {
      /** A folder for the embedded PostgreSQL; one process at a time. */
      readonly folder: string;
    };

/**
 * Opens a store. Close it after its collectors.
 *
 * @throws FolderLockedError while another process has the folder
 */
export function openStore(place: StorePlace): Promise<Store> {
  return 'databaseUrl' in place ? openPostgres(place.databaseUrl) : openPglite(place.folder);
}

/** Writes log entries to the standard error stream, one JSON object a line. */
export function logToStderr(entry: LogEntry): void {
  process.stderr.write(`${JSON.stringify(entry)}\n`);
}
