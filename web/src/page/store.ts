// SPDX-License-Identifier: MIT
// What a page keeps of an account: a snapshot, the facts after it, and commands without a verdict. IndexedDB, shared by all tabs.
import type { Fact } from '../generated/protocol.js';
import type { PageCommand, Position } from './contract.js';

/** An account as it was last known. */
export interface Kept {
  readonly snapshot: Uint8Array | undefined;
  /** Facts after the snapshot, in order. */
  readonly facts: readonly Fact[];
  /** The last place whose hash the collector told. */
  readonly place: Position | undefined;
  /** Commands without a verdict, oldest first. */
  readonly commands: readonly PageCommand[];
}

interface AccountRecord {
  readonly account: string;
  readonly snapshot: Uint8Array | undefined;
  readonly facts: readonly Fact[];
  readonly place?: Position | undefined;
}

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

/** Every method may reject, where a browser refuses storage; none throws. */
export class AccountStore {
  readonly #name: string;
  readonly #account: string;
  #database: Promise<IDBDatabase> | undefined;

  constructor(name: string, account: string) {
    this.#name = name;
    this.#account = account;
  }

  async load(): Promise<Kept> {
    const [accounts, commands] = await this.#open('readonly');
    const [record, all] = await Promise.all([
      settled(accounts.get(this.#account) as IDBRequest<AccountRecord | undefined>),
      settled(commands.getAll() as IDBRequest<PageCommand[]>),
    ]);
    const own = all.filter(({ account }) => account === this.#account);
    return { snapshot: record?.snapshot, facts: record?.facts ?? [], place: record?.place, commands: own };
  }

  /** Writes a command ahead of its first request; resolves once it is on the disk itself, not in some cache. */
  async addCommand(command: PageCommand): Promise<void> {
    const [, commands] = await this.#open('readwrite', 'strict');
    commands.put(command);
    await finished(commands.transaction);
  }

  /** Facts and the end of commands, in one transaction. Facts that are there already are passed over. */
  async take(facts: readonly Fact[], ended: readonly string[], place?: Position): Promise<void> {
    const [accounts, commands] = await this.#open('readwrite');
    const { transaction } = accounts;
    const end = finished(transaction);
    const record = await settled(accounts.get(this.#account) as IDBRequest<AccountRecord | undefined>);
    const known = record?.facts ?? [];
    const last = known.at(-1)?.seq;
    const fresh = facts.filter(({ seq }) => last === undefined || seq > last);
    // A gap is another tab's affair, or was closed by a snapshot: what is kept must be without holes.
    const follows = last === undefined || fresh[0] === undefined || fresh[0].seq === last + 1;
    if (follows) accounts.put({ ...this.#from(record), facts: [...known, ...fresh], place: place ?? record?.place });
    for (const id of ended) commands.delete(id);
    await end;
  }

  /** Puts a snapshot in place of the facts that made it; those that another tab added since stay. */
  async compact(snapshot: Uint8Array, seq: number): Promise<void> {
    const [accounts] = await this.#open('readwrite');
    const end = finished(accounts.transaction);
    const record = await settled(accounts.get(this.#account) as IDBRequest<AccountRecord | undefined>);
    const facts = (record?.facts ?? []).filter((fact) => fact.seq > seq);
    accounts.put({ ...this.#from(record), snapshot, facts });
    await end;
  }

  /** Puts what the collector sent in place of all that was known. Commands stay. */
  async replace(snapshot: Uint8Array | undefined, facts: readonly Fact[], place: Position | undefined): Promise<void> {
    const [accounts] = await this.#open('readwrite');
    accounts.put({ account: this.#account, snapshot, facts, place } satisfies AccountRecord);
    await finished(accounts.transaction);
  }

  #from(record: AccountRecord | undefined): AccountRecord {
    return record ?? { account: this.#account, snapshot: undefined, facts: [] };
  }

  close(): void {
    this.#database?.then(
      (database) => database.close(),
      () => undefined,
    );
    this.#database = undefined;
  }

  async #open(
    mode: IDBTransactionMode,
    durability: IDBTransactionDurability = 'relaxed',
  ): Promise<[IDBObjectStore, IDBObjectStore]> {
    this.#database ??= this.#connect();
    try {
      const transaction = (await this.#database).transaction(['accounts', 'commands'], mode, { durability });
      return [transaction.objectStore('accounts'), transaction.objectStore('commands')];
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async #connect(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.#name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('accounts', { keyPath: 'account' });
      request.result.createObjectStore('commands', { keyPath: 'id' });
    };
    const database = await settled(request);
    database.onversionchange = database.onclose = () => this.close();
    return database;
  }
}
