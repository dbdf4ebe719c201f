// SPDX-License-Identifier: MIT
// The embedded store: PostgreSQL in this process, its files in one folder. It survives a killed process; it does not wait for the disk, so a
// power cut may take the last moments.
import { join } from 'node:path';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { Sql, Store } from '../store/sql.js';
import { lockFolder } from './folder-lock.js';

/** PostgreSQL's number of the type bigint. */
const bigintType = 20;

const sqlOn = (on: PGlite | Transaction): Sql => ({
  async query<Row>(text: string, values: readonly (string | number | null)[] = []) {
    return (await on.query<Row>(text, [...values])).rows;
  },
});

/**
 * Opens a folder, which is made where it is missing.
 *
 * @throws FolderLockedError while another process has it
 */
export async function openPglite(folder: string): Promise<Store> {
  const unlock = lockFolder(folder);
  try {
    const { PGlite } = await import('@electric-sql/pglite');
    const db = await PGlite.create({ dataDir: join(folder, 'pglite'), parsers: { [bigintType]: Number } });
    return {
      ...sqlOn(db),
      kind: 'pglite',
      transaction: (work) => db.transaction((tx) => work(sqlOn(tx))),
      async close() {
        await db.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
