// SPDX-License-Identifier: MIT
/** One shopper's page, as it would stand in a shop of its own: an account with the engine inside, a team that is followed, a wallet. */
import { load, type Engine, type Fact, type Program } from 'souk';
import { openAccount, openTeam, type CommandState, type PageAccount, type PageCommand, type PageTeam } from 'souk/page';
import { byId, el } from '../page/dom.js';
import { otherOf, type FromFrame, type Line, type ToFrame, type Wallet, type Who } from '../together/contract.js';
import { codeOf, reportOf, type Message, type PaneModel } from './model.js';
import { PayDesk } from './pay-desk.js';
import { factsAfter, ShopClient } from './shop-client.js';
import { kSpend, PaneView } from './view.js';

const kEndpoint = '/souk';
const kTickMs = 1000;

const kRefusals: Readonly<Record<string, string>> = {
  'not-a-new-customer': 'Invitations are for new customers, and you have bought here before.',
  'self-invitation': 'Nobody can invite themselves.',
  'insufficient-points': 'There are not enough points.',
};

/** One piece of work at a time; asked for meanwhile, once more. */
function oneByOne(work: () => Promise<void>): () => void {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      await work().catch(() => undefined);
    } while (again);
    running = undefined;
  };
  return () => {
    again = true;
    running ??= run();
  };
}

class Shopper {
  private readonly shop: ShopClient;
  private readonly desk: PayDesk;
  private readonly view: PaneView;
  private team: PageTeam | undefined;
  private teamId = '';
  private wallet: Wallet;
  private facts: readonly Fact[] = [];
  private line: Line = 'online';
  private message: Message | undefined;
  private refusal: string | undefined;
  private readonly readWallet = oneByOne(() => this.refreshWallet());
  private readonly readFacts = oneByOne(() => this.refreshFacts());
  private wantsToInvite = false;

  constructor(
    private readonly who: Who,
    private readonly name: string,
    private readonly account: PageAccount,
    round: string,
  ) {
    this.shop = new ShopClient(who);
    this.wallet = { round, team: null, payments: [] };
    this.desk = new PayDesk(this.shop, `${name}/pay`, () => this.afterPaying());
    this.view = new PaneView(byId('pane'), who, {
      seat: () => this.takeSeat(),
      alone: () => this.desk.pay({ kind: 'alone' }),
      leave: () => void this.submit({ kind: 'leave-team', team: this.teamId }),
      invite: () => void this.invite(),
      accept: () => void this.submit({ kind: 'accept-invitation', code: this.message?.code ?? '' }),
      spend: () => void this.submit({ kind: 'redeem-points', redemption: `r-${crypto.randomUUID()}`, points: kSpend }),
      line: (mode) => this.say({ type: 'line', who, mode }),
    });
    account.onChange(() => {
      this.show();
      this.readFacts();
      this.readWallet();
    });
    addEventListener('message', (event: MessageEvent<ToFrame>) => {
      if (event.origin === location.origin && event.source === parent) this.hear(event.data);
    });
    setInterval(() => this.show(), kTickMs);
    new ResizeObserver(() => this.measure()).observe(byId('pane'));
    this.readWallet();
    this.readFacts();
    this.show();
    this.say({ type: 'ready', who });
  }

  private say(message: FromFrame): void {
    parent.postMessage(message, location.origin);
  }

  private measure(): void {
    this.say({ type: 'height', who: this.who, height: Math.ceil(byId('pane').getBoundingClientRect().height) });
  }

  private hear(message: ToFrame): void {
    if (message.type === 'invitation') this.message = message;
    else if (message.type === 'press') document.getElementById(message.press)?.click();
    else this.hearNews(message);
    this.show();
  }

  private hearNews({ state, woken }: Extract<ToFrame, { type: 'news' }>): void {
    const wasOffline = this.line === 'offline';
    this.line = state.network[this.who];
    // As a browser tells a page that its network is back, or that it was asleep for days.
    if ((wasOffline && this.line !== 'offline') || woken) dispatchEvent(new Event('online'));
    this.readWallet();
  }

