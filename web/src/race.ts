// SPDX-License-Identifier: MIT
// The rule "loading settles within 3 seconds": builds are tried in order, the next one starts when the one before fails or is slow, the
// first that is ready wins, and when the time is over everything is ended and the answer is an error that lists each attempt.
import { AttemptError, reasonOf } from './compile.js';
import { type LoadAttempt, SoukLoadError } from './errors.js';

/** One way to get an engine. */
export interface Runner<T> {
  /** Which build this is. */
  readonly build: 'wasm' | 'js';
  /** Where it comes from, for the error text. */
  readonly url?: string;
  /** Gets it; ends early when the signal fires. Rejections become attempts. */
  run(signal: AbortSignal): Promise<T>;
}

/** Share of the time after which the next build starts beside a slow one. The slow one goes on: it may still be first. */
const patience = 0.6;

/** One race; used once. */
class Race<T> {
  readonly #runners: readonly Runner<T>[];
  readonly #limitMs: number;
  readonly #controller = new AbortController();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #pending = new Set<Runner<T>>();
  readonly #attempts: LoadAttempt[] = [];
  #started = 0;
  #resolve!: (value: T) => void;
  #reject!: (error: SoukLoadError) => void;

  constructor(runners: readonly Runner<T>[], limitMs: number) {
    this.#runners = runners;
    this.#limitMs = limitMs;
  }

  run(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#later(this.#limitMs, () => this.#giveUp());
      this.#later(this.#limitMs * patience, () => this.#startNext(1));
      this.#startNext(0);
    });
  }

  #later(delayMs: number, work: () => void): void {
    this.#timers.add(setTimeout(work, delayMs));
  }

  /** Starts the runner of that number unless it runs already. */
  #startNext(index: number): void {
    const runner = this.#runners[index];
    if (runner === undefined || index < this.#started) return;
    this.#started = index + 1;
    this.#pending.add(runner);
    runner.run(this.#controller.signal).then(
      (value) => this.#win(runner, value),
      (error: unknown) => this.#fail(runner, error),
    );
  }

  #win(runner: Runner<T>, value: T): void {
    this.#pending.delete(runner);
    this.#end();
    this.#resolve(value);
  }

  #fail(runner: Runner<T>, error: unknown): void {
    if (!this.#pending.delete(runner)) return; // the race is over
    this.#attempts.push(error instanceof AttemptError ? error.attempt : this.#attempt(runner, reasonOf(error)));
    this.#startNext(this.#started);
    if (this.#pending.size > 0) return;
    this.#end();
    this.#reject(new SoukLoadError(this.#attempts, error));
  }

  #giveUp(): void {
    for (const runner of this.#pending)
      this.#attempts.push(this.#attempt(runner, `No answer within ${this.#limitMs} ms.`));
    this.#end();
    this.#reject(new SoukLoadError(this.#attempts));
  }

  #attempt(runner: Runner<T>, reason: string): LoadAttempt {
    return { build: runner.build, ...(runner.url === undefined ? {} : { url: runner.url }), reason };
  }

  #end(): void {
    this.#pending.clear();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#controller.abort();
  }
}

/**
 * The first of several builds that is ready.
 *
 * @param runners In order of preference, at least one.
 * @param limitMs Everything settles within this time.
 * @throws SoukLoadError listing every attempt.
 */
export function race<T>(runners: readonly Runner<T>[], limitMs: number): Promise<T> {
  return new Race(runners, limitMs).run();
}
