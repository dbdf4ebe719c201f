// SPDX-License-Identifier: MIT
// A team purchase in a page: the redacted view with its sequence number, followed live. It needs no engine: nothing is decided here.
import type { TeamView } from '../generated/protocol.js';
import { CollectorClient, Unanswered } from './collector-client.js';
import type { PageLogEntry, TeamStreamAnswer, UnansweredReason } from './contract.js';
import { listen } from './listen.js';
import { ServerClock } from './server-clock.js';
import { Backoff, onWake } from './wake.js';

/** How a team is opened. */
export interface TeamOptions {
  /** Base URL of the collector. */
  readonly endpoint: string;
  /** Id of the team. */
  readonly team: string;
  /** A member token, asked for before each request. Whose it is decides which seats are the viewer's own. */
  readonly token: () => Promise<string>;
  /** Pages with the same name share one connection for a team. Default `souk-page`. */
  readonly name?: string;
  /** Told of what should not happen. Default: nobody. */
  readonly log?: (entry: PageLogEntry) => void;
}

/**
 * What tabs tell each other: how far the team has come, and whether the one that listens is heard. Each reads the view for itself, because its
 * member may be another.
 */
type News = { readonly seq: number } | { readonly reason: UnansweredReason | undefined };

/** What may be known of a team: where its stream stands, and the view there. */
type Told = Pick<TeamStreamAnswer, 'seq' | 'team'>;

/** One team, from `openTeam`. */
export class PageTeam {
  readonly #client: CollectorClient;
  readonly #stream: string;
  /** What is said among those who share a connection. */
  readonly #name: string;
  readonly #clock = new ServerClock();
  readonly #end = new AbortController();
  readonly #backoff = new Backoff(1000);
  readonly #listeners = new Set<() => void>();
  readonly #channel: BroadcastChannel | undefined;
  readonly #log: (entry: PageLogEntry) => void;
  /** The collector's history is no longer that of the view. */
  #forked = false;
  #told: Told | undefined;
  #reason: UnansweredReason | undefined;
  #reading: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ endpoint, team, token, name = 'souk-page', log = () => undefined }: TeamOptions) {
    this.#log = log;
    this.#client = new CollectorClient(endpoint, token);
    this.#stream = `team/${team}`;
    this.#name = `${name} ${endpoint}`;
    try {
      this.#channel = new BroadcastChannel(`${this.#name}/${this.#stream}`);
      this.#channel.onmessage = ({ data }: MessageEvent<News>) => this.#overhear(data);
    } catch {
      // A frame that may not: this page is alone.
    }
  }

  /** For `openTeam`: what the collector has, or why it is not known. Never rejects. */
  async start(): Promise<void> {
    const { signal } = this.#end;
    onWake(() => void this.#read(), signal);
    await this.#read();
    if (signal.aborted) return;
    void listen({
      client: this.#client,
      stream: this.#stream,
      name: this.#name,
      after: () => ({ seq: this.seq() }),
      hear: (event, data) => event === 'team' && this.#take(data as Told),
      stands: (unanswered) => this.#stands(unanswered),
      signal,
    });
  }

  /** The team as this member may see it; undefined until the collector has told of it. */
  view(): TeamView | undefined {
    return this.#told?.team;
  }

  /** Where the team's stream stands with that view; 0 without one. It falls only with the collector's own history. */
  seq(): number {
    return this.#told?.seq ?? 0;
  }

  /** Why the collector's present is not known; undefined where it is. A view that was known stays. */
  reason(): UnansweredReason | undefined {
    return this.#reason;
  }

  /** The collector's clock, milliseconds since 1970. */
  now(): number {
    return this.#clock.now();
  }

  /** Time to the deadline by the collector's clock, milliseconds; 0 where there is none, or it is over. */
  remaining(): number {
    const view = this.view();
    if (view?.phase !== 'forming' || view.deadline === undefined) return 0;
    return Math.max(0, view.deadline - this.now());
  }

  /** Calls back after every change of the view or of the reason. Returns how to end it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends every timer, listener and connection. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#listeners.clear();
  }

  /** One request at a time; whoever asks meanwhile waits for it. */
  #read(): Promise<void> {
    this.#reading ??= this.#ask().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const asked = performance.now();
      const answer = await this.#client.team(this.#stream);
      if (this.#end.signal.aborted) return;
      this.#clock.learn(answer.now, asked);
      this.#backoff.reset();
      this.#take(answer);
    } catch (error) {
      if (this.#end.signal.aborted) return;
      const unanswered = error instanceof Unanswered ? error : new Unanswered('busy');
      this.#because(unanswered.reason);
      this.#timer = setTimeout(() => void this.#read(), this.#backoff.next(unanswered.retryAfter));
    }
  }

  #overhear(news: News): void {
    if ('seq' in news) {
      if (news.seq > this.seq()) void this.#read();
    } else if (this.#timer === undefined) this.#because(news.reason);
  }

  /** A connection stands or falls; what was missed comes with the next one. */
  #stands(unanswered: Unanswered | undefined): void {
    if (unanswered?.code === 'out-of-range') {
      // A database that was restored from a backup: its team has not come as far as ours.
      this.#forked = true;
      void this.#read();
      return;
    }
    this.#because(unanswered?.reason);
    this.#channel?.postMessage({ reason: unanswered?.reason } satisfies News);
  }

  /** The newest is kept, whichever way it came; of two views of one state, the later one. */
  #take({ seq, team }: Told): void {
    const known = this.#told;
    this.#clock.reached(team.at);
    if (this.#forked && known && seq < known.seq) this.#log({ code: 'history-forked', stream: this.#stream });
    const isNewer = known === undefined || this.#forked || seq > known.seq;
    this.#forked = false;
    if (isNewer || (seq === known.seq && team.at > known.team.at)) {
      this.#told = { seq, team };
      this.#reason = undefined;
      this.#changed();
    } else this.#because(undefined);
    if (isNewer) this.#channel?.postMessage({ seq } satisfies News);
  }

  #because(reason: UnansweredReason | undefined): void {
    if (this.#reason === reason) return;
    this.#reason = reason;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
