// SPDX-License-Identifier: MIT
/**
 * The life of each lot of points, one row per order: earned, held while it may be returned, active, and what became of it. A bar drawn from
 * the engine's own instants, and the same in words.
 */
import type { Command, ReceiveOrder, RefundOrder } from '../history/orders.js';
import type { AccountView, LotView } from '../reader.js';
import { el, svg } from './dom.js';
import { count, lastDay, list, money, number, shortDate } from './words.js';

/** The stretch of time that the bars lie in: from the first order to the last expiry. */
const kFrom = Date.UTC(2010, 11, 1);
const kUntil = Date.UTC(2012, 4, 1);

/** What the short list shows of each kind, the largest ones: so that every fate is seen at once. */
const kSamples: readonly (readonly [some: number, fits: (life: Life) => boolean])[] = [
  [2, ({ lot }) => lot.phase === 'pending'],
  [2, ({ refunds }) => refunds.length > 0],
  [2, ({ lot }) => lot.phase === 'active'],
  [2, ({ lot }) => lot.phase === 'expired'],
];

const percent = (instant: number): number =>
  Math.round((10_000 * Math.min(Math.max(instant - kFrom, 0), kUntil - kFrom)) / (kUntil - kFrom)) / 100;

function stretch(kind: string, from: number, until: number): SVGRectElement | null {
  const [x, end] = [percent(from), percent(until)];
  return end <= x
    ? null
    : svg('rect', { class: `life life--${kind}`, x: `${x}%`, y: 7, width: `${end - x}%`, height: 10, rx: 3 });
}

interface Life {
  readonly lot: LotView;
  readonly order: ReceiveOrder;
  readonly refunds: readonly RefundOrder[];
}

/** The largest lots of each kind, in the order of the list. */
function samplesOf(lives: readonly Life[]): Life[] {
  const bySize = [...lives].sort((a, b) => b.lot.original - a.lot.original);
  const chosen = new Set<Life>();
  for (const [some, fits] of kSamples)
    bySize
      .filter((life) => fits(life) && !chosen.has(life))
      .slice(0, some)
      .forEach((life) => chosen.add(life));
  return lives.filter((life) => chosen.has(life));
}

/** When nothing was left of a lot, if that came before its expiry. */
function emptied({ lot, refunds }: Life): number {
  const last = refunds.at(-1)?.at ?? Infinity;
  return lot.remaining === 0 && lot.expired === 0 ? last : Infinity;
}

function bar(life: Life, at: number): SVGSVGElement {
  const { lot, order, refunds } = life;
  const end = Math.min(lot.expiresAt ?? kUntil, emptied(life));
  const held = Math.min(lot.activeAt, end);
  const marks = refunds.map((refund) =>
    svg('rect', { class: 'mark', x: `${percent(refund.at)}%`, y: 4, width: 3, height: 16, rx: 1.5 }),
  );
  const parts = [
    stretch('held', order.at, Math.min(held, at)),
    stretch('held later', Math.max(order.at, Math.min(held, at)), held),
    stretch('active', held, Math.min(end, Math.max(held, at))),
    stretch('active later', Math.max(held, Math.min(end, at)), end),
  ].filter((part) => part !== null);
  const now = svg('rect', { class: 'now', x: `${percent(at)}%`, y: 0, width: 1.5, height: 24 });
  return svg(
    'svg',
    { class: 'lifeline', 'aria-hidden': 'true' },
    svg('rect', { class: 'rail', y: 11.5, width: '100%', height: 1 }),
    ...parts,
    ...marks,
    now,
  );
}

/** What happened to a lot, in words; the numbers add up to what it was. */
function story({ lot, refunds }: Life): string {
  const parts: string[] = [];
  if (lot.phase === 'pending' && lot.remaining > 0)
    parts.push(`${number(lot.remaining)} held until ${lastDay(lot.activeAt)}`);
  if (lot.phase === 'active' && lot.remaining > 0)
    parts.push(
      `${number(lot.remaining)} active${lot.expiresAt === undefined ? '' : ` until ${lastDay(lot.expiresAt)}`}`,
    );
  if (lot.expired > 0) parts.push(`${number(lot.expired)} expired after ${lastDay(lot.expiresAt ?? 0)}`);
  if (lot.clawedBack > 0) parts.push(`${number(lot.clawedBack)} taken back with ${count(refunds.length, 'refund')}`);
  return parts.length === 0 ? 'nothing is left' : list(parts);
}

