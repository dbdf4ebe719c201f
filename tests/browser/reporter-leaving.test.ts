// SPDX-License-Identifier: MIT
// The reporter in Chromium when pages are left, crash, or come back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  answer,
  drained,
  flush,
  Shop,
  start,
  stats,
  track,
  trackAndGo,
  visit,
  shop,
  useShop,
  browser,
  context,
} from './reporter-world.js';

useShop();

const down: Shop['answering'] = (_, response) => answer(response, 503, {});
const beacons = () => shop.seen.filter(({ contentType }) => contentType.startsWith('text/plain'));

/** A profile on the disk, so that a browser can be closed and started again. */
async function withProfile(
  run: (open: (...more: string[]) => Promise<BrowserContext>) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'souk-profile-'));
  const open = (...ignoreDefaultArgs: string[]) =>
    chromium.launchPersistentContext(folder, {
      executablePath: process.env.SOUK_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
      ignoreDefaultArgs,
    });
  try {
    await run(open);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a page that is left', () => {
  it('bounces: of thirty events of 3 KB, left after 400 ms on a slow network, thirty are there after the next visit', async () => {
    const page = await visit(context, shop);
    const session = await context.newCDPSession(page);
    const slow = { offline: false, latency: 300, downloadThroughput: 200_000, uploadThroughput: 90_000 };
    await session.send('Network.emulateNetworkConditions', slow);
    const leaving = page.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve, 400)));
    await trackAndGo(page, 30, 3000);
    await leaving;
    await page.goto('about:blank');
    const sameVisit = shop.applied.size;
    await page.goto(`${shop.origin}/next`);
    await start(page);
    await shop.arrived(30);
    console.log(`bounce: ${sameVisit}/30 on the wire when the page was gone, 30/30 after the next visit`);
  });

  it('sends at most 48 KB of 70 KB, in a body that needs no header, and the rest with the next visit', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    await track(page, 24, 3000);
    await flush(page);
    shop.seen.length = 0;
    shop.answering = () => undefined;
    await page.goto('about:blank');
    await shop.until(() => beacons().length === 1);
    expect(beacons()[0]?.bytes).toBeLessThanOrEqual(49_152 + 200);
    expect(beacons()[0]?.batch.length).toBeGreaterThanOrEqual(12);
    expect(beacons()[0]).toMatchObject({ writeKey: 'pk_1' });
    await page.goto(`${shop.origin}/next`);
    await start(page);
    await shop.arrived(24);
  });

  it('deletes nothing because a browser took a beacon', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    await track(page, 3);
    await page.goto(`${shop.origin}/next`);
    await shop.until(() => beacons().length > 0);
    shop.answering = () => undefined;
    await start(page);
    await shop.arrived(3);
    await drained(page);
  });

  it('sends a beacon to another origin without a preflight', async () => {
    const other = await new Shop().open();
    other.answering = down;
    const page = await visit(context, shop, { endpoint: `${other.origin}/souk` });
    await track(page, 2);
    await flush(page);
    const before = other.preflights;
    other.answering = () => undefined;
    await page.goto('about:blank');
    await other.arrived(2);
    expect(other.preflights).toBe(before);
    await other.close();
  });

  it('keeps an event that is tracked while the page hides', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    await track(page, 1);
    await flush(page); // so that nothing else is being written in the last moment
    await page.evaluate(() => {
      const { reporter } = globalThis as unknown as { reporter: { track(name: string): void } };
      addEventListener('pagehide', () => reporter.track('Page Left'));
    });
    await page.goto(`${shop.origin}/next`);
    shop.answering = () => undefined;
    await start(page);
    await shop.arrived(2);
    expect([...shop.applied.values()].map(({ event }) => event)).toContain('Page Left');
  });

  it('counts the bytes of events that were written in the last moment', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    await track(page, 1);
    await flush(page); // so that nothing else is being written in the last moment
    await page.evaluate(() => {
      const { reporter } = globalThis as unknown as { reporter: { track(name: string): void } };
      addEventListener('pagehide', () => reporter.track('Page Left'));
    });
    await page.goto(`${shop.origin}/next`);
    await start(page);
    await flush(page);
    const { stored, bytes } = await stats(page);
    expect(stored).toBe(2);
    expect(bytes).toBeGreaterThan(600);
  });

  it('does not send again what was answered before it is left', async () => {
    const page = await visit(context, shop);
    await track(page, 5);
    await drained(page);
    await page.goto(`${shop.origin}/next`);
    await start(page);
    await flush(page);
    expect(shop.times()).toEqual([1, 1, 1, 1, 1]);
  });

  it('delivers within two seconds of the next page view after an outage', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    await track(page, 3);
    await flush(page);
    await page.close();
    shop.answering = () => undefined;
    const next = await visit(context, shop);
    const since = Date.now();
    await shop.arrived(3);
    const took = Date.now() - since;
    console.log(`after an outage: delivered ${took} ms after the reporter started`);
    await next.close();
  });

  it('loses nothing stored when the renderer crashes', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    const receipts = await track(page, 7);
    expect(receipts.every(({ outcome }) => outcome === 'stored')).toBe(true);
    const session = await context.newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    shop.answering = () => undefined;
    await visit(context, shop);
    await shop.arrived(7);
  });

  it('loses nothing stored when the renderer is killed', async () => {
    shop.answering = down;
    const page = await visit(context, shop);
    await track(page, 7);
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime);
    const crashed = page.waitForEvent('crash');
    // All renderers are this test's own.
    for (const { id } of renderers) process.kill(id, 'SIGKILL');
    await crashed;
    shop.answering = () => undefined;
    await visit(context, shop);
    await shop.arrived(7);
  });

  it('loses nothing stored when the whole browser is closed', () =>
    withProfile(async (open) => {
      shop.answering = down;
      const first = await open();
      await track(await visit(first, shop), 4);
      await first.close();
      shop.answering = () => undefined;
      const second = await open();
      await visit(second, shop);
      await shop.arrived(4);
      await second.close();
    }));

  it('comes back from the back-forward cache and sends by fetch what was open', () =>
    withProfile(async (open) => {
      const own = await open('--disable-back-forward-cache');
      shop.answering = down;
      const page = await visit(own, shop);
      await track(page, 3);
      await flush(page);
      await page.evaluate(() => {
        addEventListener('pageshow', ({ persisted }) => void fetch(`/persisted-${String(persisted)}`));
      });
      await page.goto(`${shop.origin}/next`);
      shop.answering = () => undefined;
      shop.seen.length = 0;
      // The page that comes back is one that Playwright has given up; the shop sees it all the same.
      page.evaluate(() => history.back()).catch(() => undefined);
      await shop.arrived(3);
      expect(shop.paths).toContain('/persisted-true');
      expect(shop.seen.some(({ contentType }) => contentType.includes('json'))).toBe(true);
      await own.close();
    }));
});
