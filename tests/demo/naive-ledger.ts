// SPDX-License-Identifier: MIT
/**
 * A plain reading of the loyalty rules for tests: folds one customer's commands at a given instant. No lots are moved, every
 * figure is worked out from the list of orders and refunds; dates are handled as calendar days in the shop's zone.
 */
import type { Command, ReceiveOrder } from '../../demo/src/history/orders.js';
import { localOfInstant, type ZoneTable } from '../../demo/src/history/zone.js';

export interface Rules {
  readonly zone: ZoneTable;
  readonly points: {
    readonly returnWindowDays: number;
    readonly expiry: { readonly months: number; readonly monthEnd: boolean };
  };
  readonly growth: { readonly expiry: { readonly months: number; readonly monthEnd: boolean } };
  readonly levels: readonly { readonly name: string; readonly threshold: number }[];
}

export interface Balance {
  customer: number;
  active: number;
  pending: number;
  expired: number;
  clawedBack: number;
  debt: number;
  growth: number;
  level: string;
}

const kDay = 86_400_000;

function sharesOf(order: ReceiveOrder): bigint[] {
  const total = order.lines.reduce((sum, { paid }) => sum + BigInt(paid), 0n);
  const points = total / 100n;
  if (total === 0n) return order.lines.map(() => 0n);
  const shares = order.lines.map(({ paid }) => (points * BigInt(paid)) / total);
  const rest = order.lines.map(({ paid }, line) => ({ line, rest: (points * BigInt(paid)) % total }));
  rest.sort((a, b) => (a.rest === b.rest ? a.line - b.line : a.rest > b.rest ? -1 : 1));
  let missing = points - shares.reduce((sum, share) => sum + share, 0n);
  for (const { line } of rest) if (missing > 0n) [shares[line], missing] = [(shares[line] ?? 0n) + 1n, missing - 1n];
  return shares;
}

/** Local day, as days since 1970-01-01, `months` after a day, clamped to the month's end. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * kDay);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, Math.min(date.getUTCDate(), lastDay)) / kDay;
}

function expiryDay(activeDay: number, { months, monthEnd }: { months: number; monthEnd: boolean }): number {
  const day = addMonths(activeDay, months);
  const date = new Date(day * kDay);
  return monthEnd ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / kDay : day;
}

/** What one customer has at the start of a local day, by their commands before it. */
export function naiveBalance(customer: number, commands: readonly Command[], rules: Rules, today: number): Balance {
  const balance = { customer, active: 0, pending: 0, expired: 0, clawedBack: 0, debt: 0, growth: 0, level: '' };
  for (const order of commands) {
    if (order.kind !== 'receive-order') continue;
    const returned = order.lines.map(() => 0);
    for (const refund of commands)
      if (refund.kind === 'refund-order' && refund.order === order.order)
        for (const { line, quantity } of refund.lines) returned[line] = (returned[line] ?? 0) + quantity;
    const shares = sharesOf(order).map(Number);
    const points = shares.reduce((sum, share) => sum + share, 0);
    const taken = order.lines.reduce((sum, { quantity }, line) => {
      const [share, back] = [shares[line] ?? 0, returned[line] ?? 0];
      return sum + back * Math.floor(share / quantity) + Math.min(back, share % quantity);
    }, 0);
    const activeDay = Math.floor(localOfInstant(order.at, rules.zone) / kDay) + rules.points.returnWindowDays + 1;
    const left = points - taken;
    balance.clawedBack += taken;
    if (activeDay > today) balance.pending += left;
    else if (expiryDay(activeDay, rules.points.expiry) <= today) balance.expired += left;
    else balance.active += left;
    if (activeDay <= today && expiryDay(activeDay, rules.growth.expiry) > today) balance.growth += left;
  }
  balance.level = rules.levels.filter(({ threshold }) => threshold <= balance.growth).at(-1)?.name ?? '';
  return balance;
}
