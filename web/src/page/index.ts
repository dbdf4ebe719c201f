// SPDX-License-Identifier: MIT
// `souk/page`: a member's own account in the page, kept on the device, ahead of the collector by what is pending, and corrected by it.
import { type AccountOptions, PageAccount } from './account.js';

export type { AccountOptions, PageAccount };
export type { CommandState, PageCommand, WaitingReason } from './contract.js';

/**
 * Opens an account: at once with what this device knows, then with what the collector knows.
 *
 * @example
 * const account = await openAccount({ endpoint: '/souk', account: '17850', token: fetchToken, engine });
 * account.onChange(() => (badge.textContent = String(account.view().points.totals.active)));
 * const { state } = await account.submit({ kind: 'redeem-points', id: newId(), account: '17850', redemption: 'r1', points: 100 });
 */
export async function openAccount(options: AccountOptions): Promise<PageAccount> {
  const account = new PageAccount(options);
  await account.start();
  return account;
}
