// SPDX-License-Identifier: MIT
// A member's account in Chromium against a collector with the real engine: after every fault both have the same digest.
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launch } from './chromium.js';
import { agrees, clock, Collector, open, redeem, shown, verdict, visit, waitsFor, type Fault } from './page-world.js';

let browser: Browser;
let context: BrowserContext;
let collector: Collector;
let thrown: string[];

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  collector = await Collector.open();
  collector.earn('ann', 100);
  thrown = [];
  context = await browser.newContext();
  context.on('weberror', (error) => thrown.push(String(error.error())));
});
afterEach(async () => {
  await context.close();
  await collector.close();
  expect(thrown).toEqual([]);
});

/** So many faults, then none. */
function times(count: number, fault: Fault): () => Fault {
  let left = count;
  return () => (left-- > 0 ? fault : undefined);
}

describe('an account in a page', () => {
  it('opens with what the collector knows', async () => {
    const page = await visit(context, collector, 'ann');
    await agrees(page, collector, 'ann');
    expect(await shown(page)).toBe(100);
  });

  it('shows a command at once, and its verdict confirms it', async () => {
    const page = await visit(context, collector, 'ann');
    await agrees(page, collector, 'ann');
    await context.setOffline(true);
    await redeem(page, 'ann', 'r1', 30);
    expect([await shown(page), await shown(page, true)]).toEqual([70, 100]);
    await context.setOffline(false);
    expect(await verdict(page, 'r1')).toMatchObject({ state: 'accepted' });
    await agrees(page, collector, 'ann');
    expect(await shown(page, true)).toBe(70);
  });

  it('takes back what it showed when the verdict is a refusal', async () => {
    const page = await visit(context, collector, 'ann');
    await redeem(page, 'ann', 'r1', 500);
    const state = await verdict(page, 'r1');
    expect(state.state).toBe('refused');
    await agrees(page, collector, 'ann');
    expect(await shown(page)).toBe(100);
  });

  it('says that a command waits because the shopper is offline, keeps it over a reload, and delivers it', async () => {
    const page = await visit(context, collector, 'ann');
    await agrees(page, collector, 'ann');
    collector.fault = () => 'lose-request';
    await redeem(page, 'ann', 'r1', 30);
    await waitsFor(page, 'offline');
    await page.goto(`${collector.origin}/next`);
    await open(page, 'ann');
    expect(await shown(page)).toBe(70);
    collector.fault = () => undefined;
    await agrees(page, collector, 'ann');
    expect(collector.spent('ann')).toBe(30);
  });

  it('asks again when the answer was lost after the commit, and points are spent once', async () => {
    collector.fault = times(3, 'lose-answer');
    const page = await visit(context, collector, 'ann');
    await redeem(page, 'ann', 'r1', 30);
    expect(await verdict(page, 'r1')).toMatchObject({ state: 'accepted' });
    await agrees(page, collector, 'ann');
    expect(collector.spent('ann')).toBe(30);
  });

  it.each([
    ['busy', 'busy'],
    ['signed-out', 'signed-out'],
  ] as const)('says that a command waits because the collector answers %s', async (fault, reason) => {
    const page = await visit(context, collector, 'ann');
    await agrees(page, collector, 'ann');
    collector.fault = () => fault;
    await redeem(page, 'ann', 'r1', 10);
    await waitsFor(page, reason);
    collector.fault = () => undefined;
    expect(await verdict(page, 'r1')).toMatchObject({ state: 'accepted' });
  });

  it.each([
    ['no endpoint', null],
    ['an endpoint that is a web page', '/nowhere'],
  ])('says that a command needs a backend where there is %s', async (_, endpoint) => {
    const page = await visit(context, collector, 'ann', { endpoint });
    await redeem(page, 'ann', 'r1', 10);
    await waitsFor(page, 'needs-backend');
  });

  it('ends a command that the collector cannot read, and delivers the others', async () => {
    const page = await visit(context, collector, 'ann');
    await agrees(page, collector, 'ann');
    collector.fault = times(1, 'bad-request');
    await redeem(page, 'ann', 'r1', 10);
    expect(await verdict(page, 'r1')).toMatchObject({ state: 'refused', verdict: { code: 'bad-request' } });
    await redeem(page, 'ann', 'r2', 10);
    expect(await verdict(page, 'r2')).toMatchObject({ state: 'accepted' });
    await agrees(page, collector, 'ann');
  });

  it('is the same in two tabs, pending and confirmed', async () => {
    const first = await visit(context, collector, 'ann');
    const second = await visit(context, collector, 'ann');
    await agrees(first, collector, 'ann');
    await agrees(second, collector, 'ann');
    collector.fault = () => 'lose-request';
    await redeem(first, 'ann', 'r1', 30);
    await waitsFor(first, 'offline');
    await waitsFor(second, 'sending');
    expect(await shown(second)).toBe(70);
    collector.fault = () => undefined;
    await Promise.all([agrees(first, collector, 'ann'), agrees(second, collector, 'ann')]);
    expect(collector.spent('ann')).toBe(30);
  });

  it('on two devices hears of the other by server-sent events', async () => {
    const other = await browser.newContext();
    const [here, there] = [await visit(context, collector, 'ann'), await visit(other, collector, 'ann')];
    await redeem(here, 'ann', 'r1', 30);
    expect(await verdict(here, 'r1')).toMatchObject({ state: 'accepted' });
    await Promise.all([agrees(here, collector, 'ann'), agrees(there, collector, 'ann')]);
    expect(await shown(there)).toBe(70);
    await other.close();
  });

  it('on two devices cannot spend the same points twice', async () => {
    const other = await browser.newContext();
    const [here, there] = [await visit(context, collector, 'ann'), await visit(other, collector, 'ann')];
    await Promise.all([agrees(here, collector, 'ann'), agrees(there, collector, 'ann')]);
    await Promise.all([redeem(here, 'ann', 'r1', 80), redeem(there, 'ann', 'r2', 80)]);
    const states = [await verdict(here, 'r1'), await verdict(there, 'r2')].map(({ state }) => state).sort();
    expect(states).toEqual(['accepted', 'refused']);
    await Promise.all([agrees(here, collector, 'ann'), agrees(there, collector, 'ann')]);
    expect([await shown(here), await shown(there)]).toEqual([20, 20]);
    await other.close();
  });

  it('resumes the event stream where it was cut', async () => {
    const page = await visit(context, collector, 'ann');
    await agrees(page, collector, 'ann');
    for (let order = 0; order < 3; order += 1) {
      collector.cut();
      collector.earn('ann', 10);
      await agrees(page, collector, 'ann');
    }
  });

  it('opens offline with what the device knows', async () => {
    const page = await visit(context, collector, 'ann');
    await agrees(page, collector, 'ann');
    await page.goto(`${collector.origin}/next`);
    collector.fault = () => 'lose-request';
    await open(page, 'ann');
    expect(await shown(page, true)).toBe(100);
  });

  it('delivers after the renderer crashed what it had stored', async () => {
    const page = await visit(context, collector, 'ann');
    await agrees(page, collector, 'ann');
    collector.fault = () => 'lose-request';
    await redeem(page, 'ann', 'r1', 30);
    await waitsFor(page, 'offline');
    const session = await context.newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    collector.fault = () => undefined;
    await agrees(await visit(context, collector, 'ann'), collector, 'ann');
    expect(collector.spent('ann')).toBe(30);
  });

  it('takes a snapshot in place of a long history', async () => {
    for (let order = 0; order < 20; order += 1) collector.earn('ann', 5);
    collector.snapshots = true;
    const page = await visit(context, collector, 'ann');
    await agrees(page, collector, 'ann');
    expect(await shown(page)).toBe(200);
  });

  it('says that a command is not kept where storage is refused, and still delivers it', async () => {
    const before = () => Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    const page = await visit(context, collector, 'ann', { before });
    await redeem(page, 'ann', 'r1', 10);
    expect(await verdict(page, 'r1')).toMatchObject({ state: 'accepted' });
    await agrees(page, collector, 'ann');
  });

  it("knows the collector's clock on a device that is ten years off, and whose clock steps", async () => {
    const before = () => {
      const real = Date.now;
      Date.now = () => real.call(Date) - 315_576_000_000;
    };
    const page = await visit(context, collector, 'ann', { before });
    await agrees(page, collector, 'ann');
    const from = Date.now();
    const shown = await clock(page);
    expect(shown).toBeGreaterThan(from - 1000);
    expect(shown).toBeLessThan(Date.now() + 1000);
    await redeem(page, 'ann', 'r1', 10);
    expect(await verdict(page, 'r1')).toMatchObject({ state: 'accepted' });
  });

  it('agrees with the collector after forty commands from two devices and a random fault in every second request', async () => {
    let seed = 7;
    const faults: readonly Fault[] = ['lose-request', 'lose-answer', 'lose-answer', undefined, undefined, undefined];
    collector.fault = () => faults[(seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % faults.length];
    const other = await browser.newContext();
    const pages = [await visit(context, collector, 'ann'), await visit(other, collector, 'ann')];
    for (let index = 0; index < 20; index += 1) {
      for (const [device, page] of pages.entries()) await redeem(page, 'ann', `r${device}-${index}`, 3);
      if (index % 5 === 0) collector.cut();
    }
    await Promise.all(pages.map((page) => agrees(page, collector, 'ann')));
    // 33 of 40 fit into 100 points.
    expect(collector.spent('ann')).toBe(99);
    expect(await Promise.all(pages.map((page) => shown(page)))).toEqual([1, 1]);
    await other.close();
  });
});
