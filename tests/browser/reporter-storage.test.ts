// SPDX-License-Identifier: MIT
// The reporter in Chromium when storage is full, refused, damaged or somebody else's.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  answer,
  drained,
  flush,
  type Shop,
  start,
  stats,
  track,
  visit,
  shop,
  thrown,
  useShop,
  context,
} from './reporter-world.js';

useShop();

const down: Shop['answering'] = (_, response) => answer(response, 503, {});

/** Runs a script against the outbox while no reporter has it open. */
function onOutbox(page: Page, change: string, version = 1): Promise<unknown> {
  return page.evaluate(
    ([code, number]) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('souk-reporter', number);
        request.onupgradeneeded = () => undefined;
        request.onerror = () => reject(request.error ?? new Error('open'));
        request.onsuccess = () => {
          const database = request.result;
          const events = code === '' ? undefined : database.transaction('events', 'readwrite').objectStore('events');
          const put: unknown = code === '' ? undefined : JSON.parse(code);
          if (events) events.put(put);
          const end = () => {
            database.close();
            resolve(undefined);
          };
          if (events) events.transaction.oncomplete = end;
          else end();
        };
      }),
    [change, version] as const,
  );
}

/** Where storage can fail: each call of the browser that the outbox makes. */
const callSites = [
  'IDBFactory.prototype.open',
  'IDBDatabase.prototype.transaction',
  'IDBTransaction.prototype.objectStore',
  'IDBTransaction.prototype.commit',
  'IDBObjectStore.prototype.get',
  'IDBObjectStore.prototype.put',
  'IDBObjectStore.prototype.clear',
];

/** Calls without which events can be written, but not be read or not be let go. */
const readSites = [
  'IDBObjectStore.prototype.getAll',
  'IDBObjectStore.prototype.getAllKeys',
  'IDBObjectStore.prototype.delete',
];

