// SPDX-License-Identifier: MIT
// `souk/page`: a member's own account in the page, kept on the device, ahead of the collector by what is pending, and corrected by it.
// A team purchase as everybody may see it, live, with the time that is left.
import { type AccountOptions, PageAccount } from './account.js';
import { PageProgram, type ProgramOptions } from './program.js';
import { PageTeam, type TeamOptions } from './team.js';

export type { AccountOptions, PageAccount, PageProgram, PageTeam, ProgramOptions, TeamOptions };
export type { CommandState, PageCommand, PageLogEntry, UnansweredReason, WaitingReason } from './contract.js';
export { type Countdown, countDown, countdown } from './countdown.js';

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

/**
 * Opens a team: resolves with what the collector knows, or with the reason why that is not known. Never rejects.
 *
 * @example
 * const team = await openTeam({ endpoint: '/souk', team: id, token: fetchToken });
 * team.onChange(() => (places.textContent = String(team.view()?.seatsLeft ?? team.reason())));
 */
export async function openTeam(options: TeamOptions): Promise<PageTeam> {
  const team = new PageTeam(options);
  await team.start();
  return team;
}

/**
 * Watches the shop's program: resolves when the collector was asked for the first time, and hands over each program that holds. Never rejects.
 *
 * @example
 * await openProgram({ endpoint: '/souk', onProgram: (program) => void reopenAccountWith(program) });
 */
export async function openProgram(options: ProgramOptions): Promise<PageProgram> {
  const program = new PageProgram(options);
  await program.start();
  return program;
}
