// SPDX-License-Identifier: MIT
// An account in Chromium before the real collector: another database behind the same address, a tab that is frozen, another program.
import type { Program } from 'souk';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { openProgram, PageAccount, PageProgram } from '../../web/src/page/index.js';
import type { load } from 'souk';
import { program, received } from '../collector/world.js';
import { launch } from './chromium.js';
import { type Backend, Site, startBackend, until, visitSite } from './live-world.js';

let browser: Browser;
let context: BrowserContext;
let first: Backend;
let restored: Backend;
let site: Site;
let thrown: string[];

beforeAll(async () => {
  [browser, first, restored] = await Promise.all([launch(), startBackend(), startBackend()]);
});
afterAll(async () => {
  await browser.close();
  await Promise.all([first.close(), restored.close()]);
});
beforeEach(async () => {
  site = await new Site(first).open();
  thrown = [];
  context = await browser.newContext();
  context.on('weberror', (error) => thrown.push(String(error.error())));
});
afterEach(async () => {
  await context.close();
  await site.close();
  expect(thrown).toEqual([]);
});

/** What a page has as globals in these tests. */
interface LivePage {
  load: typeof load;
  openAccount(options: object): Promise<PageAccount>;
  openProgram: typeof openProgram;
  account: PageAccount;
  watch: PageProgram;
  programs: { program: Program; hash: string }[];
  log: { code: string }[];
}

async function open(page: Page, account: string): Promise<void> {
  await page.evaluate(
    async ([id, rules]) => {
      const globals = globalThis as unknown as LivePage;
      const engine = await (await globals.load()).createEngine();
      engine.openProgram(rules);
      globals.log = [];
      const token = async () => (await fetch(`/token/${id}`)).text();
      const log = (entry: { code: string }) => globals.log.push(entry);
      globals.account = await globals.openAccount({ endpoint: '/souk', account: id, token, engine, log });
    },
    [account, program] as const,
  );
}

async function visit(account: string): Promise<Page> {
  const page = await visitSite(context, site);
  await open(page, account);
  return page;
}

const points = (page: Page, confirmed = false) =>
  page.evaluate((only) => (globalThis as unknown as LivePage).account.view(only).points.totals.active, confirmed);
const seq = (page: Page) => page.evaluate(() => (globalThis as unknown as LivePage).account.digest().seq);
const waiting = (page: Page) => page.evaluate(() => (globalThis as unknown as LivePage).account.waiting().length);
const codes = (page: Page) => page.evaluate(() => (globalThis as unknown as LivePage).log.map(({ code }) => code));

/** Spends points, and waits for nothing but the call. */
const redeem = (page: Page, account: string, id: string, amount: number) =>
  page.evaluate(
    ([owner, name, many]) => {
      const own = (globalThis as unknown as LivePage).account;
      void own.submit({ kind: 'redeem-points', id: name, account: owner, redemption: name, points: many });
    },
    [account, id, amount] as const,
  );

/** Puts the other database behind the same address. */
function swap(): void {
  site.backend = restored;
  site.cut();
}

describe("facts that are no longer the collector's", () => {
  it('are left for its own when a database was restored that has come less far', async () => {
    for (const [id, pounds] of [['a1', 100] as const, ['a2', 50] as const])
      await first.world.commerce(received(id, 'ann', pounds));
    await restored.world.commerce(received('a1', 'ann', 100));
    const page = await visit('ann');
    await until(async () => (await points(page)) === 150);
    swap();
    await until(async () => (await points(page)) === 100);
    expect(await codes(page)).toContain('history-forked');
    expect(await seq(page)).toBe(2);
  });

  it('are left when another history has come further, in every tab and on the disk', async () => {
    await first.world.commerce(received('b1', 'bea', 100));
    for (const id of ['b2', 'b3', 'b4']) await restored.world.commerce(received(id, 'bea', 10));
    const pages = [await visit('bea'), await visit('bea')];
    for (const page of pages) await until(async () => (await points(page)) === 100);
    swap();
    for (const page of pages) await until(async () => (await points(page)) === 30);
    for (const page of pages) expect(await codes(page)).toContain('history-forked');
    const next = await visit('bea');
    await until(async () => (await points(next)) === 30);
    expect(await codes(next)).toEqual([]);
  });

  it('are found out by a page that was closed meanwhile, and commands that waited are delivered', async () => {
    await first.world.commerce(received('c1', 'cy', 100));
    await restored.world.commerce(received('c2', 'cy', 70));
    const page = await visit('cy');
    await until(async () => (await points(page)) === 100);
    site.fault = (path) => (path.startsWith('/v1/commands') ? 503 : undefined);
    await redeem(page, 'cy', 'cy-1', 20);
    await until(async () => (await points(page)) === 80);
    await page.goto('about:blank');
    site.backend = restored;
    const next = await visit('cy');
    await until(async () => (await points(next, true)) === 70);
    expect([await points(next), await waiting(next), await codes(next)]).toEqual([50, 1, ['history-forked']]);
    site.fault = () => undefined;
    await until(async () => (await points(next, true)) === 50 && (await waiting(next)) === 0);
  });

  it('are found out when a command is decided before anything is read', async () => {
    await first.world.commerce(received('d1', 'dan', 100));
    await restored.world.commerce(received('d2', 'dan', 70));
    const page = await visit('dan');
    await until(async () => (await points(page)) === 100);
    await until(() => site.following.length === 1);
    site.backend = restored; // the open line still leads to the old one
    await redeem(page, 'dan', 'dan-1', 20);
    await until(async () => (await points(page, true)) === 50);
    expect([await points(page), await waiting(page)]).toEqual([50, 0]);
    expect(await codes(page)).toContain('history-forked');
  });

  it('are not suspected without reason: reloads, broken lines and two tabs log nothing', async () => {
    await first.world.commerce(received('e1', 'eve', 100));
    const pages = [await visit('eve'), await visit('eve')];
    for (let n = 1; n <= 3; n += 1) {
      for (const [tab, page] of pages.entries()) await redeem(page, 'eve', `eve-${tab}-${n}`, 1);
      site.cut();
      for (const page of pages)
        await until(async () => (await points(page, true)) === 100 - 2 * n && (await waiting(page)) === 0);
    }
    for (const page of pages) expect(await codes(page)).toEqual([]);
    const next = await visit('eve');
    await until(async () => (await seq(next)) === 8);
    expect(await codes(next)).toEqual([]);
  });
});

