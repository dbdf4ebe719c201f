// SPDX-License-Identifier: MIT
/**
 * Breaks the network of one shopper: really, by closing the sockets. Offline, nothing of that shopper comes in or goes out; with answers that
 * get lost, what was asked for is done and the answer ends halfway.
 */

/** Answers that are lost before the line heals by itself: enough to see the page wait. */
const kLosses = 2;

/** Requests whose answers may be lost: those that change something. */
const kChanging = /^\/(souk\/v1\/commands|shop\/pay)$/;

/** The account that a token names. Not checked here: it only says whose line is cut. */
function accountOf(token) {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub;
  } catch {
    return undefined;
  }
}

/** Whose request it is: by the token, else by `who` in the query. */
function shopperOf(request, url) {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  return token === undefined ? (url.searchParams.get('who') ?? undefined) : accountOf(token);
}

/** From here on the answer goes half the way. */
function loseAnswer(response) {
  const writeHead = response.writeHead.bind(response);
  const write = response.write.bind(response);
  response.writeHead = () => response;
  response.write = () => true;
  response.end = () => {
    // With a head, so that the browser does not ask again by itself.
    writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    write('{', () => response.destroy());
    return response;
  };
}

/** The lines of the demo's shoppers. */
export class Network {
  #modes;
  #open = new Map();
  #losses = new Map();
  #changed;

  /** @param {readonly string[]} shoppers  @param {() => void} changed  told when a line heals by itself */
  constructor(shoppers, changed) {
    this.#modes = new Map(shoppers.map((who) => [who, 'online']));
    this.#changed = changed;
  }

  /** @returns {Record<string, 'online' | 'offline' | 'lossy'>} */
  get modes() {
    return Object.fromEntries(this.#modes);
  }

  /** @returns {boolean} whether there is such a shopper and such a mode */
  set(who, mode) {
    if (!this.#modes.has(who) || !['online', 'offline', 'lossy'].includes(mode)) return false;
    this.#modes.set(who, mode);
    this.#losses.set(who, mode === 'lossy' ? kLosses : 0);
    if (mode === 'offline') for (const response of this.#open.get(who) ?? []) response.destroy();
    return true;
  }

  /** Lets a request through, or not. @returns {boolean} whether it is to be answered */
  admit(request, response, url) {
    const who = shopperOf(request, url);
    const mode = this.#modes.get(who);
    if (mode === undefined) return true;
    if (mode === 'offline') {
      request.socket.destroy();
      return false;
    }
    if (mode === 'lossy' && request.method === 'POST' && kChanging.test(url.pathname)) this.#lose(who, response);
    this.#follow(who, response);
    return true;
  }

  #lose(who, response) {
    loseAnswer(response);
    const left = (this.#losses.get(who) ?? 0) - 1;
    this.#losses.set(who, left);
    if (left > 0) return;
    this.#modes.set(who, 'online');
    response.once('close', this.#changed);
  }

  #follow(who, response) {
    const open = this.#open.get(who) ?? new Set();
    this.#open.set(who, open);
    open.add(response);
    response.once('close', () => open.delete(response));
  }
}
