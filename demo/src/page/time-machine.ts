// SPDX-License-Identifier: MIT
/** The "as of" slider: moves through the history by days, over a chart of what the customer paid each week. */
import type { Command } from '../history/orders.js';
import { instantOfLocal, localOfInstant, type ZoneTable } from '../history/zone.js';
import { el, svg } from './dom.js';
import { date, money } from './words.js';

const kDay = 86_400_000;

/** The days of the history: the first that can be looked at, and the one after the last. As days since 1970-01-01. */
export const kFirstDay = Date.UTC(2010, 11, 1) / kDay;
export const kLastDay = Date.UTC(2011, 9, 1) / kDay;

/** The first instant of a local day. */
export const instantOfDay = (day: number, zone: ZoneTable): number => instantOfLocal(day * kDay, zone);

/** The local day on which an instant lies. */
export const dayOfInstant = (instant: number, zone: ZoneTable): number =>
  Math.floor(localOfInstant(instant, zone) / kDay);

function weeklySums(commands: readonly Command[], zone: ZoneTable): number[] {
  const weeks = Array<number>(Math.ceil((kLastDay - kFirstDay) / 7)).fill(0);
  for (const command of commands) {
    if (command.kind !== 'receive-order') continue;
    const week = Math.floor((dayOfInstant(command.at, zone) - kFirstDay) / 7);
    weeks[week] = (weeks[week] ?? 0) + command.lines.reduce((sum, { paid }) => sum + paid, 0);
  }
  return weeks;
}

/** One bar per week with orders; the square root keeps small weeks visible beside big ones. */
function chart(weeks: readonly number[]): SVGSVGElement {
  const most = Math.sqrt(Math.max(...weeks, 1));
  const bars = weeks.map((sum, week) => {
    const height = sum === 0 ? 2 : 8 + (36 * Math.sqrt(sum)) / most;
    const title = sum === 0 ? null : svg('title', {}, money(sum));
    return svg(
      'rect',
      {
        x: week * 10 + 1,
        y: 46 - height,
        width: 8,
        height,
        rx: 2,
        'data-week': week,
        class: sum === 0 ? 'bar bar--none' : 'bar',
      },
      title,
    );
  });
  return svg(
    'svg',
    { class: 'weeks', viewBox: `0 0 ${weeks.length * 10} 46`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    ...bars,
  );
}

/** The slider with its chart; `show` is called with a day whenever it moves. */
export class TimeMachine {
  readonly element: HTMLElement;
  private readonly slider = el('input', {
    type: 'range',
    id: 'as-of',
    min: kFirstDay,
    max: kLastDay,
    step: 1,
    'aria-label': 'As of',
  });
  private readonly label = el('output', { for: 'as-of', class: 'time__date' });
  private readonly chartPlace = el('div', { class: 'time__chart' });
  private readonly back = el(
    'button',
    { type: 'button', class: 'step', 'aria-label': 'To the previous day with an order or refund' },
    '‹',
  );
  private readonly on = el(
    'button',
    { type: 'button', class: 'step', 'aria-label': 'To the next day with an order or refund' },
    '›',
  );
  private days: readonly number[] = [];

  constructor(
    private readonly zone: ZoneTable,
    private readonly show: (day: number) => void,
  ) {
    this.slider.addEventListener('input', () => show(this.slider.valueAsNumber));
    this.back.addEventListener('click', () =>
      this.jump([...this.days].reverse().find((day) => day < this.day) ?? kFirstDay),
    );
    this.on.addEventListener('click', () => this.jump(this.days.find((day) => day > this.day) ?? kLastDay));
    this.element = el(
      'section',
      { class: 'time', 'aria-label': 'Time machine' },
      el(
        'div',
        { class: 'time__words' },
        el('span', { class: 'time__label' }, 'As it stood at the start of'),
        this.label,
      ),
      el('div', { class: 'time__track' }, this.chartPlace, this.slider),
      el('div', { class: 'time__steps' }, this.back, this.on),
    );
  }

  private get day(): number {
    return this.slider.valueAsNumber;
  }

  private jump(day: number): void {
    this.show(day);
  }

  /** Another customer: their weeks and the days worth stopping at, the morning after each dealing. */
  load(commands: readonly Command[]): void {
    this.chartPlace.replaceChildren(chart(weeklySums(commands, this.zone)));
    this.days = [...new Set(commands.map(({ at }) => dayOfInstant(at, this.zone) + 1))];
  }

  /** Moves the slider and its words. */
  set(day: number): void {
    const words = date(instantOfDay(day, this.zone));
    this.slider.value = String(day);
    this.slider.setAttribute('aria-valuetext', words);
    this.label.textContent = words;
    this.back.disabled = day <= kFirstDay;
    this.on.disabled = day >= kLastDay;
    const week = (day - kFirstDay) / 7;
    for (const bar of this.chartPlace.querySelectorAll('[data-week]'))
      bar.classList.toggle('bar--later', Number(bar.getAttribute('data-week')) >= week);
  }
}
