// SPDX-License-Identifier: MIT
// What a page keeps of an account: a snapshot, the facts after it, and commands without a verdict. IndexedDB, shared by all tabs.
import type { Fact } from '../generated/protocol.js';
import type { PageCommand } from './contract.js';

/** An account as it was last known. */
export interface Kept {
  readonly snapshot: Uint8Array | undefined;
  /** Facts after the snapshot, in order. */
  readonly facts: readonly Fact[];
  /** Commands without a verdict, oldest first. */
  readonly commands: readonly PageCommand[];
}

interface AccountRecord {
  readonly account: string;
  readonly snapshot: Uint8Array | undefined;
  readonly facts: readonly Fact[];
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
    return { snapshot: record?.snapshot, facts: record?.facts ?? [], commands: own };
  }

  /** Writes a command ahead of its first request; resolves once it is on the disk itself, not in some cache. */
  async addCommand(command: PageCommand): Promise<void> {
    const [, commands] = await this.#open('readwrite', 'strict');
    commands.put(command);
    await finished(commands.transaction);
  }

  /** Facts and the end of commands, in one transaction. Facts that are there already are passed over. */
  async take(facts: readonly Fact[], ended: readonly string[]): Promise<void> {
    const [accounts, commands] = await this.#open('readwrite');
    const { transaction } = accounts;
    const end = finished(transaction);
    const record = await settled(accounts.get(this.#account) as IDBRequest<AccountRecord | undefined>);
    const known = record?.facts ?? [];
    const last = known.at(-1)?.seq;
    const fresh = facts.filter(({ seq }) => last === undefined || seq > last);
    // A gap is another tab's affair, or was closed by a snapshot: what is kept must be without holes.
    const follows = last === undefined || fresh[0] === undefined || fresh[0].seq === last + 1;
    if (fresh.length > 0 && follows) {
      accounts.put({ account: this.#account, snapshot: record?.snapshot, facts: [...known, ...fresh] });
    }
    for (const id of ended) commands.delete(id);
    await end;
  }

  /** Puts a snapshot in place of the facts that made it; those that another tab added since stay. Without one: forgets all. */
  async compact(snapshot: Uint8Array | undefined, seq: number): Promise<void> {
    const [accounts] = await this.#open('readwrite');
    const { transaction } = accounts;
    const end = finished(transaction);
    const record = await settled(accounts.get(this.#account) as IDBRequest<AccountRecord | undefined>);
    const later = snapshot ? (record?.facts ?? []).filter((fact) => fact.seq > seq) : [];
    accounts.put({ account: this.#account, snapshot, facts: later });
    await end;
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