describe('storage', () => {
  it.each(readSites)(
    'may take events in and never give them out, at %s: no error in the page, and the next visit delivers',
    async (site) => {
      const page = await context.newPage();
      await page.addInitScript((name) => {
        const method = name.split('.')[2] ?? '';
        (IDBObjectStore.prototype as unknown as Record<string, () => unknown>)[method] = () => {
          throw new DOMException('storage is busy', 'UnknownError');
        };
      }, site);
      await page.goto(shop.origin);
      await start(page);
      expect((await track(page, 4)).every(({ outcome }) => outcome === 'stored' || outcome === 'held')).toBe(true);
      await visit(context, shop);
      await page.close();
      await shop.arrived(4);
    },
  );

  it.each(callSites)('may throw at every call of %s: no error in the page, and every event arrives', async (site) => {
    const page = await context.newPage();
    await page.addInitScript((name) => {
      const [owner = '', , method = ''] = name.split('.');
      const prototype = (globalThis as unknown as Record<string, { prototype: Record<string, () => unknown> }>)[owner]
        ?.prototype;
      if (prototype)
        prototype[method] = () => {
          throw new DOMException('storage is busy', 'NS_ERROR_STORAGE_BUSY');
        };
    }, site);
    await page.goto(shop.origin);
    await start(page);
    await track(page, 4);
    await shop.arrived(4);
    expect(thrown).toEqual([]);
  });

  it.each(callSites)(
    'may throw now and then at %s: no error in the page, and every event arrives once it does not',
    async (site) => {
      const page = await context.newPage();
      await page.addInitScript((name) => {
        const [owner = '', , method = ''] = name.split('.');
        const prototype = (
          globalThis as unknown as Record<string, { prototype: Record<string, (...given: unknown[]) => unknown> }>
        )[owner]?.prototype;
        const real = prototype?.[method];
        let calls = 0;
        if (prototype && real) {
          prototype[method] = function (this: unknown, ...given: unknown[]): unknown {
            if ((calls += 1) % 3 === 0 && calls < 12) throw new DOMException('storage is busy', 'UnknownError');
            return real.apply(this, given);
          };
        }
      }, site);
      await page.goto(shop.origin);
      await start(page);
      await track(page, 2);
      await track(page, 2);
      await shop.arrived(4);
    },
  );

  it('may be missing altogether', async () => {
    const page = await visit(context, shop, {}, () =>
      Object.defineProperty(globalThis, 'indexedDB', { value: undefined }),
    );
    const receipts = await track(page, 3);
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['held', 'held', 'held']);
    await shop.arrived(3);
  });

  it('may be full: events are held and sent from memory, and stored again when there is room', async () => {
    const page = await visit(context, shop, {}, () => {
      const { prototype } = IDBObjectStore as {
        prototype: { put: (this: IDBObjectStore, ...given: unknown[]) => IDBRequest<IDBValidKey> };
      };
      const real = prototype.put;
      prototype.put = function (...given) {
        const full = (globalThis as { full?: boolean }).full === true && this.name === 'events';
        if (full) throw new DOMException('no room', 'QuotaExceededError');
        return real.apply(this, given);
      };
    });
    await page.evaluate(() => ((globalThis as { full?: boolean }).full = true));
    expect((await track(page, 1))[0]?.outcome).toBe('held');
    await shop.arrived(1);
    shop.answering = down;
    expect((await track(page, 1))[0]?.outcome).toBe('held');
    await page.evaluate(() => ((globalThis as { full?: boolean }).full = false));
    await page.waitForFunction(() =>
      (globalThis as unknown as { reporter: { stats(): Promise<{ stored: number }> } }).reporter
        .stats()
        .then(({ stored }) => stored === 1 || undefined),
    );
    expect((await stats(page)).held + (await stats(page)).stored).toBe(1);
    shop.answering = () => undefined;
    await shop.arrived(2);
  });

  it('has a real quota of its usage and 8 KiB: nothing throws, all is stored, held or counted, and all arrives', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    const session = await context.newCDPSession(page);
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin: shop.origin });
    await session.send('Storage.overrideQuotaForOrigin', { origin: shop.origin, quotaSize: usage + 8192 });
    const receipts = await track(page, 40, 3000);
    expect(receipts.every(({ outcome }) => outcome === 'stored' || outcome === 'held')).toBe(true);
    shop.answering = () => undefined;
    await shop.arrived(40);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  });

  it('holds at most 1 MiB, and counts exactly what did not fit', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    const first = await track(page, 200, 4000);
    const second = await track(page, 200, 4000);
    const outcomes = [...first, ...second].map(({ outcome }) => outcome);
    const full = outcomes.filter((outcome) => outcome === 'outbox-full').length;
    const { stored, bytes, dropped } = await stats(page);
    expect(full).toBeGreaterThan(100);
    expect(dropped).toEqual({ 'outbox-full': full });
    expect(stored).toBe(400 - full);
    expect(bytes).toBeLessThanOrEqual(1_048_576);
    shop.answering = () => undefined;
    await shop.arrived(stored);
    await drained(page);
    expect((await track(page, 1))[0]?.outcome).toBe('stored');
  });

  it('takes an event of 32 KiB and no bigger one, and counts what has no JSON', async () => {
    const page = await visit(context, shop);
    const [fits] = await track(page, 1, 32_000);
    const [tooLarge] = await track(page, 1, 33_000);
    expect([fits?.outcome, tooLarge?.outcome]).toEqual(['stored', 'too-large']);
    const circle = await page.evaluate(() => {
      const self: Record<string, unknown> = {};
      self['self'] = self;
      return (
        globalThis as unknown as { reporter: { track(name: string, properties: object): Promise<{ outcome: string }> } }
      ).reporter.track('Circle', self);
    });
    expect(circle.outcome).toBe('no-json');
    expect((await stats(page)).dropped).toEqual({ 'too-large': 1, 'no-json': 1 });
  });

  it('may hold a record that is no event: it is dropped and counted, and the others arrive', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    await track(page, 2);
    await page.goto(`${shop.origin}/next`);
    await onOutbox(page, JSON.stringify({ id: '0', garbage: true }));
    shop.answering = () => undefined;
    await start(page);
    await shop.arrived(2);
    await drained(page);
    expect((await stats(page)).dropped).toEqual({ damaged: 1 });
  });

  it('may be a database without stores, cut off while it was made', async () => {
    const page = await context.newPage();
    await page.goto(shop.origin);
    await onOutbox(page, '');
    await start(page);
    const [receipt] = await track(page, 1);
    expect(receipt?.outcome).toBe('stored');
    await shop.arrived(1);
  });

  it('may be of a later version of the package: events are sent from memory', async () => {
    const page = await context.newPage();
    await page.goto(shop.origin);
    await onOutbox(page, '', 7);
    await start(page);
    const [receipt] = await track(page, 1);
    expect(receipt?.outcome).toBe('held');
    await shop.arrived(1);
  });

  it('lets a later version upgrade the database while the page is open, and loses nothing', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    await track(page, 1);
    const other = await context.newPage();
    await other.goto(shop.origin);
    await onOutbox(other, '', 2);
    expect((await track(page, 1))[0]?.outcome).toBe('held');
    shop.answering = () => undefined;
    await shop.arrived(1);
  });

  it('may be cleared by the shopper in mid-session: the reporter goes on', async () => {
    const page = await visit(context, shop);
    await track(page, 1);
    await drained(page);
    const session = await context.newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', { origin: shop.origin, storageTypes: 'indexeddb' });
    await track(page, 2);
    await shop.arrived(3);
  });

  it('is not used on import, and not before consent', async () => {
    const page = await visit(context, shop, { consent: 'pending' });
    await track(page, 2);
    await flush(page);
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  });
});
