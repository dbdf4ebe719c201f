// SPDX-License-Identifier: MIT
/** The account of the chosen customer: the page below the picker, put together and kept up to date. */
import type { Suggestion } from '../advisor.js';
import type { Product } from '../catalogue.js';
import type { Customer } from '../customers.js';
import type { Dealings } from '../history/orders.js';
import type { AccountView } from '../reader.js';
import { el } from './dom.js';
import { LotsCard } from './lots.js';
import { ordersSection } from './orders-list.js';
import { recommendationsSection } from './recommendations.js';
import { levelCard, pointsCard, type Rung } from './summary.js';
import type { TimeMachine } from './time-machine.js';
import { count, money, number } from './words.js';

/** Everything that the account shows at one instant. */
export interface AccountModel {
  readonly customer: Customer;
  readonly dealings: Dealings;
  readonly view: AccountView;
  readonly suggestions: readonly Suggestion[];
}

function facts({ customer, dealings }: AccountModel): string {
  const refunds = dealings.commands.length - customer.orders;
  const loose =
    dealings.unmatchedUnits > 0
      ? ` ${number(dealings.unmatchedUnits)} cancelled units match no order in these months.`
      : '';
  return `${customer.country}. ${money(customer.paid)} in ${count(customer.orders, 'order')}, ${count(refunds, 'refund')}.${loose}`;
}

/** Keeps the slider and the card of lots, which have a state of their own, and replaces the rest. */
export class AccountPage {
  private readonly title = el('h2', { id: 'account-title' });
  private readonly facts = el('p', { class: 'quiet' });
  private readonly points = el('div', { class: 'slot slot--points' });
  private readonly level = el('div', { class: 'slot slot--level' });
  private readonly suggestions = el('div', { class: 'slot slot--suggestions' });
  private readonly dealings = el('div', { class: 'slot' });
  private readonly spoken = el('p', { class: 'hidden', role: 'status' });
  private readonly lots = new LotsCard();
  private shown = 0;

  constructor(
    place: HTMLElement,
    private readonly time: TimeMachine,
    private readonly rungs: readonly Rung[],
    private readonly catalogue: ReadonlyMap<string, Product>,
  ) {
    place.replaceChildren(
      el('div', { class: 'who' }, this.title, this.facts, this.spoken),
      time.element,
      el(
        'div',
        { class: 'columns' },
        el('div', { class: 'column' }, this.points, this.level),
        el('div', { class: 'column' }, this.lots.element),
      ),
      this.suggestions,
      this.dealings,
    );
  }

  show(model: AccountModel, day: number): void {
    const { customer, dealings, view, suggestions } = model;
    if (this.shown !== customer.number) {
      this.shown = customer.number;
      this.title.textContent = `Customer ${customer.number}`;
      this.facts.textContent = facts(model);
      this.time.load(dealings.commands);
      this.lots.reset();
    }
    this.time.set(day);
    this.points.replaceChildren(pointsCard(view));
    this.level.replaceChildren(levelCard(view, this.rungs));
    this.lots.show(view, dealings.commands);
    this.suggestions.replaceChildren(recommendationsSection(this.catalogue, suggestions));
    this.dealings.replaceChildren(ordersSection(dealings.commands, view.at, this.catalogue));
    this.spoken.textContent = `Customer ${customer.number}: ${count(view.points.totals.active, 'point')} to spend, level ${view.level.name}.`;
  }
}
