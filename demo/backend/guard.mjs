// SPDX-License-Identifier: MIT
/** Who may speak to the demo's backend: pages that this machine itself has served. */

const kLoopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d{1,5})?$/;

/** The collector's messages: they come from no page and are signed. */
const kHooks = '/shop/hooks';

/**
 * Why a request is refused, as code and message; undefined where it is not.
 *
 * The host is what the browser was told to ask: a name of another site that was made to point here is still that name. The origin is the page's
 * that asks, and browsers do not let pages choose it.
 */
export function refusalOf({ headers, method }, { pathname }) {
  const { host = '', origin, 'sec-fetch-site': site } = headers;
  if (!kLoopback.test(host)) return ['foreign-host', 'The demo’s backend answers on this machine only.'];
  if (pathname === kHooks) return undefined;
  const isForeign =
    (origin !== undefined && origin !== `http://${host}`) || !['same-origin', 'none', undefined].includes(site);
  if (isForeign) return ['foreign-origin', 'The demo’s backend answers its own pages only.'];
  const isBare = pathname.startsWith('/shop') && method !== 'GET' && origin === undefined;
  return isBare ? ['foreign-origin', 'A page names its origin.'] : undefined;
}

/** Answers with an error, in the collector's form. @returns {true} */
export function refuse(response, status, code, message) {
  const retry = status === 503 ? { 'retry-after': '1' } : {};
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...retry })
    .end(JSON.stringify({ error: { code, path: '', message } }));
  return true;
}
