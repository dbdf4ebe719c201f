// SPDX-License-Identifier: MIT
// The published browser SDKs of Segment, RudderStack and Jitsu, in Chromium, on a page of another origin than the collector's, against a real
// collector on its embedded store. Nothing but the page and the collector can be reached.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { IncomingRequest, RequestInfo, Store } from 'souk/collector';
import { serve as serveCollector, type Serving } from 'souk/collector/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, openTemporaryStore, type World, writeKey } from '../collector/world.js';
import { launch, openPage, type PageLog, serve, type SiteServer } from './chromium.js';
import type { SdkPage, Way } from './sdks/contract.js';

interface Message {
  readonly type: string;
  readonly messageId: string;
  readonly anonymousId?: string;
  readonly userId?: string;
  readonly properties?: { readonly n?: number };
}

const names = ['segment', 'rudderstack', 'jitsu'] as const;
const policy = "default-src 'none'; script-src 'self'; connect-src http://127.0.0.1:*";
const folder = fileURLToPath(new URL('sdks', import.meta.url));

let opened: { readonly store: Store; readonly close: () => Promise<void> };
let world: World;
let serving: Serving;
let site: SiteServer;
let browser: Browser;

/** Ids of the messages of each request that the collector answered with 200, in order; the answer may have been lost behind it. */
let sent: (readonly string[])[] = [];
/** Answers that are still to be lost after the commit. */
let answersToLose = 0;
let wake: () => void = () => undefined;

beforeAll(async () => {
  const html: Record<string, string> = {};
  for (const name of names) {
    const entry = { entryPoints: [`${folder}/${name}.ts`], define: { 'process.env.NODE_ENV': '"production"' } };
    const { outputFiles } = await build({ ...entry, bundle: true, format: 'iife', write: false, logLevel: 'error' });
    html[`/${name}.js`] = outputFiles[0]?.text ?? '';
    html[`/${name}.html`] = `<!doctype html><title>Shop</title><script src="/${name}.js"></script>`;
  }
  site = await serve(folder, policy, html);
  opened = await openTemporaryStore();
  world = await createWorld(opened.store, { base: '/souk', origins: [site.origin] });
  const { collector } = world;
  serving = await serveCollector({ ...collector, handle });
  browser = await launch();

  async function handle(request: IncomingRequest, info?: RequestInfo): Promise<Response> {
    const body = await new Response(request.body).text();
    const { method, url, headers } = request;
    const readAll = () => Promise.resolve(new TextEncoder().encode(body));
    const answer = await collector.handle({ method, url, headers, body: null, readAll }, info);
    if (body === '' || answer.status !== 200) return answer;
    const { batch, ...one } = JSON.parse(body) as Message & { readonly batch?: readonly Message[] };
    sent.push((batch ?? [one]).map(({ messageId }) => messageId));
    wake();
    if (answersToLose === 0) return answer;
    answersToLose -= 1;
    throw new Error('The answer is lost.');
  }
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await serving.close();
  await opened.close();
});
beforeEach(async () => {
  sent = [];
  answersToLose = 0;
  await opened.store.query('delete from souk.behaviour');
});

/** Settles when so many different messages have been committed. */
function committed(count: number): Promise<void> {
  return new Promise((resolve) => {
    wake = () => {
      if (new Set(sent.flat()).size >= count) resolve();
    };
    wake();
  });
}

/** Settles when a message has come again. */
function repeated(): Promise<void> {
  return new Promise((resolve) => {
    wake = () => {
      if (sent.flat().length > new Set(sent.flat()).size) resolve();
    };
    wake();
  });
}

async function visit(name: string, way: Way): Promise<{ page: Page; log: PageLog; anonymousId: string }> {
  const { page, log } = await openPage(browser, site, `/${name}.html`);
  const anonymousId = await page.evaluate(
    async ([endpoint, key, how]) => {
      const globals = globalThis as unknown as SdkPage;
      globals.sdk = await globals.startSdk(endpoint, key, how);
      return globals.sdk.anonymousId();
    },
    [`${serving.url}/souk`, writeKey, way] as const,
  );
  return { page, log, anonymousId };
}

/** A member signs in, opens a page and looks at some products. */
function act(page: Page, userId: string, products: number): Promise<void> {
  return page.evaluate(
    ([id, count]) => {
      const { sdk } = globalThis as unknown as SdkPage;
      sdk.identify(id);
      sdk.page();
      for (let n = 1; n <= count; n += 1) sdk.track('Product Viewed', { n });
    },
    [userId, products] as const,
  );
}

/** What the collector has kept. */
async function kept(): Promise<Message[]> {
  const rows = await opened.store.query<{ body: string }>('select body from souk.behaviour');
  return rows.map(({ body }) => JSON.parse(body) as Message);
}

/** Holds what was kept to what was done: each act once, under the id it was sent with, and by whom it was done. */
async function expectOnce(userId: string, anonymousId: string, products: number): Promise<void> {
  const messages = await kept();
  const own = messages.map(({ type, properties }) => (type === 'track' ? `track ${properties?.n ?? 'nothing'}` : type));
  const views = Array.from({ length: products }, (_, index) => `track ${index + 1}`);
  expect(own.sort()).toEqual([...views, 'identify', 'page'].sort());
  expect(messages.map(({ messageId }) => messageId).sort()).toEqual([...new Set(sent.flat())].sort());
  expect(anonymousId).not.toBe('');
  expect(new Set(messages.map((one) => `${one.userId ?? ''} ${one.anonymousId ?? ''}`))).toEqual(
    new Set([`${userId} ${anonymousId}`]),
  );
}

const ways: readonly (readonly [(typeof names)[number], Way])[] = [
  ['segment', 'single'],
  ['segment', 'batch'],
  ['rudderstack', 'single'],
  ['rudderstack', 'batch'],
  ['jitsu', 'single'],
];

describe('a published SDK', () => {
  it.each([...ways, ['rudderstack', 'beacon'] as const])('of %s (%s) delivers each event once', async (name, way) => {
    const userId = `${name}-${way}`;
    const { page, log, anonymousId } = await visit(name, way);
    await act(page, userId, 20);
    await committed(22);
    await expectOnce(userId, anonymousId, 20);
    expect(log.errors).toEqual([]);
    expect(log.requests.filter((url) => !url.startsWith(serving.url) && !url.startsWith('/'))).toEqual([]);
    await page.context().close();
  });

  it.each(ways)('of %s (%s) sends again when the answer is lost, and nothing is kept twice', async (name, way) => {
    answersToLose = 1;
    const userId = `${name}-${way}-again`;
    const { page, anonymousId } = await visit(name, way);
    await act(page, userId, 5);
    await committed(7);
    await repeated();
    await expectOnce(userId, anonymousId, 5);
    await page.context().close();
  });
});
