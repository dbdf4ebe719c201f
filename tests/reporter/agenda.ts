// SPDX-License-Identifier: MIT
// Virtual time: things to do in order of their instant, those of one instant in the order in which they were planned.

interface Plan {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const before = (left: Plan, right: Plan): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);

/** A binary heap of plans. */
export class Agenda {
  now = 0;
  readonly #heap: Plan[] = [];
  #planned = 0;

  /** Plans something for `ms` from now. */
  after(ms: number, run: () => void): void {
    const plan = { at: this.now + Math.max(0, ms), order: this.#planned++, run };
    let index = this.#heap.push(plan) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#heap[parent];
      if (!above || before(above, plan)) break;
      this.#heap[index] = above;
      index = parent;
    }
    this.#heap[index] = plan;
  }

  /** Does everything up to an instant, or until `done`. */
  runUntil(at: number, done: () => boolean = () => false): void {
    for (let next = this.#heap[0]; next && next.at <= at && !done(); next = this.#heap[0]) {
      this.#take();
      this.now = next.at;
      next.run();
    }
    if (!done()) this.now = Math.max(this.now, at);
  }

  #take(): void {
    const last = this.#heap.pop();
    const size = this.#heap.length;
    if (!last || size === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= size) break;
      const right = left + 1;
      const pair = [this.#heap[left], this.#heap[right]] as const;
      const child = pair[0] && pair[1] && before(pair[1], pair[0]) ? right : left;
      const below = this.#heap[child];
      if (!below || before(last, below)) break;
      this.#heap[index] = below;
      index = child;
    }
    this.#heap[index] = last;
  }
}
