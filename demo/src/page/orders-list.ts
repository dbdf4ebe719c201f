// SPDX-License-Identifier: MIT
/** What the customer really did, newest first: orders with their goods, and refunds. */
import { artworkOf, drawArtwork } from '../artwork.js';
import type { Product } from '../catalogue.js';
import type { Command, ReceiveOrder, RefundOrder } from '../history/orders.js';
import { el } from './dom.js';
import { count, money, shortDate } from './words.js';

type Catalogue = ReadonlyMap<string, Product>;

const kShown = 8;
const kPictures = 5;

/** The lines that cost most, with a picture each. */
function pictures(order: ReceiveOrder, catalogue: Catalogue): HTMLElement {
  const dearest = [...order.lines].sort((a, b) => b.paid - a.paid).slice(0, kPictures);
  const cells = dearest.map(({ item, quantity, paid }) => {
    const title = catalogue.get(item)?.title ?? item;
    return el(
      'li',
      { title: `${quantity} × ${title}, ${money(paid)}` },
      drawArtwork(document, artworkOf(item, title)),
      el('span', { class: 'hidden' }, `${quantity} × ${title}`),
    );
  });
  const rest = order.lines.length - dearest.length;
  return el('ul', { class: 'thumbs' }, ...cells, rest > 0 ? el('li', { class: 'thumbs__rest' }, `+${rest}`) : null);
}

function orderRow(order: ReceiveOrder, catalogue: Catalogue): HTMLElement {
  const paid = order.lines.reduce((sum, line) => sum + line.paid, 0);
  const units = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const words = el(
    'p',
    {},
    el('b', {}, money(paid)),
    el('span', {}, `${shortDate(order.at)} · order ${order.order} · ${count(units, 'unit')}`),
  );
  return el('li', { class: 'dealing' }, words, pictures(order, catalogue));
}

function refundRow(refund: RefundOrder): HTMLElement {
  const units = refund.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const facts = `${shortDate(refund.at)} · ${count(units, 'unit')} of order ${refund.order}`;
  return el('li', { class: 'dealing dealing--refund' }, el('p', {}, el('b', {}, 'Refund'), el('span', {}, facts)));
}

/** The section of dealings up to an instant. */
export function ordersSection(commands: readonly Command[], at: number, catalogue: Catalogue): HTMLElement {
  const done = commands.filter((command) => command.at <= at);
  const latest = done.slice(-kShown).reverse();
  const rows = latest.map((command) =>
    command.kind === 'receive-order' ? orderRow(command, catalogue) : refundRow(command),
  );
  const words =
    done.length === 0
      ? 'Nothing yet.'
      : `The latest ${latest.length} of ${count(done.length, 'order or refund', 'orders and refunds')} so far.`;
  return el(
    'section',
    { class: 'card dealings-card', 'aria-labelledby': 'dealings-title' },
    el('h3', { id: 'dealings-title' }, 'What they did'),
    el('p', { class: 'quiet' }, words),
    el('ol', { class: 'dealings' }, ...rows),
  );
}
