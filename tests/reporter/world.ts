// SPDX-License-Identifier: MIT
// Pages of one origin around the real reducer, with a disk, a lock, a channel and a network that are simulated.
import { reduce } from '../../web/src/reporter/reduce.js';
import {
  addCounts,
  initialState,
  memoryBytes,
  watchMs,
  type Answer,
  type Commit,
  type Consent,
  type Counts,
  type Effect,
  type Entry,
  type Input,
  type State,
} from '../../web/src/reporter/state.js';
import { Agenda } from './agenda.js';
import { Chance } from './chance.js';
import { SimulatedDisk, type Bug } from './disk.js';
import { Receiver } from './receiver.js';

/** One page. */
export class Page {
  state: State;
  alive = true;
  frozen = false;
  slept = false;
  readonly inbox: (() => void)[] = [];
  timer = 0;
  /** Which of its requests for the lock is the current one. */
  ask = 0;

  constructor(
    readonly name: string,
    consent: Consent,
  ) {
    this.state = initialState(consent);
  }
}

/** The lock of the origin: who holds it, and who waits. */
interface Lock {
  holder: { page: Page; ask: number } | undefined;
  queue: { page: Page; ask: number }[];
}

/** Everything around the pages. */
export class World {
  readonly agenda = new Agenda();
  readonly chance: Chance;
  readonly disk: SimulatedDisk;
  readonly receiver: Receiver;
  readonly pages: Page[] = [];
  readonly outcomes = new Map<string, string>();
  /** Drops that only a page knew that is gone now. */
  lostCounts: Counts = {};
  /** Drops as they were told to the shop. */
  told: Counts = {};
  /** What became of transactions that had their turn. */
  readonly transactions = new Map<Commit, 'done' | 'failed'>();
  /** Requests by which an id was not answered for, and beacons. */
  readonly excuses = new Map<string, number>();
  raises = 0;
  denials = 0;
  wallOffset = 0;
  diskFaults = 0;
  locksWork = true;
  readonly #lock: Lock = { holder: undefined, queue: [] };
  #diskFreeAt = 0;
  #opened = 0;

  constructor(
    seed: number,
    readonly bugs: ReadonlySet<Bug>,
  ) {
    this.chance = new Chance(seed);
    this.disk = new SimulatedDisk(this.chance.pick([4_000, 40_000, memoryBytes]), bugs);
    const poison = this.chance.pick([0, 0, 0.05]);
    const kind = (id: string, part: string) => id.includes(part);
    this.receiver = new Receiver(
      (id) => kind(id, 'poison'),
      (id) => kind(id, 'reject'),
      this.chance,
    );
    this.poison = poison;
  }

  /** How often an event is one that the receiver does not take. */
  readonly poison: number;

  open(consent: Consent): Page {
    const page = new Page(`page ${++this.#opened}`, consent);
    this.pages.push(page);
    this.#feed(page, { type: 'start' });
    this.#watch(page, this.chance.whole(1, watchMs));
    return page;
  }

  /** The pages that may still do something. */
  awake(): Page[] {
    return this.pages.filter(({ alive, frozen }) => alive && !frozen);
  }

  track(page: Page, entry: Entry): void {
    this.outcomes.set(entry.id, 'waiting');
    this.#feed(page, { type: 'track', entry });
    this.agenda.after(20_000, () => {
      const told = this.outcomes.get(entry.id) !== 'waiting';
      if (page.alive && !page.slept && !told) this.receiver.violations.push(`track() of ${entry.id} never resolved`);
    });
  }

  tell(page: Page, input: Input): void {
    this.#feed(page, input);
  }

  setConsent(page: Page, consent: Consent): void {
    if (consent === 'denied') this.denials += 1;
    this.#feed(page, { type: 'consent', consent });
    this.#say(page, { type: 'heard', message: { say: 'consent', consent } });
  }

  /** The page is gone at once, with all that it had not written. */
  crash(page: Page): void {
    if (!page.alive) return;
    page.alive = false;
    this.lostCounts = addCounts(this.lostCounts, page.state.counts);
    // A transaction that failed while its page slept never told it.
    const { commit } = page.state;
    if (commit && this.transactions.get(commit) === 'failed')
      this.lostCounts = addCounts(this.lostCounts, commit.counts);
    this.#leaveLock(page);
  }

