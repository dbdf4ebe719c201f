// SPDX-License-Identifier: MIT
/** Choosing a customer: a search box with a list (the ARIA combobox pattern), the biggest as suggestions, and "surprise me". */
import { findCustomers, type Customer } from '../customers.js';
import { el } from './dom.js';
import { count, money } from './words.js';

const kMatches = 8;
const kSuggestions = 5;

type Choose = (customer: number) => void;

function option(customer: Customer, index: number): HTMLElement {
  const facts = `${customer.country} · ${count(customer.orders, 'order')} · ${money(customer.paid)}`;
  const attributes = {
    role: 'option',
    id: `match-${index}`,
    'data-customer': customer.number,
    'aria-selected': 'false',
  };
  return el('li', attributes, el('strong', {}, String(customer.number)), el('span', {}, facts));
}

/** The search box. Arrow keys move in the list, Enter chooses, Escape closes. */
class Combobox {
  readonly element: HTMLElement;
  private readonly input = el('input', {
    type: 'text',
    id: 'search',
    role: 'combobox',
    placeholder: 'Number or country',
    autocomplete: 'off',
    inputmode: 'search',
    enterkeyhint: 'go',
    'aria-expanded': 'false',
    'aria-controls': 'matches',
    'aria-autocomplete': 'list',
  });
  private readonly matches = el('ul', {
    id: 'matches',
    role: 'listbox',
    'aria-label': 'Customers',
    class: 'matches',
    hidden: true,
  });
  private active = -1;

  constructor(
    private readonly customers: readonly Customer[],
    private readonly choose: Choose,
  ) {
    const label = el('label', { for: 'search' }, `Find one of ${count(customers.length, 'customer')}`);
    this.element = el('div', { class: 'search' }, label, this.input, this.matches);
    this.input.addEventListener('input', () => this.open());
    this.input.addEventListener('focus', () => this.open());
    this.input.addEventListener('blur', () => this.close());
    this.input.addEventListener('keydown', (event) => this.key(event));
    // A press on the list must not take the focus from the box, or the list would close before the click.
    this.matches.addEventListener('pointerdown', (event) => event.preventDefault());
    this.matches.addEventListener('click', (event) => this.take((event.target as Element).closest('li')));
  }

  private open(): void {
    const found = findCustomers(this.customers, this.input.value, kMatches);
    this.matches.replaceChildren(...found.map(option));
    if (found.length === 0)
      this.matches.append(
        el(
          'li',
          { class: 'matches__none', role: 'option', 'aria-disabled': 'true' },
          'Nobody by that number or country',
        ),
      );
    this.matches.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
    this.mark(-1);
  }

  private close(): void {
    this.matches.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.mark(-1);
  }

  private mark(index: number): void {
    const options = [...this.matches.querySelectorAll('[data-customer]')];
    this.active = options.length === 0 || index < 0 ? -1 : index % options.length;
    options.forEach((node, i) => node.setAttribute('aria-selected', String(i === this.active)));
    const id = options[this.active]?.id;
    if (id === undefined) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', id);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter') this.take(this.matches.children[Math.max(this.active, 0)] ?? null);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.step(event);
  }

  private step(event: KeyboardEvent): void {
    event.preventDefault();
    if (this.matches.hidden) this.open();
    const size = this.matches.querySelectorAll('[data-customer]').length;
    const by = event.key === 'ArrowDown' ? 1 : -1;
    this.mark(this.active < 0 ? (by > 0 ? 0 : size - 1) : (this.active + by + size) % size);
  }

  private take(node: Element | null): void {
    const customer = Number(node?.getAttribute('data-customer') ?? 0);
    if (customer === 0) return;
    this.input.value = '';
    this.close();
    this.choose(customer);
  }
}

/** Fills the picker's place. `choose` is called with a customer's number. */
export function mountPicker(place: HTMLElement, customers: readonly Customer[], choose: Choose): void {
  const box = new Combobox(customers, choose);
  const chip = (customer: Customer): HTMLElement => {
    const button = el(
      'button',
      { type: 'button', class: 'chip' },
      el('strong', {}, String(customer.number)),
      ` ${customer.country}`,
    );
    button.addEventListener('click', () => choose(customer.number));
    return button;
  };
  const surprise = el('button', { type: 'button', class: 'button', id: 'surprise' }, 'Surprise me');
  surprise.addEventListener('click', () => {
    const one = customers[Math.floor(Math.random() * customers.length)];
    if (one !== undefined) choose(one.number);
  });
  const biggest = el(
    'div',
    { class: 'chips', role: 'group', 'aria-label': 'The biggest customers' },
    ...customers.slice(0, kSuggestions).map(chip),
  );
  place.replaceChildren(el('div', { class: 'picker__row' }, box.element, surprise), biggest);
}
