// SPDX-License-Identifier: MIT
// A member's own account in a page: what is confirmed, what is pending on top of it, and who is asked about it. The engine decides and folds;
// this file only brings it facts, commands and verdicts, keeps them on the disk, and says why something still waits.
import type { Engine } from '../engine.js';
import type { Fact, LoyaltyView, Verdict } from '../generated/protocol.js';
import { CollectorClient, Unanswered } from './collector-client.js';
import type { CommandState, CommandsAnswer, PageCommand, StreamAnswer, WaitingReason } from './contract.js';
import { listen } from './listen.js';
import { ServerClock } from './server-clock.js';
import { AccountStore } from './store.js';
import { Waiting } from './waiting.js';

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
  /** Name of the database. Default `souk-page`. */
  readonly name?: string;
}

/** What tabs tell each other: what one of them learned. */
type News =
  { readonly command: PageCommand } | { readonly facts: readonly Fact[]; readonly verdicts: readonly Verdict[] };

/** Facts that are kept one by one before a snapshot takes their place. */
const longestTail = 200;
const mostCommands = 50;

/** One account, from `openAccount`. */
export class PageAccount {
  readonly #engine: Engine;
  readonly #client: CollectorClient | undefined;
  readonly #store: AccountStore;
  readonly #stream: string;
  readonly #clock = new ServerClock();
  readonly #end = new AbortController();
  readonly #waiting = new Waiting();
  readonly #listeners = new Set<() => void>();
  #channel: BroadcastChannel | undefined;
  #handle = 0;
  #seq = 0;
  #tail = 0;
  #attempt = 0;
  #most = mostCommands;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: AccountOptions) {
    const { endpoint, account, token, engine, name = 'souk-page' } = options;
    this.#engine = engine;
    this.#stream = `account/${account}`;
    this.#client = endpoint === undefined ? undefined : new CollectorClient(endpoint, token);
    this.#store = new AccountStore(name, account);
    this.#listen(`${name}/${account}`);
  }

  /** For `openAccount`: what the disk has, and then what the collector has. Never rejects. */
  async start(): Promise<void> {
    const kept = await this.#store.load().catch(() => ({ snapshot: undefined, facts: [], commands: [] }));
    this.#open(kept.snapshot);
    try {
      this.#fold(kept.facts, []);
    } catch {
      // What was kept has a hole or is damaged: the collector has it whole.
      this.#engine.closeStream({ handle: this.#handle });
      this.#open(undefined);
      await this.#store.compact(undefined, 0).catch(() => undefined);
    }
    for (const command of kept.commands) this.#show(command);
    if (this.#client)
      void listen({
        client: this.#client,
        stream: this.#stream,
        name: 'souk-page',
        after: () => this.#seq,
        hear: (event, data) =>
          event === 'facts' && void this.#overhear((data as { readonly facts: readonly Fact[] }).facts),
        stands: () => undefined,
        signal: this.#end.signal,
      });
    void this.sync();
  }

  /** The account at the collector's present, pending commands included unless `confirmed` is asked for. */
  view(confirmed = false): LoyaltyView {
    return this.#engine.account({ handle: this.#handle, at: this.#at(), confirmed });
  }

  /** Sequence number of the last confirmed fact, and the digest of the state after it: equal on every host that knows the same facts. */
  digest(): { readonly seq: number; readonly digest: string } {
    return this.#engine.digest({ handle: this.#handle });
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
    void this.#send();
    return settled;
  }

  /** Asks the collector for what is new, and about every command that waits. Never rejects. */
  async sync(): Promise<void> {
    if (this.#client) {
      await this.#catchUp().catch((error: unknown) => this.#failed(error));
    }
    await this.#send();
  }

  /** Ends every timer, listener, connection and the stream in the engine. Commands that wait stay on the disk. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#store.close();
    this.#listeners.clear();
    if (this.#handle > 0) this.#engine.closeStream({ handle: this.#handle });
    this.#handle = 0;
  }

  #listen(name: string): void {
    const { signal } = this.#end;
    const sync = () => void this.sync();
    addEventListener('online', sync, { signal });
    addEventListener('pageshow', sync, { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && sync(), { signal });
    try {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }: MessageEvent<News>) => this.#hear(data);
    } catch {
      // A frame that may not: this page is alone.
    }
  }

  #say(news: News): void {
    this.#channel?.postMessage(news);
  }

  #hear(news: News): void {
    if (this.#handle === 0) return;
    if ('command' in news) {
      this.#show(news.command);
      // The tab that gave it sends it. Should that tab die, this one does: the collector knows a repeated id.
      this.#again(5000 * (1 + Math.random()));
    } else {
      try {
        this.#fold(news.facts, news.verdicts);
      } catch {
        void this.sync();
      }
    }
  }

  #open(snapshot: Uint8Array | undefined): void {
    try {
      this.#became(snapshot ? this.#engine.restore(snapshot) : this.#engine.openStream({ stream: this.#stream }));
    } catch (error) {
      if (!snapshot) throw error;
      this.#open(undefined);
    }
    this.#tail = 0;
  }

  #became({ handle, seq }: { readonly handle: number; readonly seq: number }): void {
    this.#handle = handle;
    this.#seq = seq;
  }

  /** The collector's present, but never before the stream's last fact. */
  #at(): number {
    return Math.max(this.now(), this.#engine.status({ handle: this.#handle }).at);
  }

  /** A command appears: in the view, and among those that wait. */
  #show(command: PageCommand): void {
    if (this.#handle === 0 || !this.#waiting.add(command, this.#client ? 'sending' : 'needs-backend')) return;
    this.#pend(command);
    this.#changed();
  }

  #pend(command: PageCommand): void {
    try {
      this.#engine.addPending({ handle: this.#handle, command: { ...command, author: 'shopper', at: this.#at() } });
    } catch {
      // It cannot be shown; the collector will say why when it refuses it.
    }
  }

  /** Facts and verdicts reach the engine together; it throws on a gap and has changed nothing then. */
  #fold(facts: readonly Fact[], verdicts: readonly Verdict[]): void {
    this.#became(this.#engine.apply({ handle: this.#handle, facts, verdicts }));
    this.#tail += facts.length;
    for (const verdict of verdicts) this.#waiting.end(verdict);
    this.#changed();
  }

  /** News from the collector: into the engine, onto the disk, to the other tabs. */
  async #take(facts: readonly Fact[], verdicts: readonly Verdict[]): Promise<void> {
    const known = this.#seq;
    this.#fold(facts, verdicts);
    const fresh = facts.filter(({ seq }) => seq > known);
    if (fresh.length === 0 && verdicts.length === 0) return;
    this.#say({ facts: fresh, verdicts });
    const ended = verdicts.map(({ id }) => id);
    await this.#store.take(fresh, ended).catch(() => undefined);
    if (this.#tail > longestTail && this.#handle > 0) {
      this.#tail = 0;
      await this.#store.compact(this.#engine.snapshot({ handle: this.#handle }), this.#seq).catch(() => undefined);
    }
  }

  async #catchUp(): Promise<void> {
    if (!this.#client) return;
    const asked = performance.now();
    const answer: StreamAnswer = await this.#client.stream(this.#stream, this.#seq);
    if (this.#end.signal.aborted) return;
    this.#clock.learn(answer.now, asked);
    if (answer.snapshot !== undefined && answer.seq > this.#seq) await this.#replace(answer.snapshot);
    else await this.#take(answer.facts ?? [], []);
  }

  /** A long stream begins with a snapshot; what waits is shown on top of it again. */
  async #replace(base64: string): Promise<void> {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    this.#engine.closeStream({ handle: this.#handle });
    this.#open(bytes);
    for (const command of this.#waiting.commands()) this.#pend(command);
    await this.#store.compact(bytes, this.#seq).catch(() => undefined);
    this.#changed();
  }

  /** One request at a time; whoever asks meanwhile waits for it and for one more. */
  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    const { signal } = this.#end;
    while (this.#client && this.#waiting.size > 0 && !signal.aborted) {
      const commands = this.#waiting.commands(this.#most);
      this.#reason(commands, 'sending');
      try {
        const asked = performance.now();
        const answer = await this.#client.commands(commands);
        if (signal.aborted) return;
        this.#clock.learn(answer.now, asked);
        await this.#decided(answer);
        this.#attempt = 0;
        this.#most = mostCommands;
      } catch (error) {
        if (!(error instanceof Unanswered && error.blamed)) {
          this.#failed(error);
          return;
        }
        // One of them cannot be read: it is found by sending each alone, and ends there.
        if (commands.length === 1) await this.#unreadable(commands);
        this.#most = 1;
      }
    }
  }

  async #unreadable(commands: readonly PageCommand[]): Promise<void> {
    const code = 'bad-request';
    await this.#take(
      [],
      commands.map(({ id }): Verdict => ({ id, outcome: 'refused', code, seqs: [] })),
    );
  }

  /** Verdicts with their facts; facts that the answer does not have are fetched first. */
  async #decided({ results, facts }: CommandsAnswer): Promise<void> {
    const verdicts = results.map(
      ({ id, verdict, error }): Verdict =>
        verdict ?? {
          id,
          outcome: 'refused',
          seqs: [],
          ...(error && { code: error.code, path: error.path, message: error.message }),
        },
    );
    const own = facts[this.#stream] ?? [];
    const lasts = verdicts.flatMap(({ seqs }) =>
      seqs.filter(({ stream }) => stream === this.#stream).map(({ last }) => last),
    );
    const known = own[0] && own[0].seq <= this.#seq + 1 ? Math.max(this.#seq, own.at(-1)?.seq ?? 0) : this.#seq;
    const missing = Math.max(0, ...lasts) > known || (own[0] !== undefined && own[0].seq > this.#seq + 1);
    if (missing) await this.#catchUp();
    await this.#take(missing ? [] : own, verdicts);
  }

  #reason(commands: readonly PageCommand[], reason: WaitingReason): void {
    this.#waiting.because(commands, reason);
    this.#changed();
  }

  /** Says why, and tries again: full jitter under a doubling ceiling of a minute, or as the collector asked. */
  #failed(error: unknown): void {
    if (this.#end.signal.aborted) return;
    const unanswered = error instanceof Unanswered ? error : new Unanswered('busy');
    this.#reason(this.#waiting.commands(), unanswered.reason === 'unknown' ? 'busy' : unanswered.reason);
    const ceiling = Math.min(60_000, 1000 * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 6);
    this.#again(unanswered.retryAfter ?? Math.random() * ceiling);
  }

  /** Synchronises later, unless that is planned already. */
  #again(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.sync();
    }, ms);
  }

  /** Facts that the collector made for another tab or device. */
  async #overhear(facts: readonly Fact[]): Promise<void> {
    try {
      await this.#take(facts, []);
    } catch {
      await this.sync();
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