  freeze(page: Page): void {
    page.frozen = page.slept = true;
  }

  thaw(page: Page): void {
    page.frozen = false;
    for (const run of page.inbox.splice(0)) if (page.alive) this.#when(page, run);
  }

  /** Something for a page: now, after it thaws, or never. */
  #when(page: Page, run: () => void): void {
    if (!page.alive) return;
    if (page.frozen) page.inbox.push(run);
    else run();
  }

  #feed(page: Page, input: Input): void {
    this.#when(page, () => {
      const [state, effects] = reduce(page.state, input, { now: this.agenda.now, random: this.chance.unit() });
      page.state = state;
      for (const effect of effects) this.#perform(page, effect);
    });
  }

  #watch(page: Page, ms: number): void {
    this.agenda.after(ms, () => {
      if (!page.alive) return;
      if (page.frozen) page.inbox.push(() => this.#watch(page, 0));
      else {
        this.#feed(page, { type: 'watch' });
        this.#watch(page, watchMs);
      }
    });
  }

  #perform(page: Page, effect: Effect): void {
    switch (effect.do) {
      case 'commit': {
        this.#commit(page, effect);
        return;
      }
      case 'read': {
        this.#read(page, effect);
        return;
      }
      case 'post': {
        this.#post(page, effect);
        return;
      }
      case 'beacon':
        for (const { id } of effect.entries) this.#excuse(id);
        {
          this.agenda.after(this.chance.whole(1, 500), () => this.receiver.overhear(page.name, effect.entries));
          return;
        }
      case 'acquire': {
        this.#acquire(page, effect.steal && !this.bugs.has('never-steals'));
        return;
      }
      case 'release': {
        this.#leaveLock(page);
        return;
      }
      case 'erase': {
        this.#onDisk(page, () => this.disk.erase());
        return;
      }
      case 'defer': {
        this.#onDisk(page, () => (this.disk.waitUntil = this.agenda.now + this.wallOffset + effect.ms));
        return;
      }
      case 'sleep': {
        this.#sleep(page, effect.ms);
        return;
      }
      case 'say': {
        this.#say(page, { type: 'heard', message: effect.message });
        return;
      }
      case 'settle':
        for (const id of effect.ids) this.#settle(id, effect.outcome);
    }
  }

  #settle(id: string, outcome: string): void {
    const before = this.outcomes.get(id);
    const dropped = outcome !== 'stored' && outcome !== 'held' && before !== outcome;
    if (dropped) this.told = addCounts(this.told, { [outcome]: 1 });
    // A promise resolves once; what happens to an event that is held becomes known later.
    if (before === 'waiting' || (before === 'held' && outcome !== 'held')) this.outcomes.set(id, outcome);
  }

  #sleep(page: Page, ms: number): void {
    const timer = (page.timer += 1);
    this.agenda.after(ms, () => {
      if (page.timer === timer) this.#feed(page, { type: 'tick' });
    });
  }

  /** One transaction after another; a page that dies meanwhile may have its last one done. */
  #onDisk(page: Page, transact: () => void): void {
    this.#diskFreeAt = Math.max(this.#diskFreeAt, this.agenda.now) + this.chance.whole(1, 15);
    this.agenda.after(this.#diskFreeAt - this.agenda.now, () => {
      if (page.alive || this.chance.odds(0.5)) transact();
    });
  }

  #commit(page: Page, { commit, last }: Extract<Effect, { do: 'commit' }>): void {
    this.#onDisk(page, () => {
      const full = this.chance.odds(this.diskFaults) ? undefined : this.disk.commit(commit, last);
      this.transactions.set(commit, full ? 'done' : 'failed');
      // A page that sleeps or is gone cannot tell the shop.
      if (!page.alive || page.frozen) for (const id of full ?? []) this.#settle(id, 'outbox-full');
      if (!page.alive && !full) this.lostCounts = addCounts(this.lostCounts, commit.counts);
      if (!full && !this.bugs.has('says-stored-on-failure')) this.#feed(page, { type: 'commit-failed' });
      else this.#feed(page, { type: 'committed', full: full ?? [] });
    });
    this.agenda.after(this.#diskFreeAt - this.agenda.now, () => {
      if (!this.transactions.has(commit)) this.lostCounts = addCounts(this.lostCounts, commit.counts);
    });
  }

  #read(page: Page, { request, lease, count, bytes }: Extract<Effect, { do: 'read' }>): void {
    this.#onDisk(page, () => {
      const found = this.chance.odds(this.diskFaults) ? undefined : this.disk.read(lease, count, bytes);
      if (found === undefined) this.#feed(page, { type: 'read-failed', request });
      else if (found === 'fenced') this.#feed(page, { type: 'lost' });
      else this.#feed(page, { type: 'batch', request, entries: found, damaged: [] });
    });
  }

  #post(page: Page, { request, entries, lease }: Extract<Effect, { do: 'post' }>): void {
    const sent = this.bugs.has('new-id-on-retry')
      ? entries.map((entry) => ({ ...entry, id: `${entry.id}/${this.agenda.now}` }))
      : entries;
    if (this.bugs.has('deletes-before-answer')) for (const { id } of entries) this.disk.events.delete(id);
    this.agenda.after(this.chance.whole(5, 800), () => {
      let answer = this.receiver.take(page.name, sent, lease);
      if (this.bugs.has('posts-twice')) answer = this.receiver.take(page.name, sent, lease);
      this.agenda.after(this.chance.whole(5, 800), () => this.#answer(page, request, entries, answer));
    });
  }

  #answer(page: Page, request: number, entries: readonly Entry[], answer: Answer): void {
    const named = new Set([...(answer.accepted ?? []), ...(answer.rejected ?? [])]);
    const heard = page.alive && !page.frozen && page.state.sending?.request === request && answer.status === 200;
    for (const { id } of entries) if (!heard || (answer.accepted && !named.has(id))) this.#excuse(id);
    const all = { status: answer.status };
    const told = this.bugs.has('deletes-what-was-not-listed') ? all : answer;
    this.#feed(page, {
      type: 'answered',
      request,
      answer: this.bugs.has('resends-what-was-answered') ? { status: 503 } : told,
    });
  }

  #excuse(id: string): void {
    this.excuses.set(id, (this.excuses.get(id) ?? 0) + 1);
  }

  #say(from: Page, input: Input): void {
    for (const page of this.pages) {
      if (page !== from && page.alive) this.agenda.after(this.chance.whole(0, 20), () => this.#feed(page, input));
    }
  }

  #acquire(page: Page, steal: boolean): void {
    this.#leaveLock(page);
    const claim = { page, ask: page.ask };
    if (!this.locksWork) {
      this.#grant(claim);
      return;
    }
    if (steal && this.#lock.holder) {
      const { page: robbed, ask } = this.#lock.holder;
      this.#lock.holder = undefined;
      this.agenda.after(0, () => this.#when(robbed, () => robbed.ask === ask && this.#feed(robbed, { type: 'lost' })));
    }
    if (steal) this.#lock.queue.unshift(claim);
    else this.#lock.queue.push(claim);
    this.#next();
  }

  #next(): void {
    if (this.#lock.holder) return;
    this.#lock.holder = this.#lock.queue.shift();
    const claim = this.#lock.holder;
    if (claim) this.agenda.after(this.chance.whole(0, 3), () => this.#when(claim.page, () => this.#grant(claim)));
  }

  #grant({ page, ask }: { page: Page; ask: number }): void {
    if (page.ask !== ask) return;
    this.#onDisk(page, () => {
      this.raises += 1;
      const raised = this.chance.odds(this.diskFaults) ? undefined : this.disk.raise(this.agenda.now + this.wallOffset);
      this.#when(page, () => {
        if (page.ask !== ask) return;
        if (raised) this.#feed(page, { type: 'acquired', ...raised });
        else {
          this.#leaveLock(page);
          this.#feed(page, { type: 'lost', failed: true });
        }
      });
    });
  }

  #leaveLock(page: Page): void {
    page.ask += 1;
    this.#lock.queue = this.#lock.queue.filter((claim) => claim.page !== page);
    if (this.#lock.holder?.page === page) this.#lock.holder = undefined;
    this.#next();
  }
}
