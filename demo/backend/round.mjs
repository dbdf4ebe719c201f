// SPDX-License-Identifier: MIT
/** One round of the demo: a tenant of its own on the shared store, with its clock, collector, shop and books. Starting over is another tenant. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createCollector, createTravellingClock } from 'souk/collector';
import { createListener } from 'souk/collector/node';
import { createKeySet, generateMemberKey, issueMemberToken, publicKeyOf } from 'souk/server';
import { Books } from './books.mjs';
import { kShoppers, Shop } from './shop.mjs';
import { moneyOf, Truth } from './truth.mjs';

/** The rules of the shop. */
export const kProgram = JSON.parse(readFileSync(new URL('../together.program.json', import.meta.url), 'utf8'));

/** Tokens end after this, by the shop's clock. */
const kTokenSeconds = 900;

/** The round that was played last, or a new one. */
async function currentRound(store) {
  return (await Books.setting(store, 'round')) ?? nextRound(store);
}

/** Begins another round: nothing of it has happened yet. */
export async function nextRound(store) {
  const round = randomBytes(6).toString('hex');
  await Books.set(store, 'round', round);
  await Books.set(store, 'ahead', '0');
  return round;
}

/** The store, telling of each transaction. */
function watchedStore(store, changed) {
  return {
    ...store,
    async transaction(work) {
      const result = await store.transaction(work);
      changed();
      return result;
    },
  };
}

/**
 * Opens the present round.
 *
 * @param {object} options
 * @param {import('souk/collector').Store} options.store  closed by the caller, after the round
 * @param {string} options.hookUrl  where the collector sends its messages
 * @param {() => void} options.changed  told after each transaction
 * @param {number} options.pollMs  between looks for due instants and messages
 */
export async function openRound({ store, hookUrl, changed, pollMs }) {
  const round = await currentRound(store);
  const [campaign] = kProgram.groupbuy.teamCampaigns;
  const clock = createTravellingClock(Number(await Books.setting(store, 'ahead')));
  const key = await generateMemberKey('demo', 'ed25519');
  const keys = await createKeySet([key]);
  const secret = randomBytes(24).toString('hex');
  const books = new Books(store, round);
  const collector = await createCollector({
    tenant: round,
    store: watchedStore(store, changed),
    program: kProgram,
    memberKeys: [publicKeyOf(key)],
    commerceSecrets: [secret],
    webhook: { url: hookUrl, secret },
    base: '/souk',
    clock,
    pollMs,
  });
  const shop = new Shop({ collector, clock, books, secret, campaign });
  const truth = await Truth.open(store, round, kProgram);
  return {
    id: round,
    clock,
    books,
    shop,
    listener: createListener(collector),
    token: (account) =>
      issueMemberToken({ tenant: round, account, keys, now: clock.now(), expiresInSeconds: kTokenSeconds }),
    /** Moves the clock, which a restart then finds where it was. */
    async travel(ms) {
      await Books.set(store, 'ahead', String(clock.ahead() + ms));
      clock.advance(ms);
    },
    /** The team that started last, or null. */
    lastTeam: async () => (await truth.seats()).team,
    /** What the page's ledger shows. */
    async state() {
      const now = clock.now();
      const { phases, team: last } = await truth.seats();
      const team = last === null ? null : await truth.team(last, now);
      const accounts = {};
      for (const who of Object.keys(kShoppers)) accounts[who] = await truth.account(who, now);
      const stock = await truth.stock(campaign.pool, now);
      const money = moneyOf(await books.payments(), phases);
      return { round, now, ahead: clock.ahead(), team, stock, money, accounts };
    },
    async close() {
      await collector.close();
      truth.close();
    },
  };
}
