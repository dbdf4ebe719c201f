// SPDX-License-Identifier: MIT
// One sender per origin: who holds the Web Lock. Where locks are missing or refused every page may raise the epoch, and the fence alone keeps
// them apart.

/** What the holder is told. */
export interface SenderEvents {
  /** The lock is held, or there are no locks. The answer says whether to keep it. */
  granted(): Promise<boolean>;
  /** It was stolen. */
  stolen(): void;
}

/** A place in the queue for the right to send. */
export class SenderLock {
  readonly #name: string;
  readonly #events: SenderEvents;
  /** Gives up the lock, or the place in the queue. */
  #leave: (() => void) | undefined;

  constructor(name: string, events: SenderEvents) {
    this.#name = name;
    this.#events = events;
  }

  /** Asks for the lock; with `steal` takes it from a page that answers no more. */
  acquire(steal: boolean): void {
    this.release();
    const queue = new AbortController();
    let release: (() => void) | undefined;
    let gone = false;
    let entered = false;
    const leave = () => {
      gone = true;
      queue.abort();
      release?.();
    };
    this.#leave = leave;
    const hold = async (): Promise<void> => {
      entered = true;
      if (gone || !(await this.#events.granted()) || gone) return;
      await new Promise<void>((resolve) => (release = resolve));
    };
    const refused = () => {
      if (gone) return;
      if (entered) this.#events.stolen();
      else void hold();
    };
    try {
      navigator.locks.request(this.#name, steal ? { steal } : { signal: queue.signal }, hold).catch(refused);
    } catch {
      // No locks, or a frame that may not use them: SecurityError is thrown at once.
      refused();
    }
  }

  /** Gives up the lock, or the place in the queue. */
  release(): void {
    this.#leave?.();
    this.#leave = undefined;
  }
}
