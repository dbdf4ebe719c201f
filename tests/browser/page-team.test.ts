// SPDX-License-Identifier: MIT
// Teams in Chromium before the real collector: the newest view in every tab, the reason where there is none, and the time that is left.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { openTeam, PageTeam } from '../../web/src/page/index.js';
import { seat, startTeam, stock, teamLife, teamProgram } from '../collector/team-world.js';
import { launch } from './chromium.js';
import { type Backend, Site, startBackend, until, visitSite } from './live-world.js';

let browser: Browser;
let context: BrowserContext;
let backend: Backend;
let site: Site;
let thrown: string[];

beforeAll(async () => {
  [browser, backend] = await Promise.all([launch(), startBackend({ program: teamProgram })]);
  await backend.world.commerce(stock('tea', 'tea', 100));
});
afterAll(async () => {
  await browser.close();
  await backend.close();
});
beforeEach(async () => {
  site = await new Site(backend).open();
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
interface TeamPage {
  openTeam: typeof openTeam;
  team: PageTeam;
  changes: number;
  log: object[];
}

async function open(page: Page, team: string, member: string): Promise<void> {
  await page.evaluate(
    async ([id, account]) => {
      const globals = globalThis as unknown as TeamPage;
      const token = async () => (await fetch(`/token/${account}`)).text();
      globals.log = [];
      globals.changes = 0;
      const log = (entry: object) => globals.log.push(entry);
      globals.team = await globals.openTeam({ endpoint: '/souk', team: id, token, log });
      globals.team.onChange(() => (globals.changes += 1));
    },
    [team, member] as const,
  );
}

async function visit(team: string, member: string, before?: () => void): Promise<Page> {
  const page = await visitSite(context, site, before);
  await open(page, team, member);
  return page;
}

const seatsLeft = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as TeamPage).team.view()?.seatsLeft ?? null);
const seq = (page: Page) => page.evaluate(() => (globalThis as unknown as TeamPage).team.seq());
const reason = (page: Page) => page.evaluate(() => (globalThis as unknown as TeamPage).team.reason() ?? null);
const remaining = (page: Page) => page.evaluate(() => (globalThis as unknown as TeamPage).team.remaining());
const join = (id: string, account: string, team: string) => backend.world.commerce(seat(id, account, { id: team }));

describe('a team in a page', () => {
  it('opens with what everybody may see, and hears of each payment', async () => {
    const team = await startTeam(backend.world, 't1-1', 'mei');
    const page = await visit(team, 'mei');
    const view = await page.evaluate(() => (globalThis as unknown as TeamPage).team.view());
    expect(view).toMatchObject({ phase: 'forming', seatsLeft: 2, seats: [{ name: 'И**', own: true }] });
    expect(await reason(page)).toBeNull();
    await join('t1-2', 'lin', team);
    await until(async () => (await seatsLeft(page)) === 1);
    await join('t1-3', 'ada', team);
    await until(async () => (await seatsLeft(page)) === 0);
  });

  it('is the same in two tabs of two members, with one connection, and each sees the own seat', async () => {
    const team = await startTeam(backend.world, 't2-1', 'mei');
    const [first, second] = [await visit(team, 'mei'), await visit(team, 'lin')];
    await until(() => site.following.length === 1);
    await join('t2-2', 'lin', team);
    for (const page of [first, second]) await until(async () => (await seatsLeft(page)) === 1);
    expect(site.following.length).toBe(1);
    const own = (page: Page) =>
      page.evaluate(() => (globalThis as unknown as TeamPage).team.view()?.seats.map((one) => one.own));
    expect([await own(first), await own(second)]).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('goes on behind what it knows when the line breaks', async () => {
    const team = await startTeam(backend.world, 't3-1', 'mei');
    const page = await visit(team, 'mei');
    await until(() => site.following.length === 1);
    site.cut();
    await join('t3-2', 'lin', team);
    await until(async () => (await seatsLeft(page)) === 1);
    await until(() => site.following.some((path) => path.includes(`after=`) && !path.endsWith('after=0')));
  });

  it('says why nothing new comes, keeps the view, and takes the reason back', async () => {
    const team = await startTeam(backend.world, 't4-1', 'mei');
    const page = await visit(team, 'mei');
    await until(() => site.following.length === 1);
    site.fault = () => 'lost';
    site.cut();
    await until(async () => (await reason(page)) === 'offline');
    expect(await seatsLeft(page)).toBe(2);
    site.fault = () => 503;
    await until(async () => (await reason(page)) === 'busy');
    await join('t4-2', 'lin', team);
    site.fault = () => undefined;
    await until(async () => (await seatsLeft(page)) === 1 && (await reason(page)) === null);
  });

  it('that nobody has started is unknown', async () => {
    const page = await visit('none', 'mei');
    expect([await reason(page), await seatsLeft(page)]).toEqual(['unknown', null]);
  });

  it('needs a backend where there is none, and a token that holds', async () => {
    const team = await startTeam(backend.world, 't6-1', 'mei');
    const page = await visitSite(context, site);
    const reasons = await page.evaluate(async (id) => {
      const globals = globalThis as unknown as TeamPage;
      const token = () => Promise.resolve('no token');
      const nowhere = await globals.openTeam({ endpoint: '/nowhere', team: id, token });
      const signedOut = await globals.openTeam({ endpoint: '/souk', team: id, token });
      return [nowhere.reason(), signedOut.reason()];
    }, team);
    expect(reasons).toEqual(['needs-backend', 'signed-out']);
  });

  it('never goes back to an older view, whichever way it comes', async () => {
    const team = await startTeam(backend.world, 't7-1', 'mei');
    const page = await visit(team, 'mei');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let answered: () => void = () => undefined;
    const isAnswered = new Promise<void>((resolve) => (answered = resolve));
    await page.route(/v1\/streams/, async (route) => {
      const response = await route.fetch();
      answered();
      await held;
      await route.fulfill({ response });
    });
    const late = page.waitForResponse(/v1\/streams/);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await isAnswered;
    await join('t7-2', 'lin', team);
    await until(async () => (await seatsLeft(page)) === 1);
    const newest = await seq(page);
    release();
    await (await late).finished();
    await page.unroute(/v1\/streams/);
    expect([await seq(page), await seatsLeft(page)]).toEqual([newest, 1]);
  });

  it("counts down by the collector's clock on a device that is a year off, and ends at the deadline", async () => {
    const team = await startTeam(backend.world, 't8-1', 'mei');
    const page = await visit(team, 'mei', () => {
      const real = Date.now;
      Date.now = () => real.call(Date) - 31_557_600_000;
    });
    expect(await remaining(page)).toBeGreaterThan(teamLife / 2);
    expect(await remaining(page)).toBeLessThanOrEqual(teamLife);
    backend.world.clock.advance(teamLife);
    await until(async () => (await remaining(page)) === 0);
    const phase = () => page.evaluate(() => (globalThis as unknown as TeamPage).team.view()?.phase);
    await until(async () => (await phase()) === 'failed');
  });

  it('ends everything when it is closed', async () => {
    const team = await startTeam(backend.world, 't9-1', 'mei');
    const page = await visit(team, 'mei');
    await until(() => site.following.length === 1);
    await page.evaluate(() => (globalThis as unknown as TeamPage).team.close());
    await until(() => site.following.length === 0);
    const { held, pending } = await page.evaluate(() => navigator.locks.query());
    expect([...(held ?? []), ...(pending ?? [])]).toEqual([]);
  });
});
