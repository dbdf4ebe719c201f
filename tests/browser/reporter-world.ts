// SPDX-License-Identifier: MIT
// A shop's page with the published reporter, and a collector that can be told how to fail. Nothing here sleeps: each wait is for an event.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Receipt, Reporter, ReporterOptions, ReporterStats } from '../../web/src/reporter/index.js';
import { launch } from './chromium.js';

const script = fileURLToPath(new URL('../../web/dist/reporter.js', import.meta.url));

const html =
  '<!doctype html><title>Shop</title><a href="/other">other</a><script type="module">' +
  "import { createReporter } from '/reporter.js'; globalThis.createReporter = createReporter;</script>";

/** One event as it arrived. */
export interface Arrived {
  readonly messageId: string;
  readonly event?: string;
  readonly [field: string]: unknown;
}

/** One request as it arrived. */
export interface Seen {
  readonly at: number;
  readonly contentType: string;
  readonly authorization: string | undefined;
  readonly bytes: number;
  readonly sender: { readonly id: string; readonly epoch: number } | undefined;
  readonly writeKey: string;
  readonly batch: readonly Arrived[];
}

/** How a request is answered; `undefined`: as a collector does. */
export type Answering = (seen: Seen, response: ServerResponse) => boolean | undefined;

const read = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', () => resolve(''));
  });

/** A shop and its collector on one origin. */
export class Shop {
  readonly seen: Seen[] = [];
  /** Distinct events in the order of their first arrival, as a collector applies them. */
  readonly applied = new Map<string, Arrived>();
  answering: Answering = () => undefined;
  origin = '';
  /** Requests by which a browser asked for leave to ask. */
  preflights = 0;
  /** Every path that was asked for. */
  readonly paths: string[] = [];
  readonly #server: Server;
  #waiting: { done: () => boolean; resolve: () => void }[] = [];

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.closeAllConnections();
      this.#server.close(() => resolve());
    });
  }

  /** Begins anew, for the next scenario. */
  reset(): void {
    this.seen.length = 0;
    this.applied.clear();
    this.preflights = 0;
    this.paths.length = 0;
    this.answering = () => undefined;
  }

  /** Settles when something has arrived; the test's own limit is the limit. */
  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ done, resolve }));
  }

  /** Settles when so many distinct events have arrived. */
  arrived(count: number): Promise<void> {
    return this.until(() => this.applied.size >= count);
  }

  /** In how many requests each event was. */
  times(): number[] {
    const times = new Map<string, number>();
    for (const { messageId } of this.seen.flatMap(({ batch }) => batch)) {
      times.set(messageId, (times.get(messageId) ?? 0) + 1);
    }
    return [...times.values()];
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*, authorization, content-type');
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    this.paths.push(request.url ?? '');
    if (path.endsWith('.js')) {
      this.#file(response);
      return;
    }
    if (!path.endsWith('/v1/batch')) {
      this.#page(response);
      return;
    }
    if (request.method === 'OPTIONS') {
      this.preflights += 1;
      response.writeHead(204).end();
      return;
    }
    this.#take(request, await read(request), response);
  }

  #page(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(html);
  }

  #file(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end(readFileSync(script));
  }

  #take({ headers }: IncomingMessage, text: string, response: ServerResponse): void {
    if (text === '') return;
    const body = JSON.parse(text) as Pick<Seen, 'sender' | 'writeKey' | 'batch'>;
    const contentType = headers['content-type'] ?? '';
    const bytes = Buffer.byteLength(text);
    const seen = {
      ...body,
      at: Date.now(),
      contentType,
      authorization: headers.authorization,
      bytes,
    };
    this.seen.push(seen);
    if (!this.answering(seen, response)) this.accept(seen, response);
    this.#waiting = this.#waiting.filter(({ done, resolve }) => {
      if (!done()) return true;
      resolve();
      return false;
    });
  }

  /** What a collector does: takes each event once, and names what it took. */
  accept({ batch }: Seen, response: ServerResponse): void {
    for (const event of batch) if (!this.applied.has(event.messageId)) this.applied.set(event.messageId, event);
    answer(response, 200, { success: true, accepted: batch.map(({ messageId }) => messageId), rejected: [] });
  }
}

