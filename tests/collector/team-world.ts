// SPDX-License-Identifier: MIT
// The small shop with team purchases and rewarded invitations.
import type { Program, TeamView } from 'souk';
import type { Store } from 'souk/collector';
import { day, opening, program, type World } from './world.js';

/** When every team of {@link teamProgram} is over after its start. */
export const teamLife = 60 * 60_000;

/** Teams of three for 30 pounds each, and 50 points for both sides of an invitation, held for seven days. */
export const teamProgram: Program = {
  ...program,
  groupbuy: {
    teamCampaigns: [campaign('tea', 3, 'everyone'), campaign('pair', 2, 'members')],
  },
  referral: {
    ...{ inviterPoints: 50, inviteePoints: 20, orderBudget: 100, holdDays: 7, minimumPaid: 1000 },
    ...{ withholdSameDevice: true, withholdSamePayment: true },
  },
};

function campaign(id: string, size: number, leaving: 'everyone' | 'members') {
  return {
    ...{ id, item: id, pool: id, state: 'running' as const, opensAt: opening, closesAt: opening + 300 * day },
    ...{ teamPrice: 3000, singlePrice: 4000, size, durationMinutes: teamLife / 60_000, leaving },
  };
}

/** A payment for a seat. */
export function seat(id: string, account: string, team: object, more: object = {}): object {
  const data = { account, order: `o-${id}`, payment: `p-${id}`, amount: 3000, currency: 'GBP', team, ...more };
  return { id: `paid-${id}`, type: 'order-paid', data };
}

/** The shop counts a pool. */
export const stock = (id: string, pool: string, onHand: number): object => ({
  ...{ id: `stock-${id}`, type: 'stock-changed', data: { pool, onHand } },
});

/** The shop's answer to a payment that starts a team. */
export interface Started {
  readonly team: string;
}

/** Starts a team and tells its id. */
export async function startTeam(world: World, id: string, account: string, name = 'tea'): Promise<string> {
  const { body } = await world.commerce(seat(id, account, { campaign: name }, { name: 'Ирина' }));
  return (body as unknown as Started).team;
}

/** A team's answer as a member reads it. */
export interface TeamStream {
  readonly seq: number;
  readonly team: TeamView;
  readonly facts?: unknown;
}

/** A team as a member reads it. */
export async function readTeam(world: World, team: string, viewer: string) {
  const headers = { authorization: `Bearer ${await world.token(viewer)}` };
  return world.send<TeamStream>('GET', `/v1/streams/team/${team}`, { headers });
}

/** A message to the shop. */
export interface Asked {
  readonly id: string;
  readonly type: string;
  readonly data: {
    readonly team: string;
    readonly account: string;
    readonly amount?: number;
    readonly reason?: string;
  };
}

/** What the shop is asked to do about a team. */
export async function asked(store: Store, team: string): Promise<Asked[]> {
  const rows = await store.query<{ body: string }>('select body from souk.outbox order by id');
  return rows.map(({ body }) => JSON.parse(body) as Asked).filter(({ data }) => data.team === team);
}

/** How often the shop is asked for each thing about a team, such as `{ refund: 2 }`. */
export async function countsOf(store: Store, team: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of await asked(store, team)) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
