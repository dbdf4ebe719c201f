// SPDX-License-Identifier: MIT
// Server-sent events. A listener holds nothing but the sequence number that it was sent last and reads on from the database, so there is no
// gap and no repetition, whoever decided the facts; news only wakes it. A listener that does not read is not read for.
import { utf8 } from '../server/bytes.js';
import type { Store } from './store/sql.js';
import { chainAfter } from './streams.js';

const factsAtOnce = 100;
const retryMs = 2000;

/** What a listener is sent next. */
export interface News {
  /** Where the stream stands with it. */
  readonly seq: number;
  readonly event: 'facts' | 'team';
  readonly data: object;
}

/** Reads on from a sequence number; undefined where there is nothing new. */
export type Read = (after: number) => Promise<News | undefined>;

interface Listener {
  readonly stream: string;
  seq: number;
  readonly read: Read;
  wake(): void;
}

/** How often it looks for facts that other collectors appended, and how often it shows that it lives. */
export interface FeedOptions {
  readonly store: Store;
  readonly tenant: string;
  readonly heartbeatMs: number;
  readonly program: ProgramNews;
}

/** The program in use, by its hash, and the instant at which it was taken into use. */
export interface ProgramNews {
  readonly hash: string;
  readonly since: number;
}

/** Resolves when woken or after a time; a wake before the wait counts. */
class Bell {
  #ring: (() => void) | undefined;
  #rung = false;

  wake(): void {
    this.#rung = true;
    this.#ring?.();
  }

  async wait(ms: number): Promise<'woken' | 'late'> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const woken = new Promise<'woken'>((resolve) => (this.#ring = () => resolve('woken')));
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, ms, 'late')));
    const outcome = this.#rung ? 'woken' : await Promise.race([woken, late]);
    clearTimeout(timer);
    this.#rung = false;
    return outcome;
  }
}

/** All open event streams of a collector. */
export class Feed {
  readonly #on: FeedOptions;
  readonly #listeners = new Set<Listener>();
  #program: ProgramNews;
  #closed = false;

  constructor(on: FeedOptions) {
    this.#on = on;
    this.#program = on.program;
  }

  /** Open event streams. */
  get size(): number {
    return this.#listeners.size;
  }

  /** Wakes the listeners of streams that have grown. */
  notify(streams: Iterable<string>): void {
    const grown = new Set(streams);
    for (const listener of this.#listeners) if (grown.has(listener.stream)) listener.wake();
  }

  /** Tells everybody of another program. */
  programChanged(program: ProgramNews): void {
    this.#program = program;
    for (const listener of this.#listeners) listener.wake();
  }

  /** Ends all streams; pages come again to whoever answers then. */
  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) listener.wake();
  }

  /** Looks for facts that other collectors appended. */
  async poll(): Promise<boolean> {
    if (this.#listeners.size === 0) return false;
    const names = JSON.stringify([...new Set(Array.from(this.#listeners, ({ stream }) => stream))]);
    const rows = await this.#on.store.query<{ stream: string; seq: number }>(
      `select stream, seq from souk.streams
       where tenant = $1 and stream in (select json_array_elements_text($2::text::json))`,
      [this.#on.tenant, names],
    );
    const seqs = new Map(rows.map(({ stream, seq }) => [stream, seq]));
    for (const listener of this.#listeners) if ((seqs.get(listener.stream) ?? 0) > listener.seq) listener.wake();
    return false;
  }

  /**
   * The events of a stream after a sequence number.
   *
   * @param read What there is after a sequence number. Default: the stream's facts.
   */
  open(stream: string, after: number, read: Read = (seq) => this.#nextFacts(stream, seq)): ReadableStream<Uint8Array> {
    const bell = new Bell();
    const listener: Listener = { stream, seq: after, read, wake: () => bell.wake() };
    const texts = this.#texts(listener, bell);
    this.#listeners.add(listener);
    const leave = async () => {
      this.#listeners.delete(listener);
      bell.wake();
      await texts.return(undefined);
    };
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value } = await texts.next();
        if (done !== true) {
          controller.enqueue(utf8(value));
          return;
        }
        this.#listeners.delete(listener);
        controller.close();
      },
      cancel: leave,
    });
  }

  async *#texts(listener: Listener, bell: Bell): AsyncGenerator<string, undefined> {
    let program: ProgramNews | undefined; // told at once: it may have changed while the listener was not connected
    yield `retry: ${retryMs}\n\n`;
    while (!this.#closed && this.#listeners.has(listener)) {
      if (program !== this.#program) {
        program = this.#program;
        const { hash, since } = program;
        yield `event: program\ndata: ${JSON.stringify({ program: hash, since })}\n\n`;
      }
      const news = await listener.read(listener.seq);
      if (news !== undefined) yield textOf(listener, news);
      else if ((await bell.wait(this.#on.heartbeatMs)) === 'late') yield ': alive\n\n';
    }
    return undefined;
  }

  async #nextFacts(stream: string, after: number): Promise<News | undefined> {
    const { facts, head } = await chainAfter(this.#on.store, this.#on.tenant, stream, after, factsAtOnce);
    const last = facts.at(-1);
    return last === undefined ? undefined : { seq: last.seq, event: 'facts', data: { stream, facts, head } };
  }
}

/** An event as it is sent; the listener stands behind it. */
function textOf(listener: Listener, { seq, event, data }: News): string {
  listener.seq = seq;
  return `id: ${listener.stream}@${seq}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
