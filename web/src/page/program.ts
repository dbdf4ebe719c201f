// SPDX-License-Identifier: MIT
// The shop's program in a page: read at the start, whenever the page is looked at again, and when the collector says that it has another one,
// so that a campaign that was stopped stops in open pages.
import type { Program } from '../generated/protocol.js';
import { ask, Unanswered } from './collector-client.js';
import type { PageLogEntry, UnansweredReason } from './contract.js';
import { onProgramNews, type ProgramNews } from './program-news.js';
import { Backoff, onWake } from './wake.js';

/** How a program is watched. */
export interface ProgramOptions {
  /** Base URL of the collector. */
  readonly endpoint: string;
  /** Hash of the program that the caller has open already; it is not handed over. Default: none. */
  readonly known?: string;
  /** Takes each program that is another than the one before: it is for an engine of its own, and the account is opened anew with that. */
  readonly onProgram: (program: Program, hash: string) => void;
  /** Told of what should not happen. Default: nobody. */
  readonly log?: (entry: PageLogEntry) => void;
}

/** A program that is watched, from `openProgram`. */
export class PageProgram {
  readonly #options: ProgramOptions;
  readonly #end = new AbortController();
  readonly #backoff = new Backoff(1000);
  #hash: string | undefined;
  /** When the collector took the program into use that is known here, and the latest one that it told of. */
  #since = -Infinity;
  #wanted = -Infinity;
  #reason: UnansweredReason | undefined;
  #reading: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#hash = options.known;
  }

  /** For `openProgram`. Never rejects. */
  async start(): Promise<void> {
    const { signal } = this.#end;
    onWake(() => void this.read(), signal);
    onProgramNews(this.#options.endpoint, (news) => this.#hear(news), signal);
    await this.read();
  }

  /** Hash of the program that holds, as the engine gives it; undefined until one is known. */
  hash(): string | undefined {
    return this.#hash;
  }

  /** Why the collector's program is not known; undefined where it is. It is tried again. */
  reason(): UnansweredReason | undefined {
    return this.#reason;
  }

  /** Asks the collector now. Never rejects. One request at a time; whoever asks meanwhile waits for it. */
  read(): Promise<void> {
    this.#reading ??= this.#ask().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Ends every timer and listener. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
  }

  /** Some tab was told which program is in use. */
  #hear({ program, since = Infinity }: ProgramNews): void {
    if (program === this.#hash) {
      if (since < Infinity) this.#since = Math.max(this.#since, since);
    } else if (since > this.#since) {
      if (since < Infinity) this.#wanted = Math.max(this.#wanted, since);
      void this.read();
    }
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      // The browser's own copy is asked for with If-None-Match; a copy that is the newest costs a header.
      await this.#take(await ask(`${this.#options.endpoint}/v1/program`, { cache: 'no-cache' }));
      this.#reason = undefined;
      if (this.#since >= this.#wanted) this.#backoff.reset();
      else this.#again();
    } catch (error) {
      const { reason, retryAfter } = error instanceof Unanswered ? error : new Unanswered('busy');
      this.#reason = reason;
      this.#again(retryAfter);
    }
  }

  /** The later of two programs holds: an answer of a collector that has not heard of it yet is passed over. */
  async #take(response: Response): Promise<void> {
    const hash = /[^"/]{16,}/.exec(response.headers.get('etag') ?? '')?.[0];
    const since = Number(response.headers.get('souk-program-since') ?? Infinity);
    if (hash === undefined) throw new Unanswered('needs-backend');
    if (hash !== this.#hash && since < this.#since) {
      this.#options.log?.({ code: 'older-program' });
      return;
    }
    const program = hash === this.#hash ? undefined : ((await response.json()) as Program);
    if (this.#end.signal.aborted) return;
    if (since < Infinity) this.#since = Math.max(this.#since, since);
    this.#hash = hash;
    if (program) this.#options.onProgram(program, hash);
  }

  #again(asked?: number): void {
    if (!this.#end.signal.aborted) this.#timer = setTimeout(() => void this.read(), this.#backoff.next(asked));
  }
}