function row(life: Life, at: number): HTMLElement {
  const { lot, order } = life;
  const paid = order.lines.reduce((sum, line) => sum + line.paid, 0);
  return el(
    'li',
    { class: `lot lot--${lot.phase}` },
    el(
      'p',
      { class: 'lot__head' },
      el('span', {}, el('b', {}, shortDate(order.at)), ` ${money(paid)}`),
      el('span', { class: 'lot__points' }, `+${number(lot.original)}`),
    ),
    bar(life, at),
    el('p', { class: 'lot__story' }, story(life)),
  );
}

function livesOf(view: AccountView, commands: readonly Command[]): Life[] {
  const orders = new Map<string, ReceiveOrder>();
  const refunds = new Map<string, RefundOrder[]>();
  for (const command of commands) {
    if (command.at > view.at) break;
    if (command.kind === 'receive-order') orders.set(command.order, command);
    else refunds.set(command.order, [...(refunds.get(command.order) ?? []), command]);
  }
  const lives = view.points.lots.flatMap((lot): Life[] => {
    const order = orders.get(lot.order);
    return order === undefined ? [] : [{ lot, order, refunds: refunds.get(lot.order) ?? [] }];
  });
  return lives.sort((a, b) => b.order.at - a.order.at || b.lot.lot - a.lot.lot);
}

function axis(): SVGSVGElement {
  const months = Array.from({ length: 17 }, (_, i) => new Date(Date.UTC(2010, 11 + i, 1)));
  const labels = months.map((month, i) => {
    const words =
      month.getUTCMonth() === 0
        ? String(month.getUTCFullYear())
        : month.toLocaleString('en-GB', { month: 'short', timeZone: 'UTC' });
    return svg(
      'text',
      { x: `${percent(month.getTime())}%`, y: 12, class: i % 3 === 1 ? 'axis__main' : 'axis__fine' },
      words,
    );
  });
  return svg('svg', { class: 'axis', 'aria-hidden': 'true' }, ...labels);
}

function legend(): HTMLElement {
  const keys = [
    ['pending', 'held'],
    ['active', 'active'],
    ['refund', 'refund'],
  ] as const;
  return el(
    'p',
    { class: 'legend', 'aria-hidden': 'true' },
    ...keys.map(([key, label]) => el('span', { class: `key key--${key}` }, label)),
  );
}

/** The card with the lots, newest first; more than a handful wait behind a button. */
export class LotsCard {
  private readonly rows = el('ol', { class: 'lots' });
  private readonly more = el('button', { type: 'button', class: 'more' });
  private readonly none = el('p', { class: 'quiet' }, 'No order yet. Move on in time.');
  readonly element = el(
    'section',
    { class: 'card life-card', 'aria-labelledby': 'lots-title' },
    el('div', { class: 'card__head' }, el('h3', { id: 'lots-title' }, 'The life of each order’s points'), legend()),
    axis(),
    this.rows,
    this.none,
    this.more,
  );
  private all = false;
  private again: () => void = () => undefined;

  constructor() {
    this.more.addEventListener('click', () => {
      this.all = !this.all;
      this.again();
    });
  }

  /** Back to the short list, for another customer. */
  reset(): void {
    this.all = false;
  }

  show(view: AccountView, commands: readonly Command[]): void {
    const lives = livesOf(view, commands);
    const samples = samplesOf(lives);
    const shown = this.all ? lives : samples;
    this.rows.replaceChildren(...shown.map((life) => row(life, view.at)));
    this.none.hidden = lives.length > 0;
    this.more.hidden = lives.length === samples.length;
    this.more.textContent = this.all ? 'Show the largest only' : `Show all ${number(lives.length)}`;
    this.more.setAttribute('aria-expanded', String(this.all));
    this.again = () => this.show(view, commands);
  }
}
