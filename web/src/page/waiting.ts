// SPDX-License-Identifier: MIT
// Commands without a verdict: which, why, and who wants to be told.
import type { Verdict } from '../generated/protocol.js';
import type { CommandResult, CommandState, PageCommand, WaitingReason } from './contract.js';

/** The commands of one account that wait, oldest first. */
export class Waiting {
  readonly #commands = new Map<string, { readonly command: PageCommand; reason: WaitingReason }>();
  readonly #settlers = new Map<string, (state: CommandState) => void>();

  get size(): number {
    return this.#commands.size;
  }

  /** @returns Whether it is new. */
  add(command: PageCommand, reason: WaitingReason): boolean {
    if (this.#commands.has(command.id)) return false;
    this.#commands.set(command.id, { command, reason });
    return true;
  }

  /** The first `most` of them. */
  commands(most = Infinity): readonly PageCommand[] {
    return [...this.#commands.values()].slice(0, most).map(({ command }) => command);
  }

  /** Why each waits. */
  states(): readonly CommandState[] {
    return [...this.#commands].map(([id, { reason }]) => ({ id, state: 'waiting', reason }));
  }

  /** Tells why some wait. That a command is not kept outlasts that it is sent. */
  because(commands: readonly PageCommand[], reason: WaitingReason): void {
    for (const { id } of commands) {
      const entry = this.#commands.get(id);
      if (entry && !(entry.reason === 'not-kept' && reason === 'sending')) entry.reason = reason;
    }
  }

  /** Settles with the verdict of a command. */
  verdict(id: string): Promise<CommandState> {
    return new Promise((resolve) => this.#settlers.set(id, resolve));
  }

  /** A verdict came: its command waits no more. */
  end(verdict: Verdict): void {
    const { id, outcome } = verdict;
    this.#commands.delete(id);
    this.#settlers.get(id)?.({ id, state: outcome, verdict });
    this.#settlers.delete(id);
  }
}

/** The verdicts of an answer; a command that cannot be decided at all is refused with the error's code. */
export function verdictsOf(results: readonly CommandResult[]): Verdict[] {
  return results.map(
    ({ id, verdict, error }): Verdict =>
      verdict ?? {
        id,
        outcome: 'refused',
        seqs: [],
        ...(error && { code: error.code, path: error.path, message: error.message }),
      },
  );
}
