// SPDX-License-Identifier: MIT
/**
 * Invoice lines to the commands that a shop's back office would have given. The rules:
 *
 * - A line of a known customer with a numeric invoice, goods (the stock code begins with five digits),
 *   quantity > 0 and price > 0 is an *order line*: paid = quantity × unit price in pence (half up). The
 *   order is the invoice; its instant is that of its first such line.
 * - A line of a known customer with a `C` invoice, goods and quantity < 0 is a *cancellation*; its instant is
 *   that of the invoice's first such line.
 * - A cancellation names no order. The purchased units of a (customer, stock code) pair, by instant and
 *   then file row, are numbered 0, 1, 2 …, and so are its cancelled units. Cancelled unit j gives back purchased unit j
 *   if that purchase was not later; otherwise it stays unmatched and is counted.
 * - One refund per (cancellation invoice, order), the units of each order line summed.
 * - Commands go by instant; at equal instants orders come before refunds, then by file row.
 * - Everything else is skipped and counted by the first reason that applies (see `SkipReason`).
 */
import type { History } from './codec.js';
import { isPositive, penceOf } from './pence.js';
import { instantOfLocal, type ZoneTable } from './zone.js';

/** Why a line is neither an order line nor a cancellation, in the order of the tests. */
export type SkipReason = 'adjustment' | 'guest' | 'not-goods' | 'bad-quantity' | 'bad-price';

export interface OrderLine {
  readonly item: string;
  readonly quantity: number;
  /** Pence for the whole line. */
  readonly paid: number;
}

interface Envelope {
  readonly id: string;
  readonly account: string;
  readonly author: 'commerce';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly order: string;
}

export interface ReceiveOrder extends Envelope {
  readonly kind: 'receive-order';
  readonly currency: 'GBP';
  readonly lines: readonly OrderLine[];
}

export interface RefundOrder extends Envelope {
  readonly kind: 'refund-order';
  readonly refund: string;
  /** `line` counts the order's lines from 0. */
  readonly lines: readonly { readonly line: number; readonly quantity: number }[];
}

export type Command = ReceiveOrder | RefundOrder;

/** One customer's dealings. Units of cancellations that no purchase matches are counted, not refunded. */
export interface Dealings {
  readonly commands: readonly Command[];
  readonly cancelledUnits: number;
  readonly unmatchedUnits: number;
}

/** A history with what the rules need of its dictionaries, worked out once. */
export interface Shop {
  readonly history: History;
  readonly zone: ZoneTable;
  /** Customer number → its runs in file order; guests are not in it. */
  readonly runsOf: ReadonlyMap<number, readonly number[]>;
  readonly isGoods: readonly boolean[];
  /** Per price: pence, or null where it is not above zero. */
  readonly pence: readonly (number | null)[];
}

/** Prepares a history for the functions below. @complexity O(runs + dictionaries) */
export function openShop(history: History, zone: ZoneTable): Shop {
  const runsOf = new Map<number, number[]>();
  history.runs.customer.forEach((customer, run) => {
    if (customer === 0) return;
    const runs = runsOf.get(customer);
    if (runs === undefined) runsOf.set(customer, [run]);
    else runs.push(run);
  });
  const isGoods = history.codes.map((code) => /^\d{5}/.test(code));
  const pence = history.prices.map((text) => (isPositive(text) ? penceOf(text) : null));
  return { history, zone, runsOf, isGoods, pence };
}

/** What a line is by the rules: part of an order, part of a cancellation, or skipped for a reason. */
export function classify(shop: Shop, row: number): 'order' | 'cancellation' | SkipReason {
  const { history } = shop;
  const run = history.runOfRow[row] ?? 0;
  const kind = /^(C?)\d+$/.exec(history.runs.invoice[run] ?? '')?.[1];
  const quantity = history.quantity[row] ?? 0;
  if (kind === undefined) return 'adjustment';
  if (history.runs.customer[run] === 0) return 'guest';
  if (shop.isGoods[history.code[row] ?? 0] !== true) return 'not-goods';
  if (kind === 'C') return quantity < 0 ? 'cancellation' : 'bad-quantity';
  if (quantity <= 0) return 'bad-quantity';
  return shop.pence[history.price[row] ?? 0] === null ? 'bad-price' : 'order';
}

/** An invoice's kept lines: their rows, in file order. */
interface Invoice {
  readonly number: string;
  readonly at: number;
  readonly rows: number[];
}

function byTime(a: Invoice, b: Invoice): number {
  return a.at - b.at || (a.rows[0] ?? 0) - (b.rows[0] ?? 0);
}

function invoicesOf(shop: Shop, customer: number): { orders: Invoice[]; cancellations: Invoice[] } {
  const { runs } = shop.history;
  const found = { order: new Map<string, Invoice>(), cancellation: new Map<string, Invoice>() };
  for (const run of shop.runsOf.get(customer) ?? []) {
    for (let row = runs.firstRow[run] ?? 0; row < (runs.firstRow[run + 1] ?? 0); row++) {
      const kind = classify(shop, row);
      if (kind !== 'order' && kind !== 'cancellation') continue;
      const number = runs.invoice[run] ?? '';
      const invoice = found[kind].get(number);
      if (invoice !== undefined) invoice.rows.push(row);
      else {
        const at = instantOfLocal((runs.minute[run] ?? 0) * 60_000, shop.zone);
        found[kind].set(number, { number, at, rows: [row] });
      }
    }
  }
  const sorted = (map: Map<string, Invoice>) => [...map.values()].sort(byTime);
  return { orders: sorted(found.order), cancellations: sorted(found.cancellation) };
}

