// SPDX-License-Identifier: MIT
// A member's own account in a page: what is confirmed, what is pending on top of it, and who is asked about it. The engine decides and folds;
// this file only brings it facts, commands and verdicts, keeps them on the disk, and says why something still waits.
import type { Engine } from '../engine.js';
import type { Fact, LoyaltyView, Verdict } from '../generated/protocol.js';
import { CollectorClient, Unanswered } from './collector-client.js';
import type {
  CommandsAnswer,
  CommandState,
  PageCommand,
  PageLogEntry,
  Position,
  StreamAnswer,
  WaitingReason,
} from './contract.js';
import { Delivery } from './delivery.js';
import { listen } from './listen.js';
import { OwnStream } from './own-stream.js';
import { ServerClock } from './server-clock.js';
import { AccountStore } from './store.js';
import { verdictsOf, Waiting } from './waiting.js';
import { Backoff, onWake } from './wake.js';

/** How an account is opened. */
export interface AccountOptions {
  /** Base URL of the collector; absent: there is none, and commands say so. */
  readonly endpoint?: string;
  /** Id of the account. */
  readonly account: string;
  /** A member token, asked for before each request. */
  readonly token: () => Promise<string>;
  /** An engine with the shop's program open. The account's stream in it is this object's from now on. */
  readonly engine: Engine;
  /** Name of the database. Default `souk-page`; two shops on one origin need two. */
  readonly name?: string;
  /** Told of what should not happen. Default: nobody. */
  readonly log?: (entry: PageLogEntry) => void;
}

/** What tabs tell each other: what one of them learned. */
type News =
  | { readonly command: PageCommand }
  | { readonly facts: readonly Fact[]; readonly verdicts: readonly Verdict[]; readonly place: Position | undefined }
  | { readonly anew: true };

/** What the collector sends of a stream. */
interface FactsEvent {
  readonly facts: readonly Fact[];
  readonly head?: string;
}

/** Facts that are kept one by one before a snapshot takes their place. */
const longestTail = 200;
/** The collector's events have so long to vouch for facts that came with a verdict, milliseconds. */
const vouchedWithin = 3000;

/** One account, from `openAccount`. */
export class PageAccount {
  readonly #stream: OwnStream;
  readonly #client: CollectorClient | undefined;
  readonly #delivery: Delivery | undefined;
  readonly #store: AccountStore;
  readonly #name: string;
  readonly #tabs: string;
  readonly #log: (entry: PageLogEntry) => void;
  readonly #clock = new ServerClock();
  readonly #end = new AbortController();
  readonly #waiting = new Waiting();
  readonly #backoff = new Backoff(1000);
  readonly #listeners = new Set<() => void>();
  #channel: BroadcastChannel | undefined;
  #tail = 0;
  /** How often the stream was begun anew. */
  #beginnings = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #vouch: ReturnType<typeof setTimeout> | undefined;

  constructor(options: AccountOptions) {
    const { endpoint, account, token, engine, name = 'souk-page', log = () => undefined } = options;
    this.#name = `account/${account}`;
    this.#tabs = name;
    this.#log = log;
    this.#stream = new OwnStream(engine, this.#name);
    this.#store = new AccountStore(name, account);
    if (endpoint !== undefined) {
      this.#client = new CollectorClient(endpoint, token);
      this.#delivery = new Delivery(this.#client, this.#waiting, this.#deliveryEvents(), this.#end.signal);
    }
    this.#listen(`${name}/${account}`);
  }

