// SPDX-License-Identifier: MIT
/** What the shop's history says about its goods: a title, the last price, how often it was ordered. */
import type { Shop } from './history/orders.js';

export interface Product {
  readonly code: string;
  readonly title: string;
  /** Last unit price, pence. */
  readonly price: number;
  /** Invoices that sold it, guests' included. */
  readonly orders: number;
}

const kSmallWords = new Set(['a', 'and', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'with']);
const kKept = new Set([
  '3D',
  'ABC',
  'BBQ',
  'CD',
  'DVD',
  'DIY',
  'LED',
  'UK',
  'USA',
  'TV',
  'I',
  'II',
  'A4',
  'A5',
  'A6',
  'XL',
  'NYC',
]);
const kUnits = new Set(['CM', 'MM', 'ML', 'KG']);

function tidyWord(word: string, first: boolean): string {
  if (kKept.has(word)) return word;
  const bare = word.replace(/^\d+(?:\.\d+)?/, '');
  if (kUnits.has(bare) || (bare !== word && bare === 'M')) return word.toLowerCase();
  const lower = word.toLowerCase();
  if (!first && kSmallWords.has(lower)) return lower;
  // A letter starts a word unless it follows a letter, a digit or an apostrophe: T-Light, Can't, 3rd.
  return lower.replace(
    /(^|[^\p{L}\d'’])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

/**
 * A title for people from the source's capitals: `SET/3 RED T-LIGHTS,GLASS ` → `Set of 3 Red T-Lights, Glass`. A text that has small
 * letters already is only trimmed.
 */
export function tidyTitle(text: string): string {
  const spaced = text.trim().replace(/\s+/g, ' ');
  if (/\p{Ll}/u.test(spaced)) return spaced;
  const words = spaced
    .replace(/\bS(?:ET)?\/(\d+)/g, 'SET OF $1')
    .replace(/\bOF(\d)/g, 'OF $1')
    .replace(/\bW\/\s*/g, 'WITH ')
    .replace(/\s+(?=[,.])/g, '')
    .replace(/,(?=\S)/g, ', ')
    .replace(/\.(?=\p{Lu}{2})/gu, '. ')
    .trim()
    .replace(/[.,]$/, '')
    .split(/\s+/);
  return words.map((word, i) => tidyWord(word, i === 0)).join(' ');
}

interface Seen {
  readonly titles: Map<number, number>;
  price: number;
  orders: number;
  lastInvoice: string;
}

function note(seen: Seen, description: number, price: number, invoice: string): void {
  seen.titles.set(description, (seen.titles.get(description) ?? 0) + 1);
  seen.price = price;
  if (seen.lastInvoice !== invoice) seen.orders++;
  seen.lastInvoice = invoice;
}

function mostFrequent(titles: ReadonlyMap<number, number>, texts: readonly string[]): string {
  const byUse = [...titles].sort(([a, x], [b, y]) => y - x || a - b);
  return texts[byUse[0]?.[0] ?? 0] ?? '';
}

/** The goods that were sold at a price, by stock code. @complexity O(rows) */
export function catalogueOf(shop: Shop): ReadonlyMap<string, Product> {
  const { history } = shop;
  const seen = new Map<number, Seen>();
  for (let row = 0; row < history.rowCount; row++) {
    const code = history.code[row] ?? 0;
    const price = shop.pence[history.price[row] ?? 0] ?? null;
    if (price === null || shop.isGoods[code] !== true || (history.quantity[row] ?? 0) <= 0) continue;
    const one = seen.get(code) ?? { titles: new Map<number, number>(), price, orders: 0, lastInvoice: '' };
    note(one, history.description[row] ?? 0, price, history.runs.invoice[history.runOfRow[row] ?? 0] ?? '');
    seen.set(code, one);
  }
  const products = [...seen].map(([index, { titles, price, orders }]): [string, Product] => {
    const code = history.codes[index] ?? '';
    return [code, { code, title: tidyTitle(mostFrequent(titles, history.descriptions)), price, orders }];
  });
  return new Map(products);
}
