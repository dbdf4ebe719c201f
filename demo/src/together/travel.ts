// SPDX-License-Identifier: MIT
/** The shop's clock, and the buttons that move it forward; and everybody else, who can be asked to pay. */
import { el } from '../page/dom.js';
import { count } from '../page/words.js';
import { controls } from './backend.js';
import type { ShopState } from './contract.js';

const kHour = 3_600_000;
const kDay = 24 * kHour;
const kRace = 50;

const moment = new Intl.DateTimeFormat('en-GB', {
  ...{ weekday: 'short', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  timeZone: 'UTC',
});

function aheadWords(ms: number): string {
  const days = Math.floor(ms / kDay);
  const hours = Math.floor((ms % kDay) / kHour);
  const parts = [days > 0 ? count(days, 'day') : '', hours > 0 ? count(hours, 'hour') : ''].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? 'the real time' : `${parts.join(' and ')} ahead of the real time`;
}

type Act = (state: ShopState) => Promise<unknown>;

/** A button that is asleep until the backend has told how things stand, and while what it asked for is done. */
class ControlButton {
  readonly element: HTMLButtonElement;
  private state: ShopState | undefined;
  private isBusy = false;

  constructor(
    id: string,
    private readonly label: string,
    act: Act,
    private readonly fits: (state: ShopState) => boolean = () => true,
  ) {
    this.element = el('button', { type: 'button', class: 'control', id }, label);
    this.element.addEventListener('click', () => void this.run(act));
  }

  private async run(act: Act): Promise<void> {
    if (this.state === undefined) return;
    this.isBusy = true;
    this.show(this.state);
    await act(this.state).catch(() => undefined);
    this.isBusy = false;
    this.show(this.state);
  }

  show(state: ShopState | undefined, label = this.label): void {
    this.state = state;
    this.element.disabled = this.isBusy || state === undefined || !this.fits(state);
    if (this.element.textContent !== label) this.element.textContent = label;
  }
}

const isForming = ({ team }: ShopState): boolean => team?.phase === 'forming' && team.seatsLeft > 0;

/** Brings the clock to the team's deadline. */
const toDeadline: Act = ({ team, now }) => controls.travel(Math.max(0, (team?.deadline ?? now) - now) + 1000);

export class Travel {
  private readonly clock = el('b', { id: 'clock' });
  private readonly ahead = el('span', { id: 'ahead' });
  private readonly buttons = [
    new ControlButton('hour', '+ 1 hour', () => controls.travel(kHour)),
    new ControlButton('deadline', 'To the team’s deadline', toDeadline, isForming),
    new ControlButton('parcels', 'Parcels arrive (+ 2 days)', () => controls.travel(2 * kDay, true)),
    new ControlButton('fortnight', '+ 15 days', () => controls.travel(15 * kDay)),
    new ControlButton('start-over', 'Start over', () => controls.startOver()),
  ];
  /** The shop's clock minus the page's steady one. */
  private offset = 0;

  constructor(place: HTMLElement) {
    place.replaceChildren(
      el('p', { class: 'travel__clock' }, el('span', {}, 'The shop’s clock'), this.clock, this.ahead),
      el('div', { class: 'controls' }, ...this.buttons.map(({ element }) => element)),
    );
    setInterval(() => this.tick(), 1000);
  }

  private tick(): void {
    if (this.offset !== 0) this.clock.textContent = moment.format(this.offset + performance.now());
  }

  show(state: ShopState): void {
    this.offset = state.now - performance.now();
    this.tick();
    this.ahead.textContent = aheadWords(state.ahead);
    for (const button of this.buttons) button.show(state);
  }
}

export class Crowd {
  private readonly stranger = new ControlButton('stranger', 'A stranger joins', ({ team }) =>
    controls.crowd(1, team?.phase === 'forming' ? team.id : null),
  );
  private readonly race = new ControlButton(
    'race',
    `${kRace} strangers race for the seats`,
    ({ team }) => controls.crowd(kRace, team?.id ?? null),
    isForming,
  );

  constructor(place: HTMLElement) {
    place.replaceChildren(
      el('p', {}, el('b', {}, 'Everybody else'), el('span', { class: 'quiet' }, 'Strangers who pay at the same shop.')),
      el('div', { class: 'controls' }, this.stranger.element, this.race.element),
    );
  }

  show(state: ShopState): void {
    this.stranger.show(state, isForming(state) ? 'A stranger joins' : 'A stranger starts a team');
    this.race.show(state);
  }
}
