// SPDX-License-Identifier: MIT
/** The seats of a team as a row of faces. */
import type { TeamView } from 'souk';
import { el } from '../page/dom.js';

const kSize = 3;

/** Whose letter a masked name shows: the two shoppers have their own colour. */
const faceOf = (letter: string): string => ({ A: 'ana', B: 'ben' })[letter] ?? 'other';

/** A row of seats; of a team that failed, empty ones. */
export function seatsRow(team: TeamView | undefined): HTMLElement {
  const size = team?.size ?? kSize;
  const seats = Array.from({ length: size }, (_, i) => {
    const seat = team?.seats[i];
    if (seat === undefined) return el('li', { class: 'face face--free' }, el('span', { class: 'hidden' }, 'free seat'));
    const letter = seat.name.slice(0, 1);
    const style = `face face--${faceOf(letter)}${seat.own ? ' face--own' : ''}`;
    return el('li', { class: style }, letter, el('span', { class: 'hidden' }, seat.own ? ', your seat' : ', taken'));
  });
  const isFull = team?.phase === 'formed';
  return el('ul', { class: `row${isFull ? ' row--full' : ''}`, 'aria-label': 'Seats of the team' }, ...seats);
}
