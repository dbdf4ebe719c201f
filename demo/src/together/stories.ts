// SPDX-License-Identifier: MIT
/** Three stories, each a row of steps: pressing one does it, and it is ticked once the shop says that it is so, whoever did it. */
import { el } from '../page/dom.js';
import { controls } from './backend.js';
import type { Press, Report, ShopState, Who } from './contract.js';

const kDay = 86_400_000;

/** What steps look at. */
export interface Scene {
  readonly state: ShopState;
  readonly ana: Report;
  readonly ben: Report;
}

/** What steps act by. */
export interface Stage {
  press(who: Who, press: Press): void;
}

interface Step {
  readonly label: string;
  /** In place of the label, where that depends on how things stand. */
  labelOf?(scene: Scene): string;
  /** Does it. */
  run(stage: Stage, scene: Scene): void;
  /** Whether it is so. */
  isDone(scene: Scene): boolean;
}

interface Story {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly end: string;
  readonly steps: readonly Step[];
}

/** Both pages know of the team that the shop talks about. */
const isKnown = ({ state, ana, ben }: Scene): boolean => ana.team === state.team?.id && ben.team === state.team.id;
const isForming = ({ state }: Scene): boolean => state.team?.phase === 'forming';
const isFormed = ({ state }: Scene): boolean => state.team?.phase === 'formed';

/** Strangers take all seats but one, in a team where neither shopper sits: one of them completes the present team first if need be. */
async function leaveOneSeat({ state, ana, ben }: Scene): Promise<void> {
  const forming = state.team?.phase === 'forming' ? state.team : null;
  const isTheirs = forming !== null && (ana.hasSeat || ben.hasSeat);
  if (isTheirs) await controls.crowd(forming.seatsLeft, forming.id);
  const open = isTheirs ? null : forming;
  const id = open?.id ?? (await controls.crowd(1, null))[0];
  const left = open?.seatsLeft ?? 2;
  if (id !== undefined && left > 1) await controls.crowd(left - 1, id);
}

/** Invitations are for new customers: without one, the story begins with another round. */
const hasBought = ({ ben }: Scene): boolean => !ben.invited && ben.orders + ben.refunds > 0;

const kInvite: Story = {
  id: 'invite',
  title: 'Invite a friend',
  lead: 'Both are rewarded, but only for a real order.',
  end: 'Both can spend their reward.',
  steps: [
    {
      label: 'Ana invites Ben',
      labelOf: (scene) => (hasBought(scene) ? 'Start over: Ben has bought before' : 'Ana invites Ben'),
      run: (stage, scene) => (hasBought(scene) ? void controls.startOver() : stage.press('ana', 'invite')),
      isDone: (scene) => (scene.ben.hasMessage && !hasBought(scene)) || scene.ben.invited,
    },
    { label: 'Ben accepts', run: (stage) => stage.press('ben', 'accept'), isDone: ({ ben }) => ben.invited },
    { label: 'Ben buys', run: (stage) => stage.press('ben', 'alone'), isDone: ({ ben }) => ben.orders > 0 },
    {
      label: 'The parcel arrives',
      run: () => void controls.travel(2 * kDay, true),
      isDone: ({ ana, ben }) => ana.rewards > 0 && ben.rewards > 0,
    },
    {
      label: '15 days pass',
      run: () => void controls.travel(15 * kDay),
      isDone: ({ ana, ben }) => ana.active >= 200 && ben.active >= 100,
    },
  ],
};

const kTeam: Story = {
  id: 'team',
  title: 'Buy together',
  lead: 'Three people, one price.',
  end: 'Complete: all three are served.',
  steps: [
    {
      label: 'Ana starts a team',
      run: (stage) => stage.press('ana', 'seat'),
      isDone: (scene) => isKnown(scene) && (isForming(scene) || isFormed(scene)) && scene.ana.hasSeat,
    },
    {
      label: 'Ben joins',
      run: (stage) => stage.press('ben', 'seat'),
      isDone: (scene) => scene.ana.hasSeat && scene.ben.hasSeat,
    },
    {
      label: 'A stranger joins',
      run: (_, { state }) => void controls.crowd(1, state.team?.id ?? null),
      isDone: (scene) => isFormed(scene) && scene.ana.hasSeat && scene.ben.hasSeat,
    },
  ],
};

