// SPDX-License-Identifier: MIT
/** One shopper's page: put together once, then kept up to date, so that a button stays the same button. */
import { artworkOf, drawArtwork } from '../artwork.js';
import { el } from '../page/dom.js';
import { money, number } from '../page/words.js';
import { kNames, otherOf, type Line, type Payment, type Who } from '../together/contract.js';
import { codeOf, hasSeat, isInvited, isNew, isOpen, type PaneModel } from './model.js';
import { seatsRow } from './seats.js';
import { fateWords, happening, kWaiting, refundWords } from './words.js';

/** What the buttons do. */
export interface PaneActs {
  seat(): void;
  alone(): void;
  leave(): void;
  invite(): void;
  accept(): void;
  spend(): void;
  line(mode: Line): void;
}

const kProduct = ['22423', 'Regency Cakestand 3 Tier'] as const;
export const kTeamPrice = 895;
export const kSinglePrice = 1275;
/** Points that the button spends. */
export const kSpend = 50;
const kShown = 6;

const kLines: readonly (readonly [mode: Line, label: string])[] = [
  ['online', 'Online'],
  ['offline', 'Offline'],
  ['lossy', 'Lose answers'],
];

function button(id: string, style: string, act: () => void): HTMLButtonElement {
  const node = el('button', { type: 'button', class: style, id });
  node.addEventListener('click', act);
  return node;
}

/** A text that is only written when it changes, so that nothing flickers and nobody is told twice. */
function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = text === '';
}

function show(node: HTMLButtonElement, label: string, isShown: boolean, isBusy = false): void {
  write(node, label);
  node.hidden = !isShown;
  node.disabled = isBusy;
}

function paymentLine(payment: Payment): HTMLElement {
  const back = payment.refunded > 0;
  const what = payment.kind === 'alone' ? 'Bought alone' : 'Seat in a team';
  return el(
    'li',
    { class: `payment payment--${payment.fate}`, title: back ? refundWords(payment.reason) : undefined },
    el('span', {}, what, el('small', {}, fateWords(payment))),
    el(back ? 's' : 'b', {}, money(payment.amount)),
  );
}

export class PaneView {
  private readonly level = el('span', { class: 'level-chip', id: 'level' });
  private readonly lines: ReadonlyMap<Line, HTMLButtonElement>;
  private readonly seats = el('div', { class: 'seats', id: 'seats' });
  private readonly status = el('p', { class: 'team-status', id: 'team-status', role: 'status' });
  private readonly seat: HTMLButtonElement;
  private readonly alone: HTMLButtonElement;
  private readonly leave: HTMLButtonElement;
  private readonly invite: HTMLButtonElement;
  private readonly accept: HTMLButtonElement;
  private readonly spend: HTMLButtonElement;
  private readonly pending = el('p', { class: 'pending', id: 'pending', role: 'status', hidden: true });
  private readonly banner = el('p', { class: 'banner', id: 'banner', role: 'status', hidden: true });
  private readonly message = el('p', { class: 'message__text' });
  private readonly messageBox: HTMLElement;
  private readonly code = el('p', { class: 'code', id: 'code', hidden: true });
  private readonly active = el('b', { id: 'active' });
  private readonly held = el('b', { id: 'held' });
  private readonly charged = el('b', { id: 'charged' });
  private readonly refunded = el('b', { id: 'refunded' });
  private readonly payments = el('ul', { class: 'payments', id: 'payments' });
  private readonly feed = el('ol', { class: 'feed', id: 'feed', reversed: true });
  private readonly proof = el('p', { class: 'proof', id: 'proof' });

  constructor(place: HTMLElement, who: Who, acts: PaneActs) {
    this.seat = button('seat', 'button button--main', () => acts.seat());
    this.alone = button('alone', 'button button--quiet', () => acts.alone());
    this.leave = button('leave', 'button button--quiet', () => acts.leave());
    this.invite = button('invite', 'button button--quiet', () => acts.invite());
    this.accept = button('accept', 'button', () => acts.accept());
    this.spend = button('spend', 'button button--small', () => acts.spend());
    this.lines = new Map(kLines.map(([mode]) => [mode, button(`line-${mode}`, 'line', () => acts.line(mode))]));
    this.messageBox = el('div', { class: 'message', id: 'message', hidden: true }, this.message, this.accept);
    place.replaceChildren(this.head(who), this.messageBox, this.product(), this.pots(), this.news());
    place.removeAttribute('aria-busy');
  }

  private head(who: Who): HTMLElement {
    const name = kNames[who];
    return el(
      'header',
      { class: 'pane__head' },
      el('span', { class: `face face--${who}`, 'aria-hidden': 'true' }, name.slice(0, 1)),
      el('h2', {}, name),
      this.level,
      el('div', { class: 'lines', role: 'group', 'aria-label': `${name}’s network` }, ...this.lines.values()),
    );
  }

  private product(): HTMLElement {
    const [code, title] = kProduct;
    return el(
      'section',
      { class: 'offer', 'aria-label': 'The offer' },
      el('div', { class: 'offer__picture' }, drawArtwork(document, artworkOf(code, title))),
      el(
        'div',
        { class: 'offer__words' },
        el('h3', {}, title),
        el(
          'p',
          { class: 'offer__price' },
          el('b', {}, money(kTeamPrice)),
          el('span', {}, 'in a team of three'),
          el('s', {}, money(kSinglePrice)),
        ),
        this.seats,
        this.status,
      ),
      this.banner,
      el('div', { class: 'acts' }, this.seat, this.alone, this.leave, this.invite),
      this.code,
      this.pending,
    );
  }