describe('the tab that listens for all', () => {
  it.each([
    ['a tab that is opened later', true],
    ['a tab that was there', false],
  ])('loses its turn to %s while it is frozen, and hears of everything when it is thawed', async (_, later) => {
    const member = `flo-${String(later)}`;
    await first.world.commerce(received(`f1-${member}`, member, 100));
    const frozen = await visit(member);
    await until(() => site.following.length === 1);
    const there = later ? undefined : await visit(member);
    const session = await context.newCDPSession(frozen);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    const page = there ?? (await visit(member));
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await until(async () => (await points(page)) === 100);
    // Only a line of its own can bring this: the page asks for nothing, and the frozen tab says nothing.
    await first.world.commerce(received(`f2-${member}`, member, 10));
    await until(async () => (await points(page)) === 110);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await until(async () => (await points(frozen)) === 110);
    await first.world.commerce(received(`f3-${member}`, member, 10));
    for (const tab of [page, frozen]) await until(async () => (await points(tab)) === 120);
    await until(() => site.following.length === 1);
  });
});

describe('the program in a page', () => {
  const watch = (page: Page) =>
    page.evaluate(async () => {
      const globals = globalThis as unknown as LivePage;
      globals.programs = [];
      globals.log = [];
      globals.watch = await globals.openProgram({
        endpoint: '/souk',
        onProgram: (found, hash) => globals.programs.push({ program: found, hash }),
        log: (entry) => globals.log.push(entry),
      });
    });
  const names = (page: Page) =>
    page.evaluate(() => (globalThis as unknown as LivePage).programs.map(({ program: { name } }) => name));

  it('is handed over at the start, and again when the collector has another one, in every tab', async () => {
    const listening = await visit('gil');
    await until(() => site.following.length === 1);
    const page = await visitSite(context, site);
    for (const tab of [listening, page]) await watch(tab);
    for (const tab of [listening, page]) expect(await names(tab)).toEqual(['Test shop']);
    await first.world.collector.openProgram({ ...program, name: 'Summer' });
    for (const tab of [listening, page]) await until(async () => (await names(tab)).join() === 'Test shop,Summer');
    await page.evaluate((rules) => {
      const globals = globalThis as unknown as LivePage;
      return globals
        .load()
        .then((souk) => souk.createEngine())
        .then((engine) => engine.openProgram(rules));
    }, program);
    await first.world.collector.openProgram(program);
    await until(async () => (await names(page)).join() === 'Test shop,Summer,Test shop');
  });

  it('is read again at the focus with the hash that is known, and not handed over twice', async () => {
    const page = await visitSite(context, site);
    await watch(page);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await until(() => site.passed.some(({ path, status }) => path === '/v1/program' && status === 304));
    await page.evaluate(() => (globalThis as unknown as LivePage).watch.read());
    expect(await names(page)).toEqual(['Test shop']);
  });

  it('that an older collector still answers is passed over, and named in the log', async () => {
    const older = restored.world.clock.now();
    first.world.clock.set(older + 60_000);
    await first.world.collector.openProgram({ ...program, name: 'Winter' });
    const page = await visitSite(context, site);
    await watch(page);
    site.backend = restored;
    await page.evaluate(() => (globalThis as unknown as LivePage).watch.read());
    expect([await names(page), await codes(page)]).toEqual([['Winter'], ['older-program']]);
  });

  it('says why it is not known, and is handed over when somebody answers', async () => {
    const page = await visitSite(context, site);
    site.fault = () => 503;
    await watch(page);
    const reason = () => page.evaluate(() => (globalThis as unknown as LivePage).watch.reason() ?? null);
    expect(await reason()).toBe('busy');
    site.fault = () => undefined;
    await until(async () => (await names(page)).length === 1 && (await reason()) === null);
  });
});
