// SPDX-License-Identifier: MIT
// Group commit: while one transaction runs, what arrives waits, and the next transaction takes all of it. Under load a commit is shared by
// many; alone, nothing waits. A store within this process (PGlite) answers without a turn of the event loop between, so a turn is taken before
// each group: else the requests that came meanwhile would not even be read, and every group would have one member.

interface Waiting<Item, Answer> {
  readonly item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Turns that a group waits for others at most. */
const maxTurns = 4;

/** Lets the host do what waits for it: read sockets, above all. */
function turn(): Promise<void> {
  const { setImmediate } = globalThis as { readonly setImmediate?: (done: () => void) => unknown };
  return new Promise((resolve) => (setImmediate === undefined ? setTimeout(resolve) : setImmediate(resolve)));
}

/** Runs items in order, in groups, one group at a time. */
export class Batcher<Item, Answer> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #limit: number;
  #queue: Waiting<Item, Answer>[] = [];
  #running: Promise<void> | undefined;

  /**
   * @param run Answers each item of a group, in order, or rejects with none of them done.
   * @param limit Items of a group at most.
   */
  constructor(run: (items: readonly Item[]) => Promise<readonly Answer[]>, limit: number) {
    this.#run = run;
    this.#limit = limit;
  }

  /** Items that wait for their group. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Does an item as part of the next group. */
  add(item: Item): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => this.#queue.push({ item, resolve, reject }));
    this.#running ??= this.#drain();
    return answer;
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#gather();
      const group = this.#queue.slice(0, this.#limit);
      this.#queue = this.#queue.slice(this.#limit);
      await this.#runGroup(group);
    }
    this.#running = undefined;
  }

  /** Takes turns of the event loop while they bring more. */
  async #gather(): Promise<void> {
    for (let turns = 0, before = 0; turns < maxTurns && before < this.#queue.length; turns += 1) {
      before = this.#queue.length;
      if (before >= this.#limit) return;
      await turn();
    }
  }

  /** One that cannot be done must not take others with it: a group that fails is tried again one by one. */
  async #runGroup(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#run(group.map(({ item }) => item));
      group.forEach((one, index) => one.resolve(answers[index] as Answer));
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await this.#runGroup([one]);
    }
  }
}
