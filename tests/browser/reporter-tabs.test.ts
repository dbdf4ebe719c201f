// SPDX-License-Identifier: MIT
// The reporter in Chromium with several tabs, with and without locks, and with the shopper's consent.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  answer,
  destroy,
  drained,
  flush,
  setConsent,
  type Shop,
  start,
  stats,
  track,
  visit,
  shop,
  useShop,
  context,
} from './reporter-world.js';

useShop();

const down: Shop['answering'] = (_, response) => answer(response, 503, {});
const epochs = () => [...new Set(shop.seen.map(({ sender }) => sender?.epoch ?? 0))];
const outboxIsEmpty = async (page: Page) => expect((await stats(page)).stored).toBe(0);

describe('tabs', () => {
  it('two: one sends for both, and each event is in one request', async () => {
    const pages = [await visit(context, shop), await visit(context, shop)];
    await Promise.all(pages.map((page) => track(page, 10)));
    await shop.arrived(20);
    expect(Math.max(...shop.times())).toBe(1);
    expect(epochs().length).toBe(1);
  });

  it('twenty: each event is in one request', async () => {
    const pages: Page[] = [];
    for (let index = 0; index < 20; index += 1) pages.push(await visit(context, shop));
    await Promise.all(pages.map((page) => track(page, 5)));
    await shop.arrived(100);
    const times = shop.times();
    const requests = times.reduce((sum, each) => sum + each, 0);
    console.log(`twenty tabs: ${(requests / times.length).toFixed(3)} requests per event, ${epochs().length} epochs`);
    expect(requests / times.length).toBeLessThanOrEqual(1.05);
  });

  it('one takes over when the sender closes', async () => {
    const first = await visit(context, shop);
    const second = await visit(context, shop);
    await track(first, 1);
    await shop.arrived(1);
    await first.close();
    await track(second, 3);
    await shop.arrived(4);
    expect(epochs().length).toBe(2);
  });

  it('one takes over from a sender while it hangs, with a higher epoch', async () => {
    const first = await visit(context, shop);
    await track(first, 1);
    await shop.arrived(1);
    const second = await visit(context, shop);
    await flush(second);
    const busy = first.evaluate(() => {
      const end = Date.now() + 20_000;
      while (Date.now() < end);
    });
    let hangs = true;
    void busy.then(() => {
      hangs = false;
    });
    const since = Date.now();
    await track(second, 2);
    await shop.arrived(3);
    console.log(`takeover from a hanging tab: ${Date.now() - since} ms`);
    expect(hangs).toBe(true);
    expect(Math.max(...epochs())).toBeGreaterThan(Math.min(...epochs()));
    await busy;
    await track(first, 1);
    await shop.arrived(4);
  });

  it('one takes over from a sender that the browser freezes', async () => {
    const first = await visit(context, shop);
    await track(first, 1);
    await shop.arrived(1);
    const second = await visit(context, shop);
    const session = await context.newCDPSession(first);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await track(second, 2);
    await shop.arrived(3);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await track(first, 1);
    await shop.arrived(4);
  });

  it('one that is opened by a link does not send what its opener sends', async () => {
    shop.answering = (_, response) => {
      setTimeout(() => answer(response, 200, { success: true }), 300);
      return true;
    };
    const page = await visit(context, shop);
    await track(page, 3);
    await shop.until(() => shop.seen.length > 0);
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      page.click('a', { modifiers: ['ControlOrMeta'] }),
    ]);
    await opened.waitForLoadState();
    await start(opened);
    await drained(opened);
    expect(Math.max(...shop.times())).toBe(1);
  });

  it('all learn which events are answered for, so that none sends them when it is left', async () => {
    const first = await visit(context, shop);
    const second = await visit(context, shop);
    await track(second, 4);
    await shop.arrived(4);
    await drained(second);
    await second.goto('about:blank');
    await flush(first);
    expect(shop.times()).toEqual([1, 1, 1, 1]);
  });
});

describe('locks', () => {
  it('may be missing', async () => {
    const page = await visit(context, shop, {}, () => Object.defineProperty(navigator, 'locks', { value: undefined }));
    await track(page, 3);
    await shop.arrived(3);
    await drained(page);
  });

  it('may throw at once, as in a sandboxed frame', async () => {
    const page = await visit(context, shop, {}, () => {
      navigator.locks.request = () => {
        throw new DOMException('denied', 'SecurityError');
      };
    });
    await track(page, 3);
    await shop.arrived(3);
  });

  it('may be refused later', async () => {
    const page = await visit(context, shop, {}, () => {
      navigator.locks.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
    });
    await track(page, 3);
    await shop.arrived(3);
  });

  it('may be missing in two tabs: both deliver, each event is applied once', async () => {
    const without = () => Object.defineProperty(navigator, 'locks', { value: undefined });
    const pages = [await visit(context, shop, {}, without), await visit(context, shop, {}, without)];
    await Promise.all(pages.map((page) => track(page, 5)));
    await shop.arrived(10);
    await Promise.all(pages.map((page) => drained(page)));
  });

  it('work without BroadcastChannel', async () => {
    const page = await visit(context, shop, {}, () =>
      Object.defineProperty(globalThis, 'BroadcastChannel', { value: undefined }),
    );
    await track(page, 3);
    await shop.arrived(3);
  });

  it('and storage are refused in a sandboxed frame: events arrive from memory', async () => {
    const page = await context.newPage();
    await page.goto(shop.origin);
    await page.evaluate((source) => {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-scripts');
      frame.src = source;
      document.body.append(frame);
    }, `${shop.origin}/framed`);
    const frame = page.frame({ url: /framed/ }) ?? (await page.waitForEvent('framenavigated'));
    await frame.waitForLoadState();
    await start(frame, { endpoint: `${shop.origin}/souk` });
    expect((await track(frame, 2)).map(({ outcome }) => outcome)).toEqual(['held', 'held']);
    await shop.arrived(2);
  });

  it('are given back by destroy, which leaves no lock, and another reporter may start', async () => {
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.arrived(1);
    await destroy(page);
    const { held, pending } = await page.evaluate(() => navigator.locks.query());
    expect([...(held ?? []), ...(pending ?? [])]).toEqual([]);
    await start(page);
    await track(page, 1);
    await shop.arrived(2);
  });
});

