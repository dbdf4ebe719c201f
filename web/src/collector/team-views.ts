// SPDX-License-Identifier: MIT
// Teams as anybody may see them. The engine that reads folds a team's facts and shows the redacted view; the facts themselves name accounts,
// payments and orders, and never leave the collector but for the members' own copies.
import type { Engine, TeamView } from 'souk';
import type { Clock } from './clock.js';
import type { Sql } from './store/sql.js';
import { factsAfter } from './streams.js';

/** Teams that stay open at most; the longest unused go first. */
const maxOpen = 1000;
/** Facts that are read and folded at once; a team has a few for each payment. */
const factsAtOnce = 500;

/** A team's view and where its stream stands. */
export interface TeamAnswer {
  readonly seq: number;
  readonly team: TeamView;
}

/** What reading needs; `reader` is asked anew each time, because a lost engine is replaced. */
export interface TeamViewsOptions {
  readonly store: Sql;
  readonly tenant: string;
  readonly clock: Clock;
  reader(): Promise<Engine>;
}

interface Open {
  readonly engine: Engine;
  readonly handle: number;
}

/** Reads teams. */
export class TeamViews {
  readonly #on: TeamViewsOptions;
  readonly #open = new Map<string, Open>();

  constructor(on: TeamViewsOptions) {
    this.#on = on;
  }

  /**
   * A team as `viewer` may see it.
   *
   * @param stream `team/ID`
   * @returns undefined where nothing has ever happened to a team of that name
   */
  async view(stream: string, viewer: string): Promise<TeamAnswer | undefined> {
    const engine = await this.#on.reader();
    for (;;) {
      const seq = this.#seqOf(engine, stream);
      const facts = await factsAfter(this.#on.store, this.#on.tenant, stream, seq, factsAtOnce);
      if (seq === 0 && facts.length === 0) return undefined;
      // From here on nothing waits, so that no other reader closes the handle. Known facts are passed over.
      const handle = this.#handleOf(engine, stream);
      if (facts[0] !== undefined && facts[0].seq > engine.status({ handle }).seq + 1) continue; // was closed meanwhile
      const { at } = facts.length === 0 ? engine.status({ handle }) : engine.evolve({ handle, facts });
      if (facts.length === factsAtOnce) continue;
      return engine.team({ handle, at: Math.max(at, this.#on.clock.now()), viewer });
    }
  }

  #seqOf(engine: Engine, stream: string): number {
    const open = this.#open.get(stream);
    return open?.engine === engine ? engine.status({ handle: open.handle }).seq : 0;
  }

  #handleOf(engine: Engine, stream: string): number {
    const open = this.#open.get(stream);
    const handle = open?.engine === engine ? open.handle : engine.openStream({ stream }).handle;
    this.#open.delete(stream);
    this.#open.set(stream, { engine, handle });
    if (this.#open.size > maxOpen) this.#closeOldest(engine);
    return handle;
  }

  #closeOldest(engine: Engine): void {
    const [oldest] = this.#open;
    if (oldest === undefined) return;
    this.#open.delete(oldest[0]);
    if (oldest[1].engine === engine) engine.closeStream({ handle: oldest[1].handle });
  }
}
