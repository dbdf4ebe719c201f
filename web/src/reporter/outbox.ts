// SPDX-License-Identifier: MIT
// The write-ahead outbox: IndexedDB, one transaction per call, shared by all pages of an origin. Every method may reject; none throws.
// Nothing here decides: what a failure means is the reducer's affair.
import { uuidv7 } from './uuid.js';
import { addCounts, count, sizeOf, within, type Commit, type Counts, type Entry, type Lease } from './state.js';

/** What the outbox knows besides its events; one record. */
interface Book {
  /** Id of the sender, and the highest epoch that was given out. */
  readonly id: string;
  readonly epoch: number;
  readonly anonymousId: string;
  /** Bytes of all events together. */
  readonly bytes: number;
  readonly dropped: Counts;
  /** Wall clock, until which the receiver asked to wait. */
  readonly waitUntil: number;
}

/** A Retry-After beyond it is a mistake, or a clock that stepped back. One hour. */
const longestWait = 3_600_000;

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });

const finished = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = reject;
  });

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return typeof entry === 'object' && typeof entry?.text === 'string' && typeof entry.size === 'number';
}

/** The outbox of one origin. */
export class Outbox {
  readonly #name: string;
  readonly #capacity: number;
  #connection: Promise<IDBDatabase> | undefined;
  /** Stands in events that name nobody. Until the database was read, a new one. */
  anonymousId: string = uuidv7();

  /**
   * @param name Name of the database.
   * @param capacity Bytes of events that it holds at most.
   */
  constructor(name: string, capacity: number) {
    this.#name = name;
    this.#capacity = capacity;
  }