describe('the clock', () => {
  it('may jump ten years back and forth: nothing is lost, and no id is made twice', async () => {
    const page = await visit(context, shop);
    const ids = new Set<string>();
    for (const years of [0, -10, 10, -20]) {
      await page.evaluate((jump) => {
        const real = Date.now;
        Date.now = () => real.call(Date) + jump * 31_557_600_000;
      }, years);
      for (const { messageId } of await track(page, 5)) ids.add(messageId);
    }
    expect(ids.size).toBe(20);
    await shop.arrived(20);
    await drained(page);
  });

  it('may step back after a Retry-After: the page does not wait for ten years', async () => {
    let times = 0;
    shop.answering = (_, response) =>
      (times += 1) === 1 ? answer(response, 429, {}, { 'retry-after': '2' }) : undefined;
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.until(() => shop.seen.length === 1);
    await flush(page);
    await page.close();
    const next = await visit(context, shop, {}, () => {
      const real = Date.now;
      Date.now = () => real.call(Date) - 315_576_000_000;
    });
    await shop.arrived(1);
    await drained(next);
  });
});

describe('consent', () => {
  it('that is pending keeps events in memory, and sends them when it is granted', async () => {
    const page = await visit(context, shop, { consent: 'pending' });
    expect((await track(page, 3)).map(({ outcome }) => outcome)).toEqual(['held', 'held', 'held']);
    expect((await stats(page)).held).toBe(3);
    expect(shop.seen).toEqual([]);
    await setConsent(page, 'granted');
    await shop.arrived(3);
  });

  it('that is pending keeps 1 MiB, and counts what is above', async () => {
    const page = await visit(context, shop, { consent: 'pending' });
    const outcomes = (await track(page, 60, 30_000)).map(({ outcome }) => outcome);
    const over = outcomes.filter((outcome) => outcome === 'memory-full').length;
    expect(over).toBeGreaterThan(20);
    expect((await stats(page)).dropped).toEqual({ 'memory-full': over });
  });

  it('that is denied keeps nothing', async () => {
    const page = await visit(context, shop, { consent: 'denied' });
    expect((await track(page, 2)).map(({ outcome }) => outcome)).toEqual(['consent', 'consent']);
    await flush(page);
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
    expect(shop.seen).toEqual([]);
  });

  it('that is taken back erases the outbox, and nothing is sent any more', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    await track(page, 5);
    await flush(page);
    await setConsent(page, 'denied');
    await page.goto(`${shop.origin}/next`);
    // Only now: what was under way when consent was taken back has ended with its page.
    shop.answering = () => undefined;
    await start(page);
    await flush(page);
    await outboxIsEmpty(page);
    expect(shop.applied.size).toBe(0);
  });

  it('that is taken back in one tab holds in the other', async () => {
    shop.answering = down;
    const first = await visit(context, shop);
    const second = await visit(context, shop);
    await Promise.all([track(first, 2), track(second, 2)]);
    await setConsent(first, 'denied');
    await second.waitForFunction(() =>
      (globalThis as unknown as { reporter: { track(name: string): Promise<{ outcome: string }> } }).reporter
        .track('Probe')
        .then(({ outcome }) => outcome === 'consent'),
    );
    await outboxIsEmpty(second);
  });

  it('granted does not matter where Global Privacy Control is on', async () => {
    const control = () => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });
    const page = await visit(context, shop, { consent: 'granted' }, control);
    expect((await track(page, 1))[0]?.outcome).toBe('consent');
    await setConsent(page, 'granted');
    expect((await track(page, 1))[0]?.outcome).toBe('consent');
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
    expect(shop.seen).toEqual([]);
  });

  it("and every kind of call of Segment's specification go through", async () => {
    const page = await visit(context, shop);
    await page.evaluate(async () => {
      const { reporter } = globalThis as unknown as {
        reporter: Record<string, (...given: unknown[]) => Promise<unknown>>;
      };
      await reporter['page']?.('Home', { section: 'top' });
      await reporter['identify']?.('u1', { plan: 'gold' });
      await reporter['group']?.('g1');
      await reporter['alias']?.('u2');
      await reporter['track']?.('Order Completed', { revenue: 18.99 });
    });
    await shop.arrived(5);
    const events = [...shop.applied.values()];
    expect(events.map(({ type }) => type)).toEqual(['page', 'identify', 'group', 'alias', 'track']);
    expect(events[1]).toMatchObject({ userId: 'u1', traits: { plan: 'gold' } });
    expect(events[3]).toMatchObject({ userId: 'u2', previousId: 'u1' });
    expect(events[4]).toMatchObject({ userId: 'u1', properties: { revenue: 18.99 } });
  });
});
