// SPDX-License-Identifier: MIT
/** The shop window beside the headline: some of the shop's best sellers, drawn before any data has come. Decoration only. */
import { artworkOf, drawArtwork } from '../artwork.js';
import { el } from './dom.js';

const kBestSellers = [
  ['84879', 'Assorted Colour Bird Ornament'],
  ['22423', 'Regency Cakestand 3 Tier'],
  ['85099B', 'Jumbo Bag Red Retrospot'],
  ['22727', 'Alarm Clock Bakelike Red'],
  ['22699', 'Roses Regency Teacup and Saucer'],
  ['23245', 'Set of 3 Regency Cake Tins'],
  ['47566', 'Party Bunting'],
  ['21212', 'Pack of 72 Retrospot Cake Cases'],
  ['22960', 'Jam Making Set with Jars'],
] as const;

/** Fills the window's place. */
export function dressWindow(place: HTMLElement): void {
  place.replaceChildren(
    ...kBestSellers.map(([code, title]) =>
      el('div', { class: 'window__pane' }, drawArtwork(document, artworkOf(code, title))),
    ),
  );
}
