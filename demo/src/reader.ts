// SPDX-License-Identifier: MIT
/**
 * The engine's part of the page. Choosing a customer decides their commands, once; what was decided is a list of facts. Looking at another
 * instant only folds those facts again, up to it: no rule is asked a second time.
 */
import type { Engine, Fact } from 'souk';
import type { Command } from './history/orders.js';

/** The answer of the operation `account`. */
export type AccountView = ReturnType<Engine['account']>;
export type LotView = AccountView['points']['lots'][number];

export interface Reading {
  readonly view: AccountView;
  /** Digest of the account's state: the same in every build of the engine. */
  readonly digest: string;
}

/** One account, readable at every instant of its history. */
export class AccountReader {
  private handle = 0;
  private stream = '';
  private facts: readonly Fact[] = [];
  private folded = 0;

  constructor(private readonly engine: Engine) {}

  /**
   * Decides an account's commands.
   *
   * @param commands  The account's own, in time order.
   * @throws Error if the engine refuses one of them: the history would not be what the shop did.
   */
  load(account: string, commands: readonly Command[]): void {
    this.stream = `account/${account}`;
    this.reopen();
    this.facts = commands.flatMap((command) => {
      const { verdict, facts } = this.engine.submit({ command });
      if (verdict.outcome !== 'accepted')
        throw new Error(`${command.id} was refused: ${verdict.code ?? ''} ${verdict.message ?? ''}`);
      return facts;
    });
    this.folded = this.facts.length;
  }

  /** The account as it is at an instant. @complexity O(facts in between), or O(facts) to go back in time */
  readAt(at: number): Reading {
    const wanted = this.facts.findLastIndex((fact) => fact.at <= at) + 1;
    if (wanted < this.folded) this.reopen();
    if (wanted > this.folded) this.engine.evolve({ handle: this.handle, facts: this.facts.slice(this.folded, wanted) });
    this.folded = wanted;
    const view = this.engine.account({ handle: this.handle, at, lots: true });
    return { view, digest: this.engine.digest({ handle: this.handle }).digest };
  }

  private reopen(): void {
    if (this.handle !== 0) this.engine.closeStream({ handle: this.handle });
    this.handle = this.engine.openStream({ stream: this.stream }).handle;
    this.folded = 0;
  }
}
