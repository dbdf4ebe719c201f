// SPDX-License-Identifier: MIT
/** The two shoppers' pages in their frames. */
import { el } from '../page/dom.js';
import { controls } from './backend.js';
import {
  kNames,
  kShoppers,
  otherOf,
  type FromFrame,
  type Report,
  type ShopState,
  type ToFrame,
  type Who,
} from './contract.js';

/** A jump of the shop's clock against the machine's, beyond which a frame is told to look again, milliseconds. */
const kJumpMs = 1000;

export class Frames {
  private readonly frames = new Map<Who, HTMLIFrameElement>();
  private readonly reports = new Map<Who, Report>();
  private readonly heights = new Map<Who, number>();
  private state: ShopState | undefined;
  private round = '';

  /** @param changed  called when a frame has told how it stands */
  constructor(
    private readonly place: HTMLElement,
    private readonly changed: () => void,
  ) {
    addEventListener('message', (event: MessageEvent<FromFrame>) => {
      const who = kShoppers.find((one) => this.frames.get(one)?.contentWindow === event.source);
      if (event.origin === location.origin && who !== undefined) this.hear(who, event.data);
    });
  }

  report(who: Who): Report | undefined {
    return this.reports.get(who);
  }

  /** Gives every frame the news, and wakes it if the backend was away; another round opens both anew. */
  show(state: ShopState, afterSilence: boolean): void {
    const hasJumped = this.state !== undefined && Math.abs(state.ahead - this.state.ahead) > kJumpMs;
    const woken = hasJumped || afterSilence;
    this.state = state;
    if (state.round !== this.round) this.open(state.round);
    else for (const who of kShoppers) this.tell(who, { type: 'news', state, woken });
  }

  private open(round: string): void {
    this.round = round;
    this.reports.clear();
    this.heights.clear();
    for (const who of kShoppers) {
      const src = `./shopper.html#${who}/${round}`;
      this.frames.set(
        who,
        el('iframe', { class: `frame frame--${who}`, id: who, title: `${kNames[who]}’s page`, src }),
      );
    }
    this.place.replaceChildren(...this.frames.values());
  }

  tell(who: Who, message: ToFrame): void {
    this.frames.get(who)?.contentWindow?.postMessage(message, location.origin);
  }

  private hear(who: Who, message: FromFrame): void {
    if (message.type === 'ready' && this.state !== undefined) {
      this.tell(who, { type: 'news', state: this.state, woken: false });
    } else if (message.type === 'height') this.resize(who, message.height);
    else if (message.type === 'line') void controls.line(who, message.mode);
    else if (message.type === 'invitation') {
      this.tell(otherOf(who), { type: 'invitation', from: who, code: message.code });
    } else if (message.type === 'report') {
      this.reports.set(who, message.report);
      this.changed();
    }
  }

  /** Side by side both have the height of the taller one; the style sheet decides whether they are. */
  private resize(who: Who, height: number): void {
    this.heights.set(who, height);
    const tallest = Math.max(...this.heights.values());
    for (const [one, frame] of this.frames) {
      frame.style.setProperty('--own', `${this.heights.get(one) ?? tallest}px`);
      frame.style.setProperty('--tallest', `${tallest}px`);
    }
  }
}
