// SPDX-License-Identifier: MIT
// Invitation codes by account, and the devices that members were seen on. The engine knows neither: it is told whose code a code is, and
// checks it against that account's state.
import type { Fact } from 'souk';
import type { Ids } from './ids.js';
import type { Sql } from './store/sql.js';
import type { UndatedCommand } from './streams.js';

/** A merged account's codes are the other's from now on, and so is every device on which it was seen. */
async function moveTo(sql: Sql, tenant: string, from: string, into: string): Promise<void> {
  await sql.query('update souk.invitation_codes set account = $3 where tenant = $1 and account = $2', [
    tenant,
    from,
    into,
  ]);
  await sql.query(
    `insert into souk.devices (tenant, account, device)
     select tenant, $3, device from souk.devices where tenant = $1 and account = $2
     on conflict (tenant, account, device) do nothing`,
    [tenant, from, into],
  );
}

/**
 * Keeps the codes that facts made, in their transaction, and moves those of merged accounts.
 *
 * @throws the database's unique violation where another account has a code; the transaction is then tried again and draws another
 */
export async function keepCodes(sql: Sql, tenant: string, facts: readonly Fact[]): Promise<void> {
  for (const fact of facts) {
    const account = fact.stream.slice('account/'.length);
    if (fact.kind === 'account-merged-into') await moveTo(sql, tenant, account, fact.merged.into);
    if (fact.kind !== 'code-made') continue;
    await sql.query('insert into souk.invitation_codes (tenant, code, account) values ($1, $2, $3)', [
      tenant,
      fact.code,
      account,
    ]);
  }
}

/** A code as people write it, in its one form: as the engine's reader brings it there. */
function canonical(code: string): string {
  return code.replace(/[\s-]/g, '').toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1');
}

/** Who has a code; undefined where nobody has. */
async function ownerOfCode(sql: Sql, tenant: string, code: string): Promise<string | undefined> {
  const [row] = await sql.query<{ account: string }>(
    'select account from souk.invitation_codes where tenant = $1 and code = $2',
    [tenant, canonical(code)],
  );
  return row?.account;
}

const maxSeen = 50_000;

/** Notes once that a member was seen on a device: the anonymous id that the shop put into the member's token. */
export function deviceNotes(sql: Sql, tenant: string): (account: string, device: string) => Promise<void> {
  const seen = new Set<string>();
  return async (account, device) => {
    const key = `${account} ${device}`;
    if (seen.has(key)) return;
    await sql.query(
      'insert into souk.devices (tenant, account, device) values ($1, $2, $3) on conflict (tenant, account, device) do nothing',
      [tenant, account, device],
    );
    if (seen.size >= maxSeen) seen.clear();
    seen.add(key);
  };
}

async function isShared(sql: Sql, tenant: string, one: string, other: string): Promise<boolean> {
  const rows = await sql.query(
    `select 1 from souk.devices a join souk.devices b on a.tenant = b.tenant and a.device = b.device
     where a.tenant = $1 and a.account = $2 and b.account = $3 limit 1`,
    [tenant, one, other],
  );
  return rows.length > 0;
}

/**
 * The command with the inviter that its code tells. A code that nobody has gets an inviter that nobody is, so that the engine refuses it and
 * the refusal is kept like any other.
 */
export async function withInviter(
  { store, tenant, ids }: { readonly store: Sql; readonly tenant: string; readonly ids: Ids },
  command: UndatedCommand & { readonly kind: 'accept-invitation' },
): Promise<UndatedCommand> {
  const inviter = typeof command.code === 'string' ? await ownerOfCode(store, tenant, command.code) : undefined;
  if (inviter === undefined) return { ...command, inviter: await ids.make('nobody') };
  const sameDevice = await isShared(store, tenant, command.account, inviter);
  return sameDevice ? { ...command, inviter, sameDevice } : { ...command, inviter };
}
