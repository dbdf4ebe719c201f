// SPDX-License-Identifier: MIT
// The engine's side of a member's own stream in a page: confirmed facts, pending commands on top, and how much of it the collector has vouched for.
import type { Engine } from '../engine.js';
import type { Fact, LoyaltyView, Verdict } from '../generated/protocol.js';
import type { PageCommand, Position } from './contract.js';

/** Facts that are remembered one by one, to be compared with what comes again. */
const mostRecent = 256;

/** One stream in the engine. */
export class OwnStream {
  readonly #engine: Engine;
  readonly #name: string;
  readonly #recent = new Map<number, Fact>();
  #handle = 0;
  #seq = 0;
  #anchor: Position | undefined;

  /** @param name Such as `account/17850`. */
  constructor(engine: Engine, name: string) {
    this.#engine = engine;
    this.#name = name;
  }

  /** Whether it stands open. */
  get isOpen(): boolean {
    return this.#handle > 0;
  }

  /** Sequence number of the last confirmed fact. */
  get seq(): number {
    return this.#seq;
  }

  /** Whether the collector has told the hash of all that is known, or tells none. */
  get isVouched(): boolean {
    return this.position.seq === this.#seq;
  }

  /** The last place whose hash is known, from which the collector is asked; what is known behind it is compared with the answer. */
  get position(): Position {
    return this.#anchor ?? { seq: this.#seq };
  }

  /** Opens it from a snapshot, or empty; a snapshot of another engine's version is as none. What was open is closed. */
  open(snapshot?: Uint8Array): void {
    this.close();
    try {
      this.#became(snapshot ? this.#engine.restore(snapshot) : this.#engine.openStream({ stream: this.#name }));
    } catch (error) {
      if (!snapshot) throw error;
      this.open();
    }
  }

  /** Ends it in the engine, pending commands included. */
  close(): void {
    if (this.#handle > 0) this.#engine.closeStream({ handle: this.#handle });
    this.#handle = 0;
    this.#seq = 0;
    this.#anchor = undefined;
    this.#recent.clear();
  }

  /** The account at an instant. */
  view(at: number, confirmed: boolean): LoyaltyView {
    return this.#engine.account({ handle: this.#handle, at: this.#notBefore(at), confirmed });
  }

  digest(): { readonly seq: number; readonly digest: string } {
    return this.#engine.digest({ handle: this.#handle });
  }

  snapshot(): Uint8Array {
    return this.#engine.snapshot({ handle: this.#handle });
  }

  /** Shows a command on top of the facts, if the engine would accept it. */
  pend(command: PageCommand, at: number): void {
    const dated = { ...command, author: 'shopper' as const, at: this.#notBefore(at) };
    try {
      this.#engine.addPending({ handle: this.#handle, command: dated });
    } catch {
      // It cannot be shown; the collector will say why when it refuses it.
    }
  }

  /**
   * Takes facts and verdicts, which reach the engine together.
   *
   * @param head The place where the facts end, if the collector told its hash.
   * @returns The facts that were new.
   * @throws SoukError on a gap; nothing has changed then.
   */
  fold(facts: readonly Fact[], verdicts: readonly Verdict[], head?: Position): readonly Fact[] {
    const fresh = facts.filter(({ seq }) => seq > this.#seq);
    this.#became(this.#engine.apply({ handle: this.#handle, facts, verdicts }));
    for (const fact of fresh) this.#recent.set(fact.seq, fact);
    for (const seq of this.#recent.keys()) if (seq <= this.#seq - mostRecent) this.#recent.delete(seq);
    this.vouch(head);
    return fresh;
  }

  /** The collector has told the hash of a place. */
  vouch(place: Position | undefined): void {
    if (place?.head === undefined || place.seq > this.#seq || place.seq < (this.#anchor?.seq ?? 0)) return;
    this.#anchor = place;
  }

  /** Whether facts are others than those that are known under their numbers. */
  contradicts(facts: readonly Fact[]): boolean {
    return facts.some((fact) => {
      const known = this.#recent.get(fact.seq);
      return known !== undefined && JSON.stringify(known) !== JSON.stringify(fact);
    });
  }

  /** Whether facts stand where others are known that cannot be compared any more. */
  cannotTell(facts: readonly Fact[]): boolean {
    return facts.some(({ seq }) => seq <= this.#seq && !this.#recent.has(seq));
  }

  #became({ handle, seq }: { readonly handle: number; readonly seq: number }): void {
    this.#handle = handle;
    this.#seq = seq;
  }

  /** Never before the stream's last fact. */
  #notBefore(at: number): number {
    return Math.max(at, this.#engine.status({ handle: this.#handle }).at);
  }
}