/** Purchased units of one stock code, oldest first, and how many of them are already spoken for. */
interface Queue {
  readonly purchases: {
    readonly order: number;
    readonly line: number;
    readonly at: number;
    readonly quantity: number;
  }[];
  purchase: number;
  unit: number;
}

function queuesOf(shop: Shop, orders: readonly Invoice[]): Map<number, Queue> {
  const { history } = shop;
  const queues = new Map<number, Queue>();
  const lines = orders.flatMap(({ at, rows }, order) => rows.map((row, line) => ({ order, line, at, row })));
  lines.sort((a, b) => a.at - b.at || a.row - b.row);
  for (const { order, line, at, row } of lines) {
    const code = history.code[row] ?? 0;
    const queue = queues.get(code) ?? { purchases: [], purchase: 0, unit: 0 };
    queue.purchases.push({ order, line, at, quantity: history.quantity[row] ?? 0 });
    queues.set(code, queue);
  }
  return queues;
}

interface Taken {
  readonly order: number;
  readonly line: number;
  readonly units: number;
}

/** Takes `units` off the queue at `at`; those whose purchase is later, or missing, pass by unmatched. */
function take(queue: Queue | undefined, units: number, at: number): Taken[] {
  const taken: Taken[] = [];
  while (queue !== undefined && units > 0) {
    const purchase = queue.purchases[queue.purchase];
    if (purchase === undefined) break;
    const count = Math.min(units, purchase.quantity - queue.unit);
    if (purchase.at <= at) taken.push({ order: purchase.order, line: purchase.line, units: count });
    units -= count;
    queue.unit += count;
    if (queue.unit === purchase.quantity) {
      queue.purchase++;
      queue.unit = 0;
    }
  }
  return taken;
}

function orderCommand(shop: Shop, account: string, { number, at, rows }: Invoice): ReceiveOrder {
  const { history } = shop;
  const lines = rows.map((row) => {
    const quantity = history.quantity[row] ?? 0;
    const paid = quantity * (shop.pence[history.price[row] ?? 0] ?? 0);
    return { item: history.codes[history.code[row] ?? 0] ?? '', quantity, paid };
  });
  return {
    id: `order-${number}`,
    kind: 'receive-order',
    account,
    author: 'commerce',
    at,
    order: number,
    currency: 'GBP',
    lines,
  };
}

function refundCommand(
  account: string,
  { number, at }: Invoice,
  order: string,
  units: ReadonlyMap<number, number>,
): RefundOrder {
  const refund = `${number}-${order}`;
  const lines = [...units].sort(([a], [b]) => a - b).map(([line, quantity]) => ({ line, quantity }));
  return { id: `refund-${refund}`, kind: 'refund-order', account, author: 'commerce', at, order, refund, lines };
}

interface Refunds {
  readonly commands: RefundOrder[];
  cancelled: number;
  matched: number;
}

function refundsOf(
  shop: Shop,
  account: string,
  orders: readonly Invoice[],
  cancellations: readonly Invoice[],
): Refunds {
  const { history } = shop;
  const queues = queuesOf(shop, orders);
  const refunds: Refunds = { commands: [], cancelled: 0, matched: 0 };
  for (const cancellation of cancellations) {
    const perOrder = new Map<number, Map<number, number>>();
    for (const row of cancellation.rows) {
      const units = -(history.quantity[row] ?? 0);
      refunds.cancelled += units;
      for (const { order, line, units: some } of take(queues.get(history.code[row] ?? 0), units, cancellation.at)) {
        const lines = perOrder.get(order) ?? new Map<number, number>();
        lines.set(line, (lines.get(line) ?? 0) + some);
        perOrder.set(order, lines);
        refunds.matched += some;
      }
    }
    for (const [order, lines] of [...perOrder].sort(([a], [b]) => a - b)) {
      refunds.commands.push(refundCommand(account, cancellation, orders[order]?.number ?? '', lines));
    }
  }
  return refunds;
}

/** Everything one customer did, as commands in time order. Customers without dealings have no commands. */
export function dealingsOf(shop: Shop, customer: number): Dealings {
  const account = String(customer);
  const { orders, cancellations } = invoicesOf(shop, customer);
  const refunds = refundsOf(shop, account, orders, cancellations);
  const received = orders.map((order) => orderCommand(shop, account, order));
  const rank = { 'receive-order': 0, 'refund-order': 1 };
  // Both lists are in (instant, row) order already and the sort is stable.
  const commands = [...received, ...refunds.commands].sort((a, b) => a.at - b.at || rank[a.kind] - rank[b.kind]);
  return { commands, cancelledUnits: refunds.cancelled, unmatchedUnits: refunds.cancelled - refunds.matched };
}

/** Lines of the whole history by what they are. Sums to the row count. */
export function tally(shop: Shop): Record<ReturnType<typeof classify>, number> {
  const counts = {
    order: 0,
    cancellation: 0,
    adjustment: 0,
    guest: 0,
    'not-goods': 0,
    'bad-quantity': 0,
    'bad-price': 0,
  };
  for (let row = 0; row < shop.history.rowCount; row++) counts[classify(shop, row)]++;
  return counts;
}

/** All customers' commands, by instant, then orders before refunds, then customer number. */
export function allCommands(shop: Shop): Command[] {
  const customers = [...shop.runsOf.keys()].sort((a, b) => a - b);
  const commands = customers.flatMap((customer) => dealingsOf(shop, customer).commands);
  const rank = { 'receive-order': 0, 'refund-order': 1 };
  return commands.sort((a, b) => a.at - b.at || rank[a.kind] - rank[b.kind]);
}
