// SPDX-License-Identifier: MIT
/** The sums that always hold, each from two sides that know nothing of each other: the engine's journal, the shop's books, the two pages. */
import { el } from '../page/dom.js';
import { money, number } from '../page/words.js';
import { kNames, kShoppers, type BackendAccount, type Report, type ShopState, type Who } from './contract.js';

interface Sum {
  readonly label: string;
  readonly left: string;
  readonly right: string;
  readonly state: 'holds' | 'settling' | 'broken';
  readonly note: string;
}

const kMarks = { holds: '✓', settling: '…', broken: '✗' } as const;

function stockSum({ stock }: ShopState): Sum {
  const { total, available, held, sold } = stock;
  return {
    label: 'Stock',
    left: `${number(available)} free + ${number(held)} held + ${number(sold)} sold`,
    right: number(total),
    state: available + held + sold === total ? 'holds' : 'broken',
    note: 'Every unit is in one place.',
  };
}

function moneySum({ money: sum }: ShopState): Sum {
  const onTheWay = sum.onTheWay > 0 ? ` + ${money(sum.onTheWay)} on its way` : '';
  return {
    label: 'Money',
    left: `${money(sum.orders)} in orders + ${money(sum.refunded)} given back${onTheWay}`,
    right: `${money(sum.charged)} charged`,
    state: !sum.balanced ? 'broken' : sum.onTheWay > 0 ? 'settling' : 'holds',
    note: 'The shop’s books against the engine’s decisions.',
  };
}

const placed = ({ active, pending, spent, expired, clawedBack, debt }: BackendAccount): number =>
  active + pending + spent + expired + clawedBack - debt;

function pointsSum({ accounts }: ShopState): Sum {
  const all = kShoppers.map((who) => accounts[who]);
  const sum = (of: (one: BackendAccount) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    label: 'Points',
    left: `${number(sum(({ active }) => active))} to spend + ${number(sum(({ pending }) => pending))} on hold + ${number(sum(({ spent }) => spent))} spent`,
    right: `${number(sum(({ earned }) => earned))} earned`,
    state: all.every((one) => placed(one) === one.earned) ? 'holds' : 'broken',
    note: 'Nobody can make a point.',
  };
}

function pageSum({ accounts, network }: ShopState, who: Who, report: Report | undefined): Sum {
  const backend = accounts[who];
  const isSame = report?.digest === backend.digest;
  // A page that is behind catches up; one that says something else of the same facts is wrong.
  const state = isSame ? 'holds' : report?.seq === backend.seq ? 'broken' : 'settling';
  return {
    label: `${kNames[who]}’s page`,
    left: `${report?.digest.slice(0, 8) ?? '…'} after ${number(report?.seq ?? 0)}`,
    right: `${backend.digest.slice(0, 8)} in the backend`,
    state,
    note:
      network[who] === 'offline' && !isSame ? 'Offline: it catches up by itself.' : 'The same facts, the same state.',
  };
}

function sumElement({ label, left, right, state, note }: Sum): HTMLElement {
  return el(
    'div',
    { class: `sum sum--${state}`, 'data-sum': label, 'data-state': state },
    el('dt', {}, label, el('span', { class: 'sum__mark', role: 'img', 'aria-label': state }, kMarks[state])),
    el('dd', {}, el('span', {}, left), el('b', {}, `= ${right}`), el('small', {}, note)),
  );
}

/** Writes the sums. */
export function showLedger(place: HTMLElement, state: ShopState, report: (who: Who) => Report | undefined): void {
  const sums = [
    stockSum(state),
    moneySum(state),
    pointsSum(state),
    ...kShoppers.map((who) => pageSum(state, who, report(who))),
  ];
  place.replaceChildren(...sums.map(sumElement));
}
