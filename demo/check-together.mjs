// SPDX-License-Identifier: MIT
/**
 * The two shoppers' part of the demo's check: drives both pages by real clicks through the three stories, through time, lost answers and a cut
 * line, and kills the backend in the middle of a team.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const kServer = fileURLToPath(new URL('server.mjs', import.meta.url));

/** What a browser writes for a line that is cut, an answer that ends halfway, and a backend that is dead or starting. */
const kBroken =
  /net::ERR_(EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH|CONNECTION_(REFUSED|RESET|CLOSED)|SOCKET_NOT_CONNECTED)|status of 503/;

/** A token that a jump of the clock or a restart overtook on its way; the page fetches another one. */
const kOvertaken = /status of 401/;

/** The demo in a process of its own, to be killed. Port 0 takes a free one. */
async function startProcess(port, data) {
  const child = spawn(process.execPath, [kServer, '--port', String(port), '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\S+\//.exec(line)?.[0];
    if (url !== undefined) return { child, url };
  }
  throw new Error('The demo’s server ended before it was ready.');
}

async function kill(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** What a shopper's page shows and what the ledger shows, for the check. Runs in the page, before its own scripts. */
function installReaders() {
  const pane = (who) => {
    const inside = document.getElementById(who)?.contentDocument;
    const text = (id) => inside?.getElementById(id)?.textContent ?? '';
    const seen = (id) => (inside?.getElementById(id)?.hidden === false ? text(id) : '');
    return {
      active: Number(text('active')),
      held: Number(text('held')),
      charged: text('charged'),
      refunded: text('refunded'),
      team: text('team-status').replace(/\d\d:\d\d:\d\d/, ''),
      banner: seen('banner'),
      pending: seen('pending'),
      proof: text('proof'),
      level: text('level'),
    };
  };
  const ledger = () => {
    const sums = [...document.querySelectorAll('[data-sum]')];
    const holds = sums.length === 5 && sums.every((one) => one.dataset.state === 'holds');
    const texts = sums.map((one) => [one.dataset.sum, one.querySelector('dd').textContent]);
    return { holds, ...Object.fromEntries(texts) };
  };
  const sees = (who, wanted) => {
    const shown = pane(who);
    return Object.entries(wanted).every(([key, value]) =>
      typeof value === 'string' ? shown[key].includes(value) : shown[key] === value,
    );
  };
  globalThis.soukCheck = { pane, ledger, sees };
}

/** The page with both shoppers, as a visitor uses it. */
class Visitor {
  constructor(page) {
    this.page = page;
  }

  press(who, id) {
    return this.page.frameLocator(`#${who}`).locator(`#${id}:enabled`).click();
  }

  control(id) {
    return this.page.click(`#${id}:enabled`);
  }

  pane(who) {
    return this.page.evaluate((one) => globalThis.soukCheck.pane(one), who);
  }

  /** Waits until a page shows all of that: a text that is contained, or a number. */
  sees(who, wanted) {
    const named = new Error(`${who} does not see ${JSON.stringify(wanted)}`);
    return this.page
      .waitForFunction(([one, all]) => globalThis.soukCheck.sees(one, all), [who, wanted])
      .catch(async () => {
        named.message += ` but ${JSON.stringify(await this.pane(who))}`;
        throw named;
      });
  }

  /** Waits until every sum holds, and tells them. */
  async settled() {
    const read = () => this.page.evaluate(() => globalThis.soukCheck.ledger());
    await this.page
      .waitForFunction(() => globalThis.soukCheck.ledger().holds)
      .catch(async () => {
        throw new Error(`the sums do not hold: ${JSON.stringify(await read())}`);
      });
    return read();
  }
}

/** A reward comes for a real order, after its hold, to both. */
async function invite(visitor) {
  await visitor.press('ana', 'invite');
  await visitor.press('ben', 'accept');
  await visitor.press('ben', 'alone');
  await visitor.sees('ben', { charged: '£12.75' });
  await visitor.control('parcels');
  await visitor.sees('ana', { active: 0, held: 200 });
  await visitor.sees('ben', { active: 0, held: 227 });
  await visitor.control('fortnight');
  await visitor.sees('ana', { active: 200, held: 0 });
  await visitor.sees('ben', { active: 227, held: 0, level: 'Regular' });
  await visitor.settled();
  return true;
}

/** A team forms before both pages' eyes, although the backend is killed when two of three have paid. */
async function formOverRestart(visitor, backend, notes) {
  await visitor.press('ana', 'seat');
  await visitor.sees('ben', { team: '2 seats left' });
  await visitor.press('ben', 'seat');
  for (const who of ['ana', 'ben']) await visitor.sees(who, { team: '1 seat left' });
  const before = { sums: await visitor.settled(), ana: await visitor.pane('ana'), ben: await visitor.pane('ben') };
  notes.broken = true;
  await backend.restart();
  await visitor.page.waitForSelector('#notice', { state: 'hidden' });
  const after = { sums: await visitor.settled(), ana: await visitor.pane('ana'), ben: await visitor.pane('ben') };
  const restart = JSON.stringify(after) === JSON.stringify(before);
  await visitor.control('stranger');
  for (const who of ['ana', 'ben']) await visitor.sees(who, { team: 'Complete, and you are in it!' });
  const { Stock: stock } = await visitor.settled();
  notes.broken = false;
  return { restart: restart || { before, after }, team: stock.startsWith('37 free + 0 held + 3 sold') || stock };
}

/** One seat, two who pay at once: one has it, the other has all the money back. */
async function loseLastSeat(visitor) {
  await visitor.control('last-seat-1');
  for (const who of ['ana', 'ben']) await visitor.sees(who, { team: '1 seat left' });
  await Promise.all(['ana', 'ben'].map((who) => visitor.press(who, 'seat')));
  await visitor.page.waitForSelector('#last-seat-2[data-step=done]');
  await visitor.settled();
  const panes = [await visitor.pane('ana'), await visitor.pane('ben')];
  const winners = panes.filter(({ team }) => team.includes('you are in it'));
  const losers = panes.filter(({ banner, refunded }) => banner.includes('£8.95 are back') && refunded === '£8.95');
  return (winners.length === 1 && losers.length === 1 && winners[0] !== losers[0]) || panes;
}

/** Fifty strangers, two seats. */
async function race(visitor) {
  await visitor.press('ana', 'seat');
  await visitor.sees('ana', { team: '2 seats left' });
  await visitor.control('race');
  await visitor.sees('ana', { team: 'Complete, and you are in it!' });
  const sums = await visitor.settled();
  // 48 strangers, and whoever lost the last seat.
  return sums.Money.includes('£438.55 given back') || sums;
}

/** The time runs out: everybody has the money back. */
async function fail(visitor) {
  const { refunded } = await visitor.pane('ben');
  const more = refunded === '£8.95' ? '£17.90' : '£8.95';
  await visitor.press('ben', 'seat');
  await visitor.sees('ben', { team: '2 seats left' });
  await visitor.control('deadline');
  await visitor.sees('ben', { team: 'The time ran out', refunded: more, banner: '£8.95 are back' });
  await visitor.settled();
  return true;
}

/** What was asked for is done, its answer is lost: the page asks again, and it was done once. */
async function loseAnswers(visitor, notes) {
  notes.broken = true;
  const { active } = await visitor.pane('ana');
  await visitor.press('ana', 'line-lossy');
  await visitor.page.frameLocator('#ana').locator('#line-lossy[aria-pressed=true]').waitFor();
  await visitor.press('ana', 'spend');
  await visitor.sees('ana', { pending: 'No answer' });
  await visitor.page.frameLocator('#ana').locator('#pending').waitFor({ state: 'hidden' });
  await visitor.sees('ana', { active: active - 50 });
  const { Points: points } = await visitor.settled();
  notes.broken = false;
  return points.includes('+ 50 spent') || points;
}

/** A page without network says so, and catches up by itself. */
async function cutLine(visitor, notes) {
  notes.broken = true;
  const { charged } = await visitor.pane('ben');
  await visitor.press('ben', 'line-offline');
  await visitor.sees('ben', { pending: 'no network' });
  await visitor.press('ben', 'alone');
  await visitor.sees('ben', { pending: 'No answer', charged });
  await visitor.press('ben', 'line-online');
  const pounds = (Number(charged.slice(1)) + 12.75).toFixed(2);
  await visitor.sees('ben', { charged: `£${pounds}` });
  await visitor.page.frameLocator('#ben').locator('#pending').waitFor({ state: 'hidden' });
  await visitor.settled();
  notes.broken = false;
  return true;
}

/** A backend with its data in a temporary folder. */
async function openBackend() {
  const data = mkdtempSync(join(tmpdir(), 'souk-together-'));
  let running = await startProcess(0, data);
  return {
    url: running.url,
    async restart() {
      await kill(running.child);
      running = await startProcess(new URL(running.url).port, data);
    },
    async close() {
      await kill(running.child);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function play(visitor, backend, notes) {
  const invited = await invite(visitor);
  const { team, restart } = await formOverRestart(visitor, backend, notes);
  return {
    stories: { invite: invited, team, lastSeat: await loseLastSeat(visitor) },
    restart,
    race: await race(visitor),
    deadline: await fail(visitor),
    lostAnswer: await loseAnswers(visitor, notes),
    cutLine: await cutLine(visitor, notes),
  };
}

/**
 * Checks the page of two shoppers.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {(page: import('playwright-core').Page, notes: object) => Promise<void>} watch  notes what a page should not do
 * @returns {Promise<{ ok: boolean }>} and what was seen; what is not `true` of it says what is wrong
 */
export async function checkTogether(browser, watch, patienceMs) {
  const started = performance.now();
  const backend = await openBackend();
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
  context.setDefaultTimeout(patienceMs);
  const notes = { violations: [], console: [], requests: [], ready: false, broken: false };
  try {
    const page = await context.newPage();
    await page.addInitScript(installReaders);
    await watch(page, notes);
    await page.goto(new URL('together', backend.url).href);
    await page.waitForSelector('#invite-1:enabled');
    const { stories, ...more } = await play(new Visitor(page), backend, notes);
    const errors = notes.console;
    const { violations } = notes;
    const good = [...Object.values(stories), ...Object.values(more)].every((one) => one === true);
    const ok = good && errors.length === 0 && violations.length === 0;
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { ok, stories, ...more, errors, violations, seconds };
  } finally {
    await context.close();
    await backend.close();
  }
}

/** Whether an error in the console is of what the check does itself: moving the clock, breaking the network. */
export const isBrokenLine = ({ broken }, text) =>
  broken !== undefined && (kOvertaken.test(text) || (broken && kBroken.test(text)));