  private pots(): HTMLElement {
    const pot = (label: string, value: HTMLElement): HTMLElement =>
      el('div', {}, el('dt', {}, label), el('dd', {}, value));
    return el(
      'section',
      { class: 'pots', 'aria-label': 'Points and money' },
      el(
        'dl',
        { class: 'pot' },
        pot('Points to spend', this.active),
        pot('On hold', this.held),
        pot('Charged', this.charged),
        pot('Came back', this.refunded),
      ),
      this.spend,
      this.payments,
    );
  }

  private news(): HTMLElement {
    return el(
      'section',
      { class: 'news', 'aria-label': 'What happened' },
      el('h3', {}, 'What happened'),
      this.feed,
      this.proof,
    );
  }

  show(model: PaneModel): void {
    this.showTeam(model);
    this.showActs(model);
    this.showInvitation(model);
    this.showPots(model);
    const told = model.facts.flatMap((fact) => happening(fact) ?? []).reverse();
    const items = told
      .slice(0, kShown)
      .map(({ mood, text }) => el('li', { class: `happened happened--${mood}` }, text));
    if (items.length === 0) items.push(el('li', { class: 'happened happened--none' }, 'Nothing yet.'));
    this.feed.replaceChildren(...items);
    write(this.level, model.view.level.name);
    const { seq, digest } = model.digest;
    write(this.proof, `State ${seq} · ${digest.slice(0, 8)}, worked out in this page`);
    for (const [mode, node] of this.lines) {
      write(node, kLines.find(([one]) => one === mode)?.[1] ?? '');
      node.setAttribute('aria-pressed', String(mode === model.line));
    }
    document.body.dataset['line'] = model.line;
  }

  private showTeam(model: PaneModel): void {
    const { team } = model;
    this.seats.replaceChildren(seatsRow(team));
    write(this.status, teamWords(model));
    const last = model.payments[0];
    const lost = last?.fate === 'refunded';
    write(this.banner, lost ? `${refundWords(last.reason)} All ${money(last.amount)} are back.` : '');
    this.banner.classList.toggle('banner--back', lost);
  }

  private showActs(model: PaneModel): void {
    const isPaying = model.paying.length > 0;
    const seated = hasSeat(model) && model.team?.phase === 'forming';
    const label = isOpen(model) ? `Join for ${money(kTeamPrice)}` : `Start a team for ${money(kTeamPrice)}`;
    show(this.seat, isPaying ? 'Paying…' : label, !seated, isPaying);
    show(this.alone, `Buy alone for ${money(kSinglePrice)}`, true, isPaying);
    show(this.leave, 'Leave the team', seated, model.waiting.length > 0);
    const code = codeOf(model);
    show(
      this.invite,
      code === undefined ? `Invite ${kNames[otherOf(model.who)]}` : 'Send my code again',
      true,
      model.waiting.length > 0,
    );
    write(this.code, code === undefined ? '' : `Your code ${code.slice(0, 4)} ${code.slice(4, 8)} ${code.slice(8)}`);
    write(this.pending, pendingWords(model));
  }

  private showInvitation(model: PaneModel): void {
    const { message } = model;
    const isDone = isInvited(model);
    this.messageBox.hidden = message === undefined;
    if (message === undefined) return;
    const from = kNames[message.from];
    const hint = isNew(model) ? '' : ' But you have bought here before, and invitations are for new customers.';
    write(
      this.message,
      isDone ? `You came by ${from}’s invitation.` : `${from}: “Come and shop with me! We both get points.”${hint}`,
    );
    show(this.accept, 'Accept', !isDone && isNew(model), model.waiting.length > 0);
    this.messageBox.classList.toggle('message--done', isDone);
  }

  private showPots({ view, payments }: PaneModel): void {
    const { active, pending } = view.points.totals;
    write(this.active, number(active));
    write(this.held, number(pending));
    write(this.charged, money(payments.reduce((sum, { amount }) => sum + amount, 0)));
    write(this.refunded, money(payments.reduce((sum, { refunded }) => sum + refunded, 0)));
    show(this.spend, `Spend ${kSpend} points`, active >= kSpend);
    this.payments.replaceChildren(...payments.slice(0, 4).map(paymentLine));
  }
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Time as a countdown shows it. */
export function clockWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function teamWords(model: PaneModel): string {
  const { team, remaining } = model;
  if (team === undefined) return 'No team yet. Start one!';
  if (isOpen(model)) {
    const left = team.seatsLeft === 1 ? '1 seat left' : `${team.seatsLeft} seats left`;
    return `${left} · ${clockWords(remaining)}`;
  }
  if (team.phase === 'formed')
    return hasSeat(model) ? 'Complete, and you are in it!' : 'That team is complete. Start another one!';
  return 'The time ran out, and everybody got the money back.';
}

function pendingWords({ waiting, paying, unansweredPays, refusal, line }: PaneModel): string {
  const reasons = waiting.map((state) => (state.state === 'waiting' ? state.reason : 'sending'));
  if (paying.length > 0) reasons.push(unansweredPays > 0 ? 'offline' : 'sending');
  const first = reasons.find((reason) => reason !== 'sending') ?? reasons[0];
  if (first !== undefined) return kWaiting[first] ?? '';
  if (line === 'offline') return 'This page has no network: it shows what it knew last, and catches up by itself.';
  return refusal ?? '';
}
