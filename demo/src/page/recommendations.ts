// SPDX-License-Identifier: MIT
/** What to show the customer next: product cards with the engine's own reasons, in words. */
import { artworkOf, drawArtwork } from '../artwork.js';
import type { Product } from '../catalogue.js';
import type { Suggestion } from '../advisor.js';
import { el } from './dom.js';
import { count, money } from './words.js';

type Catalogue = ReadonlyMap<string, Product>;

const titleOf = (catalogue: Catalogue, code: string): string => catalogue.get(code)?.title ?? code;

/** One reason as a sentence. */
function because(catalogue: Catalogue, { reasons }: Suggestion): string {
  const pairs = reasons.filter((reason) => reason.kind === 'bought-with');
  const [first] = pairs;
  if (first === undefined) return 'Popular with everyone in this shop.';
  const orders = first.orders >= 255 ? 'more than 250 orders' : count(first.orders, 'order');
  const others =
    pairs.length > 1 ? ` And with ${count(pairs.length - 1, 'other thing', 'other things')} of theirs.` : '';
  return `Bought together with ${titleOf(catalogue, first.item)} in ${orders}.${others}`;
}

function card(catalogue: Catalogue, suggestion: Suggestion): HTMLElement {
  const product = catalogue.get(suggestion.item);
  const title = titleOf(catalogue, suggestion.item);
  return el(
    'li',
    { class: 'product', 'data-item': suggestion.item },
    el('div', { class: 'product__picture' }, drawArtwork(document, artworkOf(suggestion.item, title))),
    el('h4', {}, title),
    el('p', { class: 'product__price' }, product === undefined ? '' : money(product.price)),
    el('p', { class: 'product__reason' }, because(catalogue, suggestion)),
  );
}

/** The section of suggestions. */
export function recommendationsSection(catalogue: Catalogue, suggestions: readonly Suggestion[]): HTMLElement {
  return el(
    'section',
    { class: 'suggestions', 'aria-labelledby': 'suggestions-title' },
    el('h3', { id: 'suggestions-title' }, 'What to recommend to them now'),
    el('ul', { class: 'products' }, ...suggestions.map((suggestion) => card(catalogue, suggestion))),
  );
}
