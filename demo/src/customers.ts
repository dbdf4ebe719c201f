// SPDX-License-Identifier: MIT
/** Who can be chosen: every customer with an order, with what helps to find them. */
import { classify, type Shop } from './history/orders.js';

export interface Customer {
  readonly number: number;
  /** The country of their last invoice. */
  readonly country: string;
  readonly orders: number;
  /** Pence over all orders, before refunds. */
  readonly paid: number;
}

function customerOf(shop: Shop, number: number, runs: readonly number[]): Customer {
  const { history } = shop;
  const invoices = new Set<string>();
  let paid = 0;
  for (const run of runs) {
    for (let row = history.runs.firstRow[run] ?? 0; row < (history.runs.firstRow[run + 1] ?? 0); row++) {
      if (classify(shop, row) !== 'order') continue;
      invoices.add(history.runs.invoice[run] ?? '');
      paid += (history.quantity[row] ?? 0) * (shop.pence[history.price[row] ?? 0] ?? 0);
    }
  }
  const country = history.countries[history.runs.country[runs.at(-1) ?? 0] ?? 0] ?? '';
  return { number, country: country === 'EIRE' ? 'Ireland' : country, orders: invoices.size, paid };
}

/** Customers with at least one order, the biggest first. @complexity O(rows) */
export function customersOf(shop: Shop): readonly Customer[] {
  return [...shop.runsOf]
    .map(([number, runs]) => customerOf(shop, number, runs))
    .filter(({ orders }) => orders > 0)
    .sort((a, b) => b.paid - a.paid || a.number - b.number);
}

/** The first `limit` customers whose number starts with the words, or whose country has them in it. Case does not matter. */
export function findCustomers(customers: readonly Customer[], words: string, limit: number): readonly Customer[] {
  const wanted = words.trim().toLowerCase();
  const fits = ({ number, country }: Customer): boolean =>
    String(number).startsWith(wanted) || country.toLowerCase().includes(wanted);
  return customers.filter(fits).slice(0, limit);
}
