// SPDX-License-Identifier: MIT
/** Tells the open pages how things stand, whenever they have changed: server-sent events, each with the whole state. */

/** Changes within this time are told together, milliseconds. */
const kTogetherMs = 40;
const kHeartbeatMs = 10_000;

export class News {
  #read;
  #listeners = new Set();
  #timer;
  #running;
  #again = false;
  #closed = false;
  #heartbeat = setInterval(() => this.#write(': alive\n\n'), kHeartbeatMs).unref();

  /** @param {() => Promise<object | undefined>} read  the present state; undefined while there is none */
  constructor(read) {
    this.#read = read;
  }

  /** Something has changed. */
  changed() {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => this.#tell(), kTogetherMs);
  }

  #tell() {
    this.#timer = undefined;
    this.#again = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run() {
    while (this.#again && !this.#closed) {
      this.#again = false;
      if (this.#listeners.size === 0) continue;
      const state = await this.#read().catch(() => undefined);
      if (state !== undefined) this.#write(`data: ${JSON.stringify(state)}\n\n`);
    }
  }

  #write(text) {
    for (const response of this.#listeners) response.write(text);
  }

  /** Keeps telling somebody. */
  listen(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 500\n\n');
    this.#listeners.add(response);
    response.once('close', () => this.#listeners.delete(response));
    this.changed();
  }

  /** Resolves when no state is being read. */
  async idle() {
    await this.#running;
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#heartbeat);
    for (const response of this.#listeners) response.end();
  }
}
