// SPDX-License-Identifier: MIT
/**
 * The demo's backend: a collector under `/souk`, and the demo's own shop under `/shop`. It is for one machine and its owner: whoever may move
 * time can make points, so it speaks to pages of this machine only, and not at all where `NODE_ENV` is `production`.
 */
import { openStore } from 'souk/collector/node';
import { Books } from './books.mjs';
import { refusalOf, refuse } from './guard.mjs';
import { Network } from './network.mjs';
import { News } from './news.mjs';
import { nextRound, openRound } from './round.mjs';
import { createRoutes } from './routes.mjs';
import { kShoppers } from './shop.mjs';

const isOurs = (path) => /^\/(souk|shop)(\/|$)/.test(path);

/** Answers everything with one refusal, in place of a backend. */
function closedBackend(code, message) {
  const handle = (request, response, url) => isOurs(url.pathname) && refuse(response, 403, code, message);
  return { handle, start: async () => undefined, close: async () => undefined };
}

/**
 * A backend whose data lie in a folder. It answers 503 until `start` is done.
 *
 * @param {{ folder: string, pollMs?: number }} options  one process at a time has the folder; what is there goes on
 */
export function createBackend({ folder, pollMs = 150 }) {
  if (process.env.NODE_ENV === 'production') {
    return closedBackend('refused-in-production', 'Whoever can move time can make points: NODE_ENV is production.');
  }
  const shared = { store: undefined, round: undefined, network: undefined, news: undefined, hookUrl: '' };
  shared.news = new News(
    async () => shared.round && { ...(await shared.round.state()), network: shared.network.modes },
  );
  shared.network = new Network(Object.keys(kShoppers), () => shared.news.changed());
  const openNow = async () => {
    const { store, hookUrl, news } = shared;
    shared.round = await openRound({ store, hookUrl, changed: () => news.changed(), pollMs });
    await shared.round.shop.open();
    news.changed();
  };
  const route = createRoutes(shared, async () => {
    const past = shared.round;
    shared.round = undefined;
    await past.close();
    await nextRound(shared.store);
    for (const who of Object.keys(kShoppers)) shared.network.set(who, 'online');
    await openNow();
  });

  const answer = (request, response, url) => {
    const refusal = refusalOf(request, url);
    if (refusal !== undefined) return refuse(response, 403, ...refusal);
    if (shared.round === undefined) return refuse(response, 503, 'starting', 'The backend is starting.');
    if (!shared.network.admit(request, response, url)) return undefined;
    if (url.pathname.startsWith('/souk')) return shared.round.listener(request, response);
    return route(request, response, url);
  };
  return {
    /** Answers what is the backend's. @returns {boolean} whether it was */
    handle(request, response, url) {
      if (!isOurs(url.pathname)) return false;
      answer(request, response, url);
      return true;
    },
    /** @param {string} origin  where this process listens, such as `http://127.0.0.1:8080` */
    async start(origin) {
      shared.hookUrl = `${origin}/shop/hooks`;
      shared.store = await openStore({ folder });
      await Books.prepare(shared.store);
      await openNow();
    },
    async close() {
      const { round, store, news } = shared;
      shared.round = undefined;
      news.close();
      await round?.close();
      await news.idle();
      await store?.close();
    },
  };
}
