// SPDX-License-Identifier: MIT
/** Two shoppers side by side: puts the parts of the page together and passes on how things stand. */
import { byId } from '../page/dom.js';
import { followShop } from './backend.js';
import type { ShopState } from './contract.js';
import { Frames } from './frames.js';
import { showLedger } from './ledger.js';
import { Stories } from './stories.js';
import { Crowd, Travel } from './travel.js';

class Together {
  private readonly frames = new Frames(byId('stage'), () => this.show());
  private readonly stories = new Stories(byId('stories'), {
    press: (who, press) => this.frames.tell(who, { type: 'press', press }),
  });
  private readonly travel = new Travel(byId('travel'));
  private readonly crowd = new Crowd(byId('crowd'));
  private state: ShopState | undefined;

  take(state: ShopState, afterSilence: boolean): void {
    if (state.round !== this.state?.round) this.stories.forget();
    this.state = state;
    this.frames.show(state, afterSilence);
    this.travel.show(state);
    this.crowd.show(state);
    this.show();
    document.documentElement.dataset['state'] = 'ready';
  }

  private show(): void {
    if (this.state === undefined) return;
    const [ana, ben] = [this.frames.report('ana'), this.frames.report('ben')];
    this.stories.show(ana && ben && { state: this.state, ana, ben });
    showLedger(byId('sums'), this.state, (who) => this.frames.report(who));
  }
}

function say(why: string): void {
  const notice = byId('notice');
  notice.hidden = why === '';
  if (notice.textContent !== why) notice.textContent = why;
}

const together = new Together();
followShop((state, afterSilence) => together.take(state, afterSilence), say);
