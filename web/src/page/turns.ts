// SPDX-License-Identifier: MIT
// Tabs of an origin take turns at something that one of them does for all: whoever holds the Web Lock. A tab that is frozen or hangs keeps its
// lock, so those who wait ask now and then whether the holder is there, and take the lock from one that does not say so.
import { onWake } from './wake.js';

/** Time between questions while a tab is shown, and the time that an answer may take. Milliseconds. */
const askEvery = 15_000;
const answerWithin = 4_000;

/**
 * Does the work in turn, again after each loss of the turn.
 *
 * @param name Tabs with the same name take turns.
 * @param signal Ends the work, or the waiting for it.
 * @param work Runs until its signal ends it. Without Web Locks every tab does it.
 */
export async function takeTurns(
  name: string,
  signal: AbortSignal,
  work: (turn: AbortSignal) => Promise<void>,
): Promise<void> {
  let steal = false;
  while (!signal.aborted) {
    const wait = new Wait(name, signal);
    const turn = new AbortController();
    const stop = () => turn.abort();
    signal.addEventListener('abort', stop);
    try {
      await navigator.locks.request(name, steal ? { steal } : { signal: wait.signal }, async () => {
        wait.granted();
        await work(turn.signal);
      });
    } catch {
      // No locks, or a frame that may not use them.
      if (!wait.isGranted && !wait.signal.aborted) await work(turn.signal);
    } finally {
      steal = wait.isSilent;
      stop(); // the lock may have been stolen while the work went on
      wait.end();
      signal.removeEventListener('abort', stop);
    }
  }
}

/** A place in the queue with its questions, and once the turn has come, the answers to those of others. */
class Wait {
  /** Whether the turn has come. */
  isGranted = false;
  /** Whether it was left because the holder does not answer. */
  isSilent = false;
  readonly #queue = new AbortController();
  readonly #end = new AbortController();
  readonly #channel: BroadcastChannel | undefined;
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string, signal: AbortSignal) {
    signal.addEventListener('abort', () => this.#queue.abort(), { signal: this.#end.signal });
    try {
      this.#channel = new BroadcastChannel(`${name}/turn`);
    } catch {
      return; // Nobody can be asked, and so nobody is robbed.
    }
    this.#channel.onmessage = ({ data }: MessageEvent<'there?' | 'here'>) => this.#hear(data);
    const ask = () => this.#ask();
    const timer = setInterval(ask, askEvery);
    this.#end.signal.addEventListener('abort', () => clearInterval(timer));
    onWake(ask, this.#end.signal);
    ask();
  }

  /** Ends the place in the queue. */
  get signal(): AbortSignal {
    return this.#queue.signal;
  }

  /** The turn has come. */
  granted(): void {
    this.isGranted = true;
    this.#hear('here');
    this.#channel?.postMessage('here');
  }

  /** Ends questions and answers. */
  end(): void {
    this.#end.abort();
    clearTimeout(this.#late);
    this.#channel?.close();
  }

  #hear(said: 'there?' | 'here'): void {
    if (said === 'there?' && this.isGranted) this.#channel?.postMessage('here');
    if (said === 'there?') return;
    clearTimeout(this.#late);
    this.#late = undefined;
  }

  /** Only a tab that is shown asks: nobody looks at the others, and a frozen one would not hear the answer. */
  #ask(): void {
    if (this.isGranted || document.visibilityState !== 'visible') return;
    this.#channel?.postMessage('there?');
    this.#late ??= setTimeout(() => {
      this.isSilent = true;
      this.#queue.abort();
    }, answerWithin);
  }
}
