// SPDX-License-Identifier: MIT
// Whose payment it is. An engine that decides on one account, team and pool cannot see that another account has named the same payment before,
// in another team: one payment would then buy two seats, or come back twice.
import type { Verdict } from 'souk';
import type { Sql } from './store/sql.js';
import type { UndatedCommand } from './streams.js';

/** A command that brings a payment. */
type Payment = Extract<UndatedCommand, { readonly payment: string; readonly account: string }>;

function isPayment(command: UndatedCommand): command is Payment {
  return 'payment' in command && 'account' in command;
}

/** The payments of one transaction, and whose they were before. To be read behind no lock: who was first is settled by the primary key. */
export class Payments {
  readonly #owners = new Map<string, string>();
  readonly #fresh: { readonly payment: string; readonly account: string }[] = [];

  /** Reads whose the payments are that commands bring; asks nothing where none does. */
  async read(sql: Sql, tenant: string, commands: readonly UndatedCommand[]): Promise<void> {
    const ids = commands.filter(isPayment).map(({ payment }) => payment);
    if (ids.length === 0) return;
    const rows = await sql.query<{ payment: string; account: string }>(
      `select payment, account from souk.payments
       where tenant = $1 and payment in (select json_array_elements_text($2::text::json))`,
      [tenant, JSON.stringify(ids)],
    );
    for (const { payment, account } of rows) this.#owners.set(payment, account);
  }

  /** The verdict on a payment that another account brought before; undefined for every other command. */
  refusal(command: UndatedCommand): Verdict | undefined {
    const owner = isPayment(command) ? this.#owners.get(command.payment) : undefined;
    if (owner === undefined || !isPayment(command) || owner === command.account) return undefined;
    const message = 'another account brought this payment';
    return { id: command.id, outcome: 'refused', code: 'duplicate-payment', path: '/payment', message, seqs: [] };
  }

  /** Notes a payment that was decided on, whatever the outcome. */
  note(command: UndatedCommand): void {
    if (!isPayment(command) || this.#owners.has(command.payment)) return;
    const { payment, account } = command;
    this.#owners.set(payment, account);
    this.#fresh.push({ payment, account });
  }

  /** Writes what was noted. Fails with a retryable error where another collector noted one of them first. */
  async write(sql: Sql, tenant: string): Promise<void> {
    if (this.#fresh.length === 0) return;
    await sql.query(
      `insert into souk.payments (tenant, payment, account)
       select $1, r.payment, r.account from json_to_recordset($2::text::json) as r (payment text, account text)
       order by r.payment`,
      [tenant, JSON.stringify(this.#fresh)],
    );
  }
}
