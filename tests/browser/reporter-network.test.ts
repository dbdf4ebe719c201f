// SPDX-License-Identifier: MIT
// The reporter in Chromium while the network and the receiver fail.
import { describe, expect, it } from 'vitest';
import {
  answer,
  drained,
  flush,
  Shop,
  start,
  stats,
  track,
  visit,
  type Seen,
  shop,
  useShop,
  context,
} from './reporter-world.js';

useShop();

/** Fails so many requests, then behaves. */
function failing(
  times: number,
  how: (seen: Seen, response: Parameters<Shop['answering']>[1]) => true,
): Shop['answering'] {
  let left = times;
  return (seen, response) => (left-- > 0 ? how(seen, response) : undefined);
}

describe('the network', () => {
  it("delivers each event once, in Segment's batch form, with key, sender and time", async () => {
    const page = await visit(context, shop);
    const receipts = await track(page, 3);
    await drained(page);
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored']);
    const [first] = shop.seen;
    expect(first?.writeKey).toBe('pk_1');
    expect(first?.authorization).toBe(`Basic ${Buffer.from('pk_1:').toString('base64')}`);
    expect(first?.sender?.epoch).toBeGreaterThan(1_700_000_000);
    expect(first?.batch[0]).toMatchObject({
      type: 'track',
      event: 'Product Viewed',
      messageId: receipts[0]?.messageId,
    });
    expect(first?.batch[0]?.anonymousId).toMatch(/^[0-9a-f-]{36}$/);
    expect(shop.times()).toEqual([1, 1, 1]);
  });

  it('keeps events while the browser is offline and sends them when it is online again', async () => {
    const page = await visit(context, shop);
    await context.setOffline(true);
    const receipts = await track(page, 5);
    expect(receipts.every(({ outcome }) => outcome === 'stored')).toBe(true);
    await flush(page);
    expect(shop.applied.size).toBe(0);
    await context.setOffline(false);
    await shop.arrived(5);
  });

  it('retries after 503 and delivers once', async () => {
    shop.answering = failing(2, (_, response) => answer(response, 503, {}));
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.arrived(1);
    expect(shop.seen.length).toBe(3);
  });

  it('obeys Retry-After in seconds', async () => {
    shop.answering = failing(1, (_, response) => answer(response, 429, {}, { 'retry-after': '2' }));
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.arrived(1);
    expect((shop.seen[1]?.at ?? 0) - (shop.seen[0]?.at ?? 0)).toBeGreaterThanOrEqual(1950);
  });

  it('obeys Retry-After as a date', async () => {
    const date = () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 2000).toUTCString();
    shop.answering = failing(1, (_, response) => answer(response, 503, {}, { 'retry-after': date() }));
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.arrived(1);
    expect((shop.seen[1]?.at ?? 0) - (shop.seen[0]?.at ?? 0)).toBeGreaterThanOrEqual(1900);
  });

  it('obeys Retry-After on the next page too', async () => {
    shop.answering = failing(1, (_, response) => answer(response, 429, {}, { 'retry-after': '3' }));
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.until(() => shop.seen.length === 1);
    await flush(page);
    await page.goto(`${shop.origin}/next`);
    await start(page);
    // The page that is left may send a beacon; no request of the sender comes early.
    const requests = () => shop.seen.filter(({ contentType }) => contentType.includes('json'));
    await shop.until(() => requests().length === 2);
    const own = requests();
    expect((own[1]?.at ?? Infinity) - (own[0]?.at ?? 0)).toBeGreaterThanOrEqual(2900);
  });

  it('gives a stalled request up after ten seconds and delivers', async () => {
    shop.answering = failing(1, () => true);
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.arrived(1);
    expect((shop.seen[1]?.at ?? 0) - (shop.seen[0]?.at ?? 0)).toBeGreaterThanOrEqual(9900);
  });

  it('retries when the connection is cut in the middle of an answer', async () => {
    shop.answering = failing(1, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"success":true');
      response.socket?.end();
      return true;
    });
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.arrived(1);
    await drained(page);
  });

  it('sends again when the answer is lost after the collector took the events, and the collector applies once', async () => {
    shop.answering = failing(1, ({ batch }, response) => {
      for (const event of batch) shop.applied.set(event.messageId, event);
      response.socket?.destroy();
      return true;
    });
    const page = await visit(context, shop);
    await track(page, 3);
    await drained(page);
    expect(shop.applied.size).toBe(3);
    const [lost, ...later] = shop.seen.map(({ batch }) => batch.map(({ messageId }) => messageId));
    expect(later.flat()).toEqual(expect.arrayContaining(lost ?? ['nothing was lost']));
  });

  it('keeps what a partial answer does not list', async () => {
    shop.answering = ({ batch: [first] }, response) => {
      if (first) shop.applied.set(first.messageId, first);
      return answer(response, 200, { success: true, accepted: [first?.messageId], rejected: [] });
    };
    const page = await visit(context, shop);
    await track(page, 4);
    await drained(page);
    expect(shop.applied.size).toBe(4);
  });

  it('drops what an answer rejects by id, and counts it', async () => {
    shop.answering = ({ batch }, response) => {
      const rejected = batch.map(({ messageId }) => ({ messageId, code: 'x', message: '' }));
      return answer(response, 200, { accepted: [], rejected });
    };
    const page = await visit(context, shop);
    await track(page, 2);
    await drained(page);
    expect((await stats(page)).dropped).toEqual({ rejected: 2 });
  });

  it("takes 200 for the whole batch from a receiver that lists nothing, as Segment's", async () => {
    shop.answering = ({ batch }, response) => {
      for (const event of batch) shop.applied.set(event.messageId, event);
      return answer(response, 200, { success: true });
    };
    const page = await visit(context, shop);
    await track(page, 4);
    await drained(page);
    expect(shop.times()).toEqual([1, 1, 1, 1]);
  });

  it("takes a hotel's log-in page for no answer", async () => {
    shop.answering = failing(1, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to our wireless network</h1>');
      return true;
    });
    const page = await visit(context, shop);
    await track(page, 2);
    await shop.arrived(2);
  });

  it('finds the one event that a receiver answers 400 to, drops and counts it, and delivers the others', async () => {
    shop.answering = ({ batch }, response) =>
      batch.some(({ event }) => event === 'Poison') ? answer(response, 400, {}) : undefined;
    const page = await visit(context, shop);
    await context.setOffline(true);
    await track(page, 6);
    await track(page, 1, 10, 'Poison');
    await track(page, 6);
    await context.setOffline(false);
    await drained(page);
    expect(shop.applied.size).toBe(12);
    expect((await stats(page)).dropped).toEqual({ refused: 1 });
  });

  it('halves a batch that is too large for the receiver, and stays below from then on', async () => {
    shop.answering = ({ bytes }, response) => (bytes > 12_000 ? answer(response, 413, {}) : undefined);
    const page = await visit(context, shop);
    await context.setOffline(true);
    await track(page, 20, 2000);
    await context.setOffline(false);
    await drained(page);
    expect(shop.applied.size).toBe(20);
    expect(shop.seen.filter(({ bytes }) => bytes > 12_000).length).toBeLessThanOrEqual(3);
    expect((await stats(page)).dropped).toEqual({});
  });

  it('keeps events when the key is refused, and sends them once it is accepted', async () => {
    shop.answering = failing(1, (_, response) => answer(response, 401, {}));
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.arrived(1);
  });

  it('stops when a later sender fences it, and asks for a new epoch', async () => {
    shop.answering = failing(1, (_, response) =>
      answer(response, 409, { error: { code: 'fenced', path: '', message: '' } }),
    );
    const page = await visit(context, shop);
    await track(page, 1);
    await shop.arrived(1);
    expect(shop.seen[1]?.sender?.epoch).toBeGreaterThan(shop.seen[0]?.sender?.epoch ?? Infinity);
  });

  it('sends a thousand events in ten batches', async () => {
    const page = await visit(context, shop);
    await track(page, 1000, 10);
    await shop.arrived(1000);
    expect(shop.seen.length).toBeLessThanOrEqual(12);
    expect(Math.max(...shop.times())).toBe(1);
  });

  it('speaks to a receiver of another origin', async () => {
    const other = await new Shop().open();
    const page = await visit(context, shop, { endpoint: `${other.origin}/souk` });
    await track(page, 2);
    await other.arrived(2);
    await other.close();
  });
});