  /**
   * Takes events in, as far as there is room, or lets ids go; counts drops in the same transaction.
   * @param last The page is being left: there is no time to read the book first.
   * @returns Ids of the events for which there was no room; they are counted.
   */
  async commit({ add, remove, counts }: Commit, last = false): Promise<readonly string[]> {
    if (last) return this.#lastWords(add);
    const full: string[] = [];
    await this.#write(async (events, book) => {
      let { bytes } = book;
      for (const entry of add) {
        if (bytes + entry.size > this.#capacity) full.push(entry.id);
        else {
          events.put(entry);
          bytes += entry.size;
        }
      }
      let dropped = count(addCounts(book.dropped, counts), 'outbox-full', full.length);
      for (const { id, reason } of remove) {
        // Another page may have been quicker; bytes are given back once, and a drop is counted once.
        const found: unknown = await settled(events.get(id));
        if (found === undefined) continue;
        events.delete(id);
        if (isEntry(found)) bytes = Math.max(0, bytes - found.size);
        if (reason) dropped = count(dropped, reason);
      }
      return { ...book, bytes, dropped };
    });
    return full;
  }

  /**
   * Takes the sending over: a higher epoch than any before. It is also at least the number of seconds since 1970, so that it rises
   * when a browser profile was set back to an earlier copy.
   * @returns The new lease, and how long the receiver still wants to be left alone, ms.
   */
  async raise(): Promise<{ readonly lease: Lease; readonly wait: number }> {
    const now = Date.now();
    const { id, epoch, waitUntil } = await this.#write(async (events, book) => ({
      ...book,
      // Last words are not in the book yet.
      bytes: sizeOf(((await settled(events.getAll())) as unknown[]).filter(isEntry)),
      epoch: Math.max(book.epoch + 1, Math.floor(now / 1000)),
    }));
    const wait = waitUntil - now;
    return { lease: { id, epoch }, wait: wait > 0 && wait <= longestWait ? wait : 0 };
  }

  /** The oldest events, or undefined if the lease is not the latest any more. Records that are no events are named apart. */
  async read(
    lease: Lease,
    most: number,
    bytes: number,
  ): Promise<{ entries: readonly Entry[]; damaged: readonly string[] } | undefined> {
    const [events, book] = await this.#open('readonly');
    const [keys, values, current] = await Promise.all([
      settled(events.getAllKeys(null, most)),
      settled(events.getAll(null, most) as IDBRequest<unknown[]>),
      settled(book.get(0) as IDBRequest<Book | undefined>),
    ]);
    if (current?.epoch !== lease.epoch || current.id !== lease.id) return undefined;
    const whole = values.filter(isEntry);
    const entries = within(whole, most, bytes);
    return {
      entries: entries.length > 0 ? entries : whole.slice(0, 1),
      damaged: keys.filter((_, index) => !isEntry(values[index])) as string[],
    };
  }

  /** Remembers that the receiver asked to be left alone. */
  async defer(ms: number): Promise<void> {
    await this.#write((_, book) => ({ ...book, waitUntil: Date.now() + ms }));
  }

  /** Leaves no record behind. */
  async erase(): Promise<void> {
    const [events, book] = await this.#open('readwrite');
    events.clear();
    book.clear();
    await finished(events.transaction);
    this.anonymousId = uuidv7();
  }

  /** What waits, and what was dropped so far. */
  async stats(): Promise<{ readonly count: number; readonly bytes: number; readonly dropped: Counts }> {
    const [events, book] = await this.#open('readonly');
    const [stored, current] = await Promise.all([
      settled(events.count()),
      settled(book.get(0) as IDBRequest<Book | undefined>),
    ]);
    return { count: stored, bytes: current?.bytes ?? 0, dropped: current?.dropped ?? {} };
  }

  /** Lets the connection go; the next call opens another. */
  close(): void {
    void this.#connection?.then(
      (database) => database.close(),
      () => undefined,
    );
    this.#connection = undefined;
  }

  /** Requests that need no answer: a page that is being left hears none. */
  async #lastWords(add: readonly Entry[]): Promise<readonly string[]> {
    const [events] = await this.#open('readwrite');
    for (const entry of add) events.put(entry);
    events.transaction.commit();
    await finished(events.transaction);
    return [];
  }

  /** Changes the book and, by `change`, the events, in one transaction. */
  async #write(change: (events: IDBObjectStore, book: Book) => Book | Promise<Book>): Promise<Book> {
    const [events, store] = await this.#open('readwrite');
    const { transaction } = events;
    const end = finished(transaction);
    try {
      const found = await settled(store.get(0) as IDBRequest<Book | undefined>);
      const book = await change(events, { ...this.#emptyBook(), ...found });
      store.put(book, 0);
      transaction.commit();
      await end;
      this.anonymousId = book.anonymousId;
      return book;
    } catch (error) {
      end.catch(() => undefined);
      abort(transaction);
      throw error;
    }
  }

  #emptyBook(): Book {
    return { id: uuidv7(), epoch: 0, anonymousId: this.anonymousId, bytes: 0, dropped: {}, waitUntil: 0 };
  }

  async #open(mode: IDBTransactionMode): Promise<[IDBObjectStore, IDBObjectStore]> {
    const connection = (this.#connection ??= this.#connect());
    try {
      const transaction = (await connection).transaction(['events', 'book'], mode);
      return [transaction.objectStore('events'), transaction.objectStore('book')];
    } catch (error) {
      // Closed behind our back, or refused: the next call tries anew.
      if (this.#connection === connection) this.close();
      throw error;
    }
  }

  async #connect(): Promise<IDBDatabase> {
    const database = await this.#request();
    if (database.objectStoreNames.contains('events') && database.objectStoreNames.contains('book')) return database;
    // A database that lacks its stores was cut off while it was made, or is somebody else's: nothing of ours can be in it.
    database.close();
    await settled(indexedDB.deleteDatabase(this.#name));
    return this.#request();
  }

  async #request(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.#name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('events', { keyPath: 'id' });
      request.result.createObjectStore('book');
    };
    const database = await settled(request);
    // A later version of this package, or an erasure by the browser, must not wait for this page.
    database.onversionchange = database.onclose = () => this.close();
    return database;
  }
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It ended by itself.
  }
}