  /** For `openAccount`: what the disk has, and then what the collector has. Never rejects. */
  async start(): Promise<void> {
    const kept = await this.#store.load().catch(() => undefined);
    if (this.#end.signal.aborted) return;
    this.#stream.open(kept?.snapshot);
    try {
      this.#fold(kept?.facts ?? [], [], kept?.place);
    } catch {
      // What was kept has a hole or is damaged: the collector has it whole.
      this.#stream.open();
      await this.#store.replace(undefined, [], undefined).catch(() => undefined);
    }
    for (const command of kept?.commands ?? []) this.#show(command);
    if (this.#client) this.#follow(this.#client);
    void this.sync();
  }

  /** The account at the collector's present, pending commands included unless `confirmed` is asked for. */
  view(confirmed = false): LoyaltyView {
    return this.#stream.view(this.now(), confirmed);
  }

  /** Sequence number of the last confirmed fact, and the digest of the state after it: equal on every host that knows the same facts. */
  digest(): { readonly seq: number; readonly digest: string } {
    return this.#stream.digest();
  }

  /** Commands without a verdict, and why. Never empty in silence. */
  waiting(): readonly CommandState[] {
    return this.#waiting.states();
  }

  /** The collector's clock, for countdowns, milliseconds since 1970. */
  now(): number {
    return this.#clock.now();
  }

  /** Calls back after every change of the view or of what waits. Returns how to end it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Gives a command: shown at once, stored, sent, and settled by its verdict.
   * @returns The verdict, whenever it comes; meanwhile {@link PageAccount.waiting} tells the reason.
   */
  async submit(command: PageCommand): Promise<CommandState> {
    const settled = this.#waiting.verdict(command.id);
    this.#show(command);
    this.#say({ command });
    const kept = await this.#store.addCommand(command).then(
      () => true,
      () => false,
    );
    if (!kept) this.#reason([command], 'not-kept');
    void this.#delivery?.send();
    return settled;
  }

  /** Asks the collector for what is new, and about every command that waits. Never rejects. */
  async sync(): Promise<void> {
    await this.#catchUp().catch((error: unknown) => this.#failed(error));
    await this.#delivery?.send();
  }

  /** Ends every timer, listener, connection and the stream in the engine. Commands that wait stay on the disk. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#vouch);
    this.#channel?.close();
    this.#store.close();
    this.#listeners.clear();
    this.#stream.close();
  }

  #listen(name: string): void {
    onWake(() => void this.sync(), this.#end.signal);
    try {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }: MessageEvent<News>) => this.#hear(data);
    } catch {
      // A frame that may not: this page is alone.
    }
  }

  #follow(client: CollectorClient): void {
    void listen({
      client,
      stream: this.#name,
      name: this.#tabs,
      after: () => this.#stream.position,
      hear: (event, data) => event === 'facts' && void this.#overhear(data as FactsEvent),
      stands: (unanswered) => {
        // Our facts are not the collector's: reading finds out, and begins anew.
        if (unanswered?.code === 'history-forked' || unanswered?.code === 'out-of-range') void this.sync();
      },
      signal: this.#end.signal,
    });
  }

  #say(news: News): void {
    this.#channel?.postMessage(news);
  }

  #hear(news: News): void {
    if (!this.#stream.isOpen) return;
    if ('command' in news) {
      this.#show(news.command);
      // The tab that gave it sends it. Should that tab die, this one does: the collector knows a repeated id.
      this.#again(5000 * (1 + Math.random()));
    } else if ('anew' in news) void this.sync();
    else {
      try {
        if (this.#stream.contradicts(news.facts)) void this.sync();
        else this.#fold(news.facts, news.verdicts, news.place);
      } catch {
        void this.sync();
      }
    }
  }

  /** A command appears: in the view, and among those that wait. */
  #show(command: PageCommand): void {
    if (!this.#stream.isOpen || !this.#waiting.add(command, this.#client ? 'sending' : 'needs-backend')) return;
    this.#stream.pend(command, this.now());
    this.#changed();
  }

  /** Facts and verdicts reach the engine together; it throws on a gap and has changed nothing then. */
  #fold(facts: readonly Fact[], verdicts: readonly Verdict[], place?: Position): readonly Fact[] {
    const fresh = this.#stream.fold(facts, verdicts, place);
    this.#tail += fresh.length;
    for (const verdict of verdicts) this.#waiting.end(verdict);
    if (!this.#stream.isVouched) this.#vouch ??= setTimeout(() => this.#beVouched(), vouchedWithin);
    this.#changed();
    return fresh;
  }

  /** Answers to commands carry no hash; the events that follow do. Where none came, reading finds out whether those facts go with ours. */
  #beVouched(): void {
    this.#vouch = undefined;
    if (this.#stream.isOpen && !this.#stream.isVouched) void this.sync();
  }

  /** News from the collector: into the engine, onto the disk, to the other tabs. */
  async #take(facts: readonly Fact[], verdicts: readonly Verdict[], place?: Position): Promise<void> {
    const fresh = this.#fold(facts, verdicts, place);
    if (fresh.length > 0 || verdicts.length > 0 || place !== undefined) {
      this.#say({ facts: fresh, verdicts, place });
      const ended = verdicts.map(({ id }) => id);
      await this.#store.take(fresh, ended, place).catch(() => undefined);
    }
    if (this.#tail <= longestTail || !this.#stream.isOpen) return;
    this.#tail = 0;
    await this.#store.compact(this.#stream.snapshot(), this.#stream.seq).catch(() => undefined);
  }

  /** Reads from the last place that the collector has vouched for, so that facts which are no longer its own are found out. */
  async #catchUp(): Promise<void> {
    let anew = false;
    for (let more = true; more && this.#client;) {
      const [asked, beginnings] = [performance.now(), this.#beginnings];
      const answer = await this.#client.stream(this.#name, anew ? { seq: 0 } : this.#stream.position);
      if (this.#end.signal.aborted) return;
      this.#clock.learn(answer.now, asked);
      if (beginnings !== this.#beginnings) continue; // another answer was quicker
      const { facts = [], snapshot } = answer;
      const forked: boolean = answer.forked ?? anew;
      anew = !forked && this.#stream.contradicts(facts);
      more = anew || answer.more === true;
      if (forked) this.#log({ code: 'history-forked', stream: this.#name });
      if (forked || (snapshot !== undefined && answer.seq > this.#stream.seq)) await this.#beginAnew(answer, forked);
      else if (!anew) await this.#take(facts, [], placeOf(answer));
    }
  }

  /** A stream begins with what the collector sends, and perhaps a snapshot before it; what waits is shown on top of it again. */
  async #beginAnew(answer: StreamAnswer, forked: boolean): Promise<void> {
    const { snapshot, facts = [] } = answer;
    const bytes = snapshot === undefined ? undefined : Uint8Array.from(atob(snapshot), (unit) => unit.charCodeAt(0));
    this.#beginnings += 1;
    this.#tail = 0;
    this.#stream.open(bytes);
    try {
      this.#stream.fold(facts, [], placeOf(answer));
    } catch {
      // A snapshot that another engine wrote was passed over: the events begin at the first fact.
    }
    for (const command of this.#waiting.commands()) this.#stream.pend(command, this.now());
    this.#changed();
    await this.#store.replace(bytes, facts, placeOf(answer)).catch(() => undefined);
    if (forked) this.#say({ anew: true });
  }

  #deliveryEvents() {
    return {
      sending: (commands: readonly PageCommand[]) => this.#reason(commands, 'sending'),
      failed: (error: unknown) => this.#failed(error),
      unreadable: ({ id }: PageCommand) =>
        this.#take([], [{ id, outcome: 'refused', code: 'bad-request', seqs: [] } satisfies Verdict]),
      decided: async (answer: CommandsAnswer, asked: number) => {
        this.#clock.learn(answer.now, asked);
        await this.#decided(answer);
        this.#backoff.reset();
      },
    };
  }

  /** Verdicts with their facts. Facts that the answer does not have, or that do not go with ours, are fetched first. */
  async #decided({ results, facts }: CommandsAnswer): Promise<void> {
    const verdicts = verdictsOf(results);
    const own = facts[this.#name] ?? [];
    const { seq } = this.#stream;
    const fresh = own.filter((fact) => fact.seq > seq);
    const lasts = verdicts.flatMap(({ seqs }) =>
      seqs.filter(({ stream }) => stream === this.#name).map(({ last }) => last),
    );
    const isWhole =
      fresh.every((fact, index) => fact.seq === seq + 1 + index) && Math.max(0, ...lasts) <= seq + fresh.length;
    const isOurs = !this.#stream.contradicts(own) && !this.#stream.cannotTell(own);
    if (!isWhole || !isOurs) await this.#catchUp();
    await this.#take(isWhole && isOurs ? own : [], verdicts);
  }

  #reason(commands: readonly PageCommand[], reason: WaitingReason): void {
    this.#waiting.because(commands, reason);
    this.#changed();
  }

  /** Says why, and tries again. */
  #failed(error: unknown): void {
    if (this.#end.signal.aborted) return;
    const { reason, retryAfter } = error instanceof Unanswered ? error : new Unanswered('busy');
    this.#reason(this.#waiting.commands(), reason === 'unknown' ? 'busy' : reason);
    this.#again(this.#backoff.next(retryAfter));
  }

  /** Synchronises later, unless that is planned already. */
  #again(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.sync();
    }, ms);
  }

  /** Facts that the collector made for another tab or device. */
  async #overhear({ facts, head }: FactsEvent): Promise<void> {
    const last = facts.at(-1);
    const place = last && head !== undefined ? { seq: last.seq, head } : undefined;
    try {
      if (this.#stream.contradicts(facts)) await this.sync();
      else await this.#take(facts, [], place);
    } catch {
      await this.sync();
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Where an answer ends, if the collector told the hash of that place. */
function placeOf({ seq, head }: StreamAnswer): Position | undefined {
  return head === undefined ? undefined : { seq, head };
}