/** Answers in JSON. */
export function answer(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
  return true;
}

/** What a shop's page has as globals in these tests. */
interface ShopPage {
  createReporter(options: ReporterOptions): Reporter;
  reporter: Reporter;
  receipts: Receipt[];
}

/** Opens a page of the shop and starts the reporter in it. */
export async function visit(
  context: BrowserContext,
  shop: Shop,
  options: Partial<ReporterOptions> = {},
  before?: () => void,
): Promise<Page> {
  const page = await context.newPage();
  if (before) await page.addInitScript(before);
  await page.goto(`${shop.origin}/`);
  await start(page, options);
  return page;
}

/** Starts the reporter in a page that has none. */
export async function start(page: Page | Frame, options: Partial<ReporterOptions> = {}): Promise<void> {
  await page.evaluate((given) => {
    const globals = globalThis as unknown as ShopPage;
    globals.reporter = globals.createReporter({ endpoint: '/souk', writeKey: 'pk_1', consent: 'granted', ...given });
  }, options);
}

/** Tracks some events and waits until it is known what became of them. */
export function track(page: Page | Frame, count: number, bytes = 100, name = 'Product Viewed'): Promise<Receipt[]> {
  return page.evaluate(
    ([many, size, event]) => {
      const { reporter } = globalThis as unknown as ShopPage;
      return Promise.all(
        Array.from({ length: many }, (_, index) => reporter.track(event, { index, pad: 'x'.repeat(size) })),
      );
    },
    [count, bytes, name] as const,
  );
}

/** Tracks and waits for nothing. */
export function trackAndGo(page: Page, count: number, bytes = 100): Promise<void> {
  return page.evaluate(
    ([many, size]) => {
      const { reporter } = globalThis as unknown as ShopPage;
      for (let index = 0; index < many; index += 1)
        void reporter.track('Product Viewed', { index, pad: 'x'.repeat(size) });
    },
    [count, bytes] as const,
  );
}

/** Calls a method without arguments, or with one. */
export const flush = (page: Page): Promise<void> =>
  page.evaluate(() => (globalThis as unknown as ShopPage).reporter.flush());
export const stats = (page: Page | Frame): Promise<ReporterStats> =>
  page.evaluate(() => (globalThis as unknown as ShopPage).reporter.stats());
export const setConsent = (page: Page, consent: 'granted' | 'denied' | 'pending'): Promise<void> =>
  page.evaluate((value) => (globalThis as unknown as ShopPage).reporter.setConsent(value), consent);
export const destroy = (page: Page): Promise<void> =>
  page.evaluate(() => (globalThis as unknown as ShopPage).reporter.destroy());

/** Settles when the outbox and the memory of a page are empty. */
export function drained(page: Page | Frame): Promise<void> {
  return page.evaluate(async () => {
    const { reporter } = globalThis as unknown as ShopPage;
    for (;;) {
      const { stored, held } = await reporter.stats();
      if (stored === 0 && held === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}

/** The browser of a file's tests, a context for each, and the shop: set by {@link useShop}. */
export let browser: Browser;
export let context: BrowserContext;
export let shop: Shop;
/** Errors that no page caught in this test. */
export let thrown: string[];

/** Sets up a file's tests. After each one, no page may have thrown. */
export function useShop(): void {
  beforeAll(async () => {
    browser = await launch();
    shop = await new Shop().open();
  });
  afterAll(async () => {
    await browser.close();
    await shop.close();
  });
  beforeEach(async () => {
    shop.reset();
    thrown = [];
    context = await browser.newContext();
    context.on('weberror', (error) => thrown.push(String(error.error())));
  });
  afterEach(async () => {
    await context.close();
    expect(thrown).toEqual([]);
  });
}
