// SPDX-License-Identifier: MIT
// IndexedDB as the reporter needs it: transactions one after another, each whole or not at all, surviving every page.
import {
  addCounts,
  count,
  sizeOf,
  within,
  type Commit,
  type Counts,
  type Entry,
  type Lease,
} from '../../web/src/reporter/state.js';

/** What can be broken on purpose, to see that the checks notice. */
export type Bug =
  | 'deletes-before-answer'
  | 'new-id-on-retry'
  | 'same-epoch'
  | 'says-stored-on-failure'
  | 'forgets-drops'
  | 'posts-twice'
  | 'deletes-what-was-not-listed'
  | 'denial-keeps-the-disk'
  | 'never-steals'
  | 'resends-what-was-answered';

/** The one outbox of an origin. */
export class SimulatedDisk {
  readonly events = new Map<string, Entry>();
  epoch = 0;
  dropped: Counts = {};
  /** Drops that an erasure made forgotten. */
  erased: Counts = {};
  waitUntil = 0;
  full = false;
  refuses = false;
  readonly #capacity: number;
  readonly #bugs: ReadonlySet<Bug>;

  constructor(capacity: number, bugs: ReadonlySet<Bug>) {
    this.#capacity = capacity;
    this.#bugs = bugs;
  }

  /** Ids without room, or undefined if the transaction fails. */
  commit({ add, remove, counts }: Commit, last: boolean): readonly string[] | undefined {
    if (this.refuses || (this.full && add.length > 0)) return undefined;
    const noRoom: string[] = [];
    let bytes = sizeOf([...this.events.values()]);
    for (const entry of add) {
      if (!last && bytes + entry.size > this.#capacity) noRoom.push(entry.id);
      else this.events.set(entry.id, entry);
      bytes += this.events.has(entry.id) ? entry.size : 0;
    }
    if (last) return [];
    this.#drop(counts);
    this.dropped = count(this.dropped, 'outbox-full', noRoom.length);
    for (const { id, reason } of remove) {
      if (this.events.delete(id) && reason) this.#drop({ [reason]: 1 });
    }
    return noRoom;
  }

  raise(wall: number): { readonly lease: Lease; readonly wait: number } | undefined {
    if (this.refuses) return undefined;
    if (!this.#bugs.has('same-epoch') || this.epoch === 0) this.epoch += 1;
    const wait = this.waitUntil - wall;
    return { lease: { id: 'origin', epoch: this.epoch }, wait: wait > 0 && wait <= 3_600_000 ? wait : 0 };
  }

  /** `fenced`, or the oldest events, or undefined if the disk refuses. */
  read(lease: Lease, most: number, bytes: number): readonly Entry[] | 'fenced' | undefined {
    if (this.refuses) return undefined;
    if (lease.epoch !== this.epoch) return 'fenced';
    const all = [...this.events.values()].slice(0, most);
    const entries = within(all, most, bytes);
    return entries.length > 0 ? entries : all.slice(0, 1);
  }

  erase(): void {
    if (this.#bugs.has('denial-keeps-the-disk')) return;
    this.events.clear();
    this.erased = addCounts(this.erased, this.dropped);
    this.dropped = {};
  }

  #drop(counts: Counts): void {
    if (!this.#bugs.has('forgets-drops')) this.dropped = addCounts(this.dropped, counts);
  }
}
