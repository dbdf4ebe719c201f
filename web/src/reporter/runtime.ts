// SPDX-License-Identifier: MIT
// The thin layer between the reducer and the browser: performs effects, feeds back what came of them, and never throws into the page.
import type { Outbox } from './outbox.js';
import { isQuiet } from './pump.js';
import { reduce } from './reduce.js';
import { SenderLock } from './sender.js';
import {
  initialState,
  watchMs,
  type Consent,
  type Effect,
  type Input,
  type Message,
  type Outcome,
  type State,
} from './state.js';
import { batchText, beacon, post, type Receiver } from './transport.js';

/** Runs the reporter of one page. */
export class Runtime {
  readonly #receiver: Receiver;
  readonly #outbox: Outbox;
  readonly #lock: SenderLock;
  readonly #end = new AbortController();
  readonly #settlers = new Map<string, (outcome: Outcome) => void>();
  #flushers: (() => void)[] = [];
  #channel: BroadcastChannel | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  state: State;

  constructor(name: string, receiver: Receiver, outbox: Outbox, consent: Consent) {
    this.#receiver = receiver;
    this.#outbox = outbox;
    this.state = initialState(consent);
    this.#lock = new SenderLock(name, {
      granted: () => this.#granted(),
      stolen: () => this.dispatch({ type: 'lost' }),
    });
    this.#listen(name);
    this.#watch = setInterval(() => this.dispatch({ type: 'watch' }), watchMs);
    this.dispatch({ type: 'start' });
  }

  /** One input, and everything that follows from it at once. */
  dispatch(input: Input): void {
    if (this.#end.signal.aborted) return;
    const [state, effects] = reduce(this.state, input, { now: performance.now(), random: Math.random() });
    this.state = state;
    for (const effect of effects) this.#perform(effect);
    if (this.#flushers.length > 0 && isQuiet(this.state, performance.now())) this.#flushed();
  }

  /** What became of an event that is about to be tracked. */
  outcome(id: string): Promise<Outcome> {
    return new Promise((resolve) => this.#settlers.set(id, resolve));
  }

  /** Settles when there is nothing more to do now. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.#flushers.push(resolve);
      this.dispatch({ type: 'flush' });
    });
  }

  /** Tells the other tabs. */
  say(message: Message): void {
    try {
      this.#channel?.postMessage(message);
    } catch {
      // Closed, or not allowed here: the other tabs find out by the outbox.
    }
  }

  /** Ends timers, listeners, lock, channel and connection. Events that are on the disk stay for the next visit. */
  destroy(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#lock.release();
    this.#channel?.close();
    this.#outbox.close();
    for (const settle of this.#settlers.values()) settle('held');
    this.#settlers.clear();
    this.#flushed();
  }

  #flushed(): void {
    const flushers = this.#flushers;
    this.#flushers = [];
    for (const resolve of flushers) resolve();
  }

  #listen(name: string): void {
    const { signal } = this.#end;
    try {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.dispatch({ type: 'heard', message: data });
    } catch {
      // A frame that may not: this page is alone.
    }
    const on = (target: EventTarget, type: string, input: Input['type'] & ('hide' | 'show' | 'flush' | 'online')) =>
      target.addEventListener(type, () => this.dispatch({ type: input }), { signal });
    on(window, 'pagehide', 'hide');
    on(window, 'pageshow', 'show');
    on(window, 'online', 'online');
    // A frozen page answers nobody: it gives the lock up first.
    on(document, 'freeze', 'hide');
    on(document, 'resume', 'show');
    const hidden = () => document.visibilityState === 'hidden' && this.dispatch({ type: 'flush' });
    document.addEventListener('visibilitychange', hidden, { signal });
  }

  async #granted(): Promise<boolean> {
    try {
      this.dispatch({ type: 'acquired', ...(await this.#outbox.raise()) });
      return true;
    } catch {
      this.dispatch({ type: 'lost', failed: true });
      return false;
    }
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'commit':
        this.#then(
          this.#outbox.commit(effect.commit, effect.last),
          (full) => ({ type: 'committed', full }),
          () => ({ type: 'commit-failed' }),
        );
        return;
      case 'read':
        this.#read(effect);
        return;
      case 'post':
        this.#post(effect);
        return;
      case 'beacon':
        beacon(this.#receiver, batchText(this.#receiver, effect.entries, this.#outbox.anonymousId));
        return;
      case 'acquire':
        this.#lock.acquire(effect.steal);
        return;
      case 'release':
        this.#lock.release();
        return;
      case 'erase':
        void this.#outbox.erase().catch(() => undefined);
        return;
      case 'defer':
        void this.#outbox.defer(effect.ms).catch(() => undefined);
        return;
      case 'sleep':
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.dispatch({ type: 'tick' }), effect.ms);
        return;
      case 'say':
        this.say(effect.message);
        return;
      case 'settle':
        for (const id of effect.ids) {
          this.#settlers.get(id)?.(effect.outcome);
          this.#settlers.delete(id);
        }
    }
  }

  #read({ request, lease, count, bytes }: Extract<Effect, { do: 'read' }>): void {
    this.#then(
      this.#outbox.read(lease, count, bytes),
      (batch) => (batch ? { type: 'batch', request, ...batch } : { type: 'lost' }),
      () => ({ type: 'read-failed', request }),
    );
  }

  #post({ request, entries, lease, leaving }: Extract<Effect, { do: 'post' }>): void {
    const body = batchText(this.#receiver, entries, this.#outbox.anonymousId, lease);
    void post(this.#receiver, body, leaving).then((answer) => this.dispatch({ type: 'answered', request, answer }));
  }

  #then<T>(work: Promise<T>, done: (value: T) => Input, failed: () => Input): void {
    work.then(
      (value) => this.dispatch(done(value)),
      () => this.dispatch(failed()),
    );
  }
}