  /** Joins the team that is open, or starts one. */
  private takeSeat(): void {
    const isOpen = this.team?.view()?.phase === 'forming' && this.team.remaining() > 0;
    this.desk.pay(isOpen ? { kind: 'join', target: this.teamId } : { kind: 'start' });
  }

  private afterPaying(): void {
    if (this.desk.waiting.length === 0) {
      this.readWallet();
      void this.account.sync();
    }
    this.show();
  }

  private async submit(
    command: Record<string, unknown> & { readonly kind: PageCommand['kind'] },
  ): Promise<CommandState> {
    this.refusal = undefined;
    const whole = { ...command, id: crypto.randomUUID(), account: this.who } as unknown as PageCommand;
    const settled = await this.account.submit(whole);
    if (settled.state === 'refused') {
      const { code = '', message = '' } = settled.verdict;
      this.refusal = kRefusals[code] ?? message;
    }
    this.show();
    return settled;
  }

  /** Asks for a code, once ever, and sends it to the other shopper. */
  private async invite(): Promise<void> {
    this.wantsToInvite = true;
    if (codeOf(this.model()) === undefined) await this.submit({ kind: 'make-referral-code' });
    this.readFacts();
    this.sendCode();
  }

  private sendCode(): void {
    const code = codeOf(this.model());
    if (!this.wantsToInvite || code === undefined) return;
    this.wantsToInvite = false;
    this.say({ type: 'invitation', who: this.who, code });
  }

  private async refreshWallet(): Promise<void> {
    this.wallet = await this.shop.wallet();
    const { team } = this.wallet;
    if (team !== null && team !== this.teamId) await this.follow(team);
    this.show();
  }

  private async follow(team: string): Promise<void> {
    this.team?.close();
    this.teamId = team;
    const token = () => this.shop.token();
    this.team = await openTeam({ endpoint: kEndpoint, team, token, name: this.name });
    this.team.onChange(() => this.show());
  }

  private async refreshFacts(): Promise<void> {
    const seq = this.facts.at(-1)?.seq ?? 0;
    if (seq >= this.account.digest().seq) return;
    const fresh = await factsAfter<Fact>(this.shop, this.who, seq);
    this.facts = [...this.facts, ...fresh];
    this.sendCode();
    this.show();
  }

  private model(): PaneModel {
    return {
      who: this.who,
      line: this.line,
      view: this.account.view(),
      digest: this.account.digest(),
      waiting: this.account.waiting(),
      paying: this.desk.waiting,
      unansweredPays: this.desk.attempts,
      teamId: this.teamId,
      team: this.team?.view(),
      remaining: this.team?.remaining() ?? 0,
      payments: this.wallet.payments,
      facts: this.facts,
      message: this.message,
      refusal: this.refusal,
    };
  }

  private show(): void {
    const model = this.model();
    this.view.show(model);
    this.say({ type: 'report', who: this.who, report: reportOf(model) });
  }
}

/** The program that the collector publishes, in an engine. */
async function openEngine(): Promise<Engine> {
  const [souk, answer] = await Promise.all([load(), fetch(`${kEndpoint}/v1/program`)]);
  if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
  const engine = await souk.createEngine();
  engine.openProgram((await answer.json()) as Program);
  return engine;
}

async function start(): Promise<void> {
  const [, who, round = ''] = /^#(ana|ben)\/(\w+)$/.exec(location.hash) ?? [];
  if (who !== 'ana' && who !== 'ben')
    throw new Error(`this page stands beside ${otherOf('ana')}'s, in the page /together`);
  const engine = await openEngine();
  const shop = new ShopClient(who);
  const name = `souk-together-${round}-${who}`;
  const account = await openAccount({ endpoint: kEndpoint, account: who, token: () => shop.token(), engine, name });
  new Shopper(who, name, account, round);
  document.documentElement.dataset['state'] = 'ready';
}

start().catch((error: unknown) => {
  const words = error instanceof Error ? error.message : String(error);
  byId('pane').replaceChildren(el('p', { class: 'notice', role: 'alert' }, `This page could not be opened: ${words}`));
});