const kLastSeat: Story = {
  id: 'last-seat',
  title: 'Fight for the last seat',
  lead: 'One gets it. The other gets every penny back.',
  end: 'One seat, one refund.',
  steps: [
    {
      label: 'One seat is left',
      run: (_, scene) => void leaveOneSeat(scene),
      isDone: (scene) =>
        isKnown(scene) &&
        isForming(scene) &&
        scene.state.team?.seatsLeft === 1 &&
        !scene.ana.hasSeat &&
        !scene.ben.hasSeat,
    },
    {
      label: 'Both pay at once',
      run(stage) {
        stage.press('ana', 'seat');
        stage.press('ben', 'seat');
      },
      isDone: (scene) =>
        isFormed(scene) && scene.ana.hasSeat !== scene.ben.hasSeat && scene.ana.refunds + scene.ben.refunds > 0,
    },
  ],
};

const kStories = [kInvite, kTeam, kLastSeat];

/** One story's card. A step stays ticked, whatever comes after it. */
class StoryCard {
  readonly element: HTMLElement;
  private readonly buttons: readonly HTMLButtonElement[];
  private readonly end: HTMLElement;
  private reached = 0;
  private scene: Scene | undefined;

  constructor(
    private readonly story: Story,
    stage: Stage,
  ) {
    this.buttons = story.steps.map((step, i) => {
      const node = el('button', { type: 'button', class: 'step-button', id: `${story.id}-${i + 1}` }, step.label);
      node.addEventListener('click', () => {
        if (this.scene !== undefined) step.run(stage, this.scene);
      });
      return node;
    });
    this.end = el('p', { class: 'story__end', hidden: true }, story.end);
    this.element = el(
      'section',
      { class: 'story', 'aria-labelledby': `${story.id}-title`, 'data-story': story.id },
      el('h2', { id: `${story.id}-title` }, story.title),
      el('p', { class: 'quiet' }, story.lead),
      el('ol', { class: 'steps' }, ...this.buttons.map((node) => el('li', {}, node))),
      this.end,
    );
  }

  forget(): void {
    this.reached = 0;
  }

  show(scene: Scene | undefined): void {
    this.scene = scene;
    const { steps } = this.story;
    const isFinished = (): boolean => this.reached === steps.length;
    while (scene !== undefined && !isFinished() && steps[this.reached]?.isDone(scene)) this.reached += 1;
    this.buttons.forEach((node, i) => {
      node.dataset['step'] = i < this.reached ? 'done' : i === this.reached ? 'next' : 'later';
      node.disabled = scene === undefined || i !== this.reached;
      const step = steps[i];
      const label = (scene && i === this.reached ? step?.labelOf?.(scene) : undefined) ?? step?.label ?? '';
      if (node.textContent !== label) node.textContent = label;
    });
    this.end.hidden = !isFinished();
    this.element.dataset['finished'] = String(isFinished());
  }
}

/** The cards of all stories. */
export class Stories {
  private readonly cards: readonly StoryCard[];

  constructor(place: HTMLElement, stage: Stage) {
    this.cards = kStories.map((story) => new StoryCard(story, stage));
    place.replaceChildren(...this.cards.map(({ element }) => element));
  }

  /** Another round begins. */
  forget(): void {
    for (const card of this.cards) card.forget();
  }

  /** @param scene  absent while a frame has not told yet how it stands */
  show(scene: Scene | undefined): void {
    for (const card of this.cards) card.show(scene);
  }
}
