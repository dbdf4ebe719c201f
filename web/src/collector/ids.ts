// SPDX-License-Identifier: MIT
// Ids that the collector makes. All come from one secret seed, so that the same cause gets the same id on every try and in every
// collector, and nobody outside can take an id before it is used. The seed's hash is published: a later look at the seed shows that no id
// was chosen.
import { type Bytes, base64url, fromBase64url, hex, utf8 } from '../server/bytes.js';
import type { Sql } from './store/sql.js';

/** Makes ids. */
export interface Ids {
  /** SHA-256 of the seed, hexadecimal. */
  readonly commitment: string;
  /** The id of `parts` for one purpose: 40 hexadecimal digits behind the purpose's name. */
  make(purpose: string, ...parts: readonly (string | number)[]): Promise<string>;
}

/** Makes ids from a seed. */
async function idsOf(seed: Bytes): Promise<Ids> {
  const key = await crypto.subtle.importKey('raw', seed, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return {
    commitment: hex(await crypto.subtle.digest('SHA-256', seed)),
    async make(purpose, ...parts) {
      const mac = await crypto.subtle.sign('HMAC', key, utf8(JSON.stringify([purpose, ...parts])));
      return `${purpose}-${hex(mac).slice(0, 40)}`;
    },
  };
}

/** The tenant's ids; the first collector of a database makes the seed. */
export async function openIds(sql: Sql, tenant: string): Promise<Ids> {
  const fresh = base64url(crypto.getRandomValues(new Uint8Array(32)));
  await sql.query(
    "insert into souk.secrets (tenant, name, value) values ($1, 'seed', $2) on conflict (tenant, name) do nothing",
    [tenant, fresh],
  );
  const [row] = await sql.query<{ value: string }>(
    "select value from souk.secrets where tenant = $1 and name = 'seed'",
    [tenant],
  );
  const seed = fromBase64url(row?.value ?? '');
  if (seed === undefined || seed.length !== 32) throw new Error('The seed in souk.secrets is damaged.');
  return idsOf(seed);
}
