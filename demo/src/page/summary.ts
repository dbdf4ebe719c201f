// SPDX-License-Identifier: MIT
/** Points and level at a glance: what can be spent, what is held, what is owed, and the way to the next level. */
import type { AccountView } from '../reader.js';
import { el, svg } from './dom.js';
import { count, lastDay, number, shortDate } from './words.js';

type Totals = AccountView['points']['totals'];

/** The next instant at which points become active, and how many. */
function nextActive({ points }: AccountView): string {
  const held = points.lots.filter(({ phase, remaining }) => phase === 'pending' && remaining > 0);
  const first = Math.min(...held.map(({ activeAt }) => activeAt));
  if (held.length === 0) return 'nothing is waiting for a return window';
  const some = held.filter(({ activeAt }) => activeAt === first).reduce((sum, { remaining }) => sum + remaining, 0);
  return `${number(some)} from ${shortDate(first)}`;
}

function nextExpiry({ points }: AccountView): string {
  const active = points.lots.filter(
    ({ phase, remaining, expiresAt }) => phase === 'active' && remaining > 0 && expiresAt !== undefined,
  );
  const first = Math.min(...active.map(({ expiresAt }) => expiresAt ?? 0));
  if (active.length === 0) return 'Nothing to expire.';
  const some = active.filter(({ expiresAt }) => expiresAt === first).reduce((sum, { remaining }) => sum + remaining, 0);
  return `${count(some, 'point')} can be spent until the end of ${lastDay(first)}.`;
}

const kParts: readonly (readonly [key: 'active' | 'pending' | 'expired' | 'clawedBack', label: string])[] = [
  ['active', 'Active'],
  ['pending', 'On hold'],
  ['expired', 'Expired'],
  ['clawedBack', 'Taken back'],
];

/** All points ever earned as one bar, by what became of them. */
function composition(totals: Totals): SVGSVGElement {
  const whole = Math.max(totals.earned, 1);
  let x = 0;
  const parts = kParts.map(([key]) => {
    const width = (100 * totals[key]) / whole;
    const part = svg('rect', { x: `${x}%`, y: 0, width: `${width}%`, height: '100%', class: `part part--${key}` });
    x += width;
    return part;
  });
  return svg('svg', { class: 'composition', 'aria-hidden': 'true' }, ...parts);
}

function figure(key: string, label: string, value: number, note: string): HTMLElement {
  return el(
    'div',
    { class: 'figure' },
    el('dt', { class: `key key--${key}` }, label),
    el('dd', {}, el('b', {}, number(value)), el('span', {}, note)),
  );
}

/** The points card. */
export function pointsCard(view: AccountView): HTMLElement {
  const { totals } = view.points;
  return el(
    'section',
    { class: 'card points', 'aria-labelledby': 'points-title' },
    el('h3', { id: 'points-title' }, 'Points'),
    el('p', { class: 'big', id: 'active' }, el('b', {}, number(totals.active)), ' to spend'),
    el(
      'p',
      { class: 'quiet' },
      totals.debt > 0 ? `Owes ${count(totals.debt, 'point')}, paid by the next ones.` : nextExpiry(view),
    ),
    composition(totals),
    el(
      'dl',
      { class: 'figures' },
      figure('active', 'Active', totals.active, 'ready to spend'),
      figure('pending', 'On hold', totals.pending, nextActive(view)),
      figure('expired', 'Expired', totals.expired, 'not spent in time'),
      figure('clawedBack', 'Taken back', totals.clawedBack, 'with refunds'),
      figure('debt', 'Debt', totals.debt, totals.debt > 0 ? 'to be paid first' : 'nothing is owed'),
      figure('earned', 'Earned', totals.earned, 'in all'),
    ),
  );
}

/** The rungs of the ladder, from the program. */
export interface Rung {
  readonly name: string;
  readonly threshold: number;
}

function wayWords(view: AccountView): string {
  const next = view.nextLevel;
  if (next === undefined) return 'The highest level there is.';
  const held = next.pending > 0 ? ` ${number(next.pending)} more count once their return window ends.` : '';
  return `${number(next.missing)} growth to ${next.name}.${held}`;
}

function ladder(rungs: readonly Rung[], level: string): HTMLElement {
  const reached = rungs.findIndex(({ name }) => name === level);
  const steps = rungs.map(({ name, threshold }, i) => {
    const state = i < reached ? 'passed' : i === reached ? 'here' : 'ahead';
    const current = i === reached ? 'step' : undefined;
    return el(
      'li',
      { class: `rung rung--${state}`, 'aria-current': current },
      el('span', {}, name),
      el('small', {}, number(threshold)),
    );
  });
  return el('ol', { class: 'ladder', 'aria-label': 'Levels and the growth they take' }, ...steps);
}

/** The level card. `aria-valuetext` says in words what the bar shows. */
export function levelCard(view: AccountView, rungs: readonly Rung[]): HTMLElement {
  const growth = view.growth.totals.active;
  const floor = view.level.threshold;
  const ceiling = view.nextLevel?.threshold ?? Math.max(growth, 1);
  const share = view.nextLevel === undefined ? 1 : (growth - floor) / (ceiling - floor);
  const words =
    view.nextLevel === undefined ? wayWords(view) : `${number(growth)} of ${number(ceiling)} growth. ${wayWords(view)}`;
  const bar = el(
    'div',
    {
      class: 'progress',
      role: 'progressbar',
      'aria-label': 'Way to the next level',
      'aria-valuemin': floor,
      'aria-valuemax': ceiling,
      'aria-valuenow': growth,
      'aria-valuetext': words,
    },
    svg(
      'svg',
      { 'aria-hidden': 'true' },
      svg('rect', {
        width: `${Math.max(0, Math.min(1, share)) * 100}%`,
        height: '100%',
        rx: 5,
        class: 'progress__fill',
      }),
    ),
  );
  return el(
    'section',
    { class: 'card level', 'aria-labelledby': 'level-title' },
    el('h3', { id: 'level-title' }, 'Level'),
    el('p', { class: 'big', id: 'level' }, el('b', {}, view.level.name)),
    el('p', { class: 'quiet' }, `${number(growth)} growth in the last twelve months.`),
    bar,
    el('p', { class: 'way' }, wayWords(view)),
    ladder(rungs, view.level.name),
  );
}
