// SPDX-License-Identifier: MIT
/** The routes under `/shop`: what a shop's server does for its pages, and what only a demonstration does. */
import { refuse } from './guard.mjs';
import { kShoppers } from './shop.mjs';

const kBodyBytes = 65_536;
const kIds = /^[\w-]{8,48}$/;
const kTeams = /^[\w.:-]{1,64}$/;
const kMostStrangers = 50;
const kMostTravelMs = 40 * 86_400_000;

class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

const bad = (message) => new Refused(400, 'bad-request', message);

async function bodyOf(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > kBodyBytes) throw new Refused(413, 'too-large', 'The body is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function jsonOf(request) {
  try {
    return Object(JSON.parse((await bodyOf(request)).toString()));
  } catch (error) {
    throw error instanceof Refused ? error : bad('The body is JSON.');
  }
}

function shopperOf(who) {
  if (!Object.hasOwn(kShoppers, who ?? '')) throw new Refused(404, 'unknown-shopper', 'The demo has two shoppers.');
  return who;
}

function paymentOf({ id, kind, target }) {
  if (typeof id !== 'string' || !kIds.test(id)) throw bad('A payment has an id.');
  if (!['start', 'join', 'alone'].includes(kind)) throw bad('One starts, joins or buys alone.');
  if (kind === 'join' && !(typeof target === 'string' && kTeams.test(target))) throw bad('Which team?');
  return { id, kind, target: kind === 'join' ? target : '' };
}

/** A shopper's own payments, and the team that is talked about. */
async function wallet({ round }, { searchParams }) {
  const who = shopperOf(searchParams.get('who'));
  return { round: round.id, team: await round.lastTeam(), payments: await round.books.payments(who) };
}

/** Strangers pay for a seat in a team, or one of them starts one. */
function crowdOf({ id, count, team }) {
  if (typeof id !== 'string' || !kIds.test(id)) throw bad('A crowd has an id.');
  if (!Number.isInteger(count) || count < 1 || count > kMostStrangers) throw bad(`A crowd is 1 to ${kMostStrangers}.`);
  if (team !== null && !(typeof team === 'string' && kTeams.test(team))) throw bad('Which team?');
  return { id, count: team === null ? 1 : count, team };
}

async function travel({ round, news }, { ms, deliver }) {
  if (!Number.isSafeInteger(ms) || ms < 0 || ms > kMostTravelMs) throw bad('Forward, and at most 40 days.');
  await round.travel(ms);
  if (deliver === true) await round.shop.deliver();
  news.changed();
  return { now: round.clock.now() };
}

function breakLine({ network, news }, { who, mode }) {
  if (!network.set(shopperOf(who), mode)) throw bad('online, offline or lossy');
  news.changed();
  return network.modes;
}

async function hear({ round, news }, request) {
  try {
    await round.shop.hear(await bodyOf(request), request.headers['souk-signature'] ?? null);
  } catch (error) {
    throw new Refused(401, error.code ?? 'wrong-signature', 'The message is not the collector’s.');
  }
  news.changed();
  return {};
}

/**
 * Answers under `/shop`.
 *
 * @param shared  what the backend consists of at the moment
 * @param {() => Promise<void>} startOver
 */
export function createRoutes(shared, startOver) {
  const routes = {
    // What the shop's own server does.
    'GET /shop/token': async ({ url }) => ({ token: await shared.round.token(shopperOf(url.searchParams.get('who'))) }),
    'GET /shop/wallet': ({ url }) => wallet(shared, url),
    'POST /shop/pay': async ({ request, url }) => {
      const account = shopperOf(url.searchParams.get('who'));
      return shared.round.shop.pay({ ...paymentOf(await jsonOf(request)), account });
    },
    'POST /shop/hooks': ({ request }) => hear(shared, request),
    // What only a demonstration does.
    'POST /shop/demo/crowd': async ({ request }) => ({
      teams: await shared.round.shop.crowd(crowdOf(await jsonOf(request))),
    }),
    'POST /shop/demo/travel': async ({ request }) => travel(shared, await jsonOf(request)),
    'POST /shop/demo/network': async ({ request }) => breakLine(shared, await jsonOf(request)),
    'POST /shop/demo/reset': async () => {
      await startOver();
      return {};
    },
  };

  const run = async (request, response, url) => {
    const name = `${request.method} ${url.pathname}`;
    if (name === 'GET /shop/news') return shared.news.listen(response);
    if (!Object.hasOwn(routes, name)) throw new Refused(404, 'unknown-route', 'Nothing answers here.');
    const answer = await routes[name]({ request, url });
    return response
      .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify(answer));
  };
  return (request, response, url) => {
    run(request, response, url).catch((error) => {
      if (error instanceof Refused) refuse(response, error.status, error.code, error.message);
      else refuse(response, 503, 'unavailable', error.message);
    });
  };
}
