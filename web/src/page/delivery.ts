// SPDX-License-Identifier: MIT
// Sends the commands that wait, and finds the one that cannot be read.
import { type CollectorClient, Unanswered } from './collector-client.js';
import type { CommandsAnswer, PageCommand } from './contract.js';
import type { Waiting } from './waiting.js';

/** Commands of one request at most; the collector takes no more. */
const mostCommands = 50;

/** What the account does with what becomes of commands. */
export interface DeliveryEvents {
  /** Commands are on their way. */
  sending(commands: readonly PageCommand[]): void;
  /** An answer came; `asked` by the page's steady clock. */
  decided(answer: CommandsAnswer, asked: number): Promise<void>;
  /** The collector cannot read a command, whatever is sent beside it. */
  unreadable(command: PageCommand): Promise<void>;
  /** Nobody answered, or not now. */
  failed(error: unknown): void;
}

/** Sends for one account. */
export class Delivery {
  readonly #client: CollectorClient;
  readonly #waiting: Waiting;
  readonly #events: DeliveryEvents;
  readonly #signal: AbortSignal;
  #most = mostCommands;
  #sending: Promise<void> | undefined;

  constructor(client: CollectorClient, waiting: Waiting, events: DeliveryEvents, signal: AbortSignal) {
    this.#client = client;
    this.#waiting = waiting;
    this.#events = events;
    this.#signal = signal;
  }

  /** Sends until nothing waits or somebody fails. One request at a time; whoever asks meanwhile waits for it. */
  send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.size > 0 && !this.#signal.aborted) {
      const commands = this.#waiting.commands(this.#most);
      this.#events.sending(commands);
      try {
        const asked = performance.now();
        const answer = await this.#client.commands(commands);
        if (this.#signal.aborted) return;
        await this.#events.decided(answer, asked);
        this.#most = mostCommands;
      } catch (error) {
        if (!(error instanceof Unanswered && error.blamed)) {
          this.#events.failed(error);
          return;
        }
        // One of them cannot be read: it is found by sending each alone, and ends there.
        const [first] = commands;
        if (commands.length === 1 && first) await this.#events.unreadable(first);
        this.#most = 1;
      }
    }
  }
}
