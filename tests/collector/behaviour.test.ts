// SPDX-License-Identifier: MIT
// Behaviour in Segment's form: each message once, whatever the senders do.
import { gzipSync } from 'node:zlib';
import type { Store } from 'souk/collector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, openTemporaryStore, type SendOptions, type World, writeKey } from './world.js';

let opened: { readonly store: Store; readonly close: () => Promise<void> };
let world: World;
beforeAll(async () => {
  opened = await openTemporaryStore();
  world = await createWorld(opened.store);
});
afterAll(async () => {
  await world.close();
  await opened.close();
});

interface Kept {
  readonly success: boolean;
  readonly accepted: readonly string[];
  readonly rejected: readonly { readonly messageId: string; readonly code: string }[];
}

const event = (messageId: string, more: object = {}) => ({
  type: 'track',
  event: 'Product Viewed',
  messageId,
  anonymousId: 'a-1',
  properties: { product_id: '85123A', price: 18.99 },
  ...more,
});
const basic = { authorization: `Basic ${btoa(`${writeKey}:`)}` };
const post = (path: string, body: unknown, more: SendOptions = {}) =>
  world.send<Kept & { error?: { code: string } }>('POST', path, { headers: basic, body, ...more });

async function stored(id: string): Promise<Record<string, unknown>[]> {
  const rows = await opened.store.query<{ body: string }>('select body from souk.behaviour where message_id = $1', [
    id,
  ]);
  return rows.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

describe('behaviour', () => {
  it.each(['/v1/batch', '/v1/b'])('comes in batches by %s', async (path) => {
    const ids = [`${path}-1`, `${path}-2`];
    const { status, body } = await post(path, { batch: ids.map((id) => event(id)), sentAt: 'now' });
    expect({ status, body }).toEqual({ status: 200, body: { success: true, accepted: ids, rejected: [] } });
    expect(await stored(ids[0] ?? '')).toMatchObject([{ event: 'Product Viewed', properties: { price: 18.99 } }]);
  });

  it.each([
    ['track', 't'],
    ['page', 'p'],
    ['identify', 'i'],
    ['group', 'g'],
    ['alias', 'a'],
    ['screen', 's'],
  ])('comes one by one by /v1/%s and /v1/%s', async (long, short) => {
    for (const path of [long, short]) {
      const { body } = await post(`/v1/${path}`, { ...event(`one-${path}`), type: undefined });
      expect(body.accepted).toEqual([`one-${path}`]);
      expect(await stored(`one-${path}`)).toMatchObject([{ type: long }]);
    }
  });

  it('comes as a beacon: text/plain, the write key in the body, which is not kept', async () => {
    const { body } = await post(
      '/v1/t',
      { ...event('beacon'), writeKey },
      { headers: { 'content-type': 'text/plain' } },
    );
    expect(body.accepted).toEqual(['beacon']);
    expect(await stored('beacon')).toEqual([expect.not.objectContaining({ writeKey })]);
  });

  it('comes compressed', async () => {
    const packed = new Uint8Array(gzipSync(JSON.stringify({ batch: [event('packed')] })));
    const { body } = await post('/v1/b', packed, { headers: { ...basic, 'content-encoding': 'gzip' } });
    expect(body.accepted).toEqual(['packed']);
  });

  it('is kept once, though it is sent 20 times at once and again later', async () => {
    const batch = { batch: [event('twice'), event('twice'), event('other')] };
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/v1/batch', batch)));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await post('/v1/batch', batch)).body.accepted).toEqual(['twice', 'twice', 'other']);
    expect(await stored('twice')).toHaveLength(1);
    expect((await world.send<string>('GET', '/metrics')).body).toMatch(
      /behaviour_events_total\{outcome="duplicate"\} [1-9]/,
    );
  });

  it('is named when it is bad, and the good beside it is kept', async () => {
    const batch = [
      event('good'),
      event(''),
      event('too-big', { properties: { text: Array.from({ length: 10 }, () => 'x'.repeat(4000)) } }),
      event('unknown', { type: 'dance' }),
      event('nameless', { event: undefined }),
      event('nul', { properties: { text: '\u0000' } }),
    ];
    const { body } = await post('/v1/batch', { batch });
    expect(body.accepted).toEqual(['good']);
    expect(body.rejected.map(({ messageId, code }) => `${messageId} ${code}`)).toEqual([
      ' missing-message-id',
      'too-big event-too-large',
      'unknown unknown-type',
      'nameless missing-event',
      'nul nul-byte',
    ]);
  });

  it('of a sender that was replaced is refused whole', async () => {
    const send = (epoch: number, id: string) => post('/v1/batch', { batch: [event(id)], sender: { id: 'tab', epoch } });
    expect((await send(2, 'e2')).status).toBe(200);
    expect(await send(1, 'e1')).toMatchObject({ status: 409, body: { error: { code: 'fenced' } } });
    expect(await stored('e1')).toEqual([]);
    expect((await send(2, 'e2-again')).status).toBe(200);
    const both = await Promise.all([send(3, 'e3'), send(4, 'e4')]);
    expect(both.map(({ status }) => status)).toContain(200);
    expect((await send(3, 'e3-late')).status).toBe(409);
  });

  it.each([
    ['without a write key', {}],
    ['with an unknown one', { authorization: `Basic ${btoa('pk_other:')}` }],
    ['with one that is not base64', { authorization: 'Basic %%%' }],
  ])('is refused %s', async (_, headers) => {
    const answer = await post('/v1/batch', { batch: [event('nobody')] }, { headers });
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unknown-write-key' } } });
  });

  it('is slowed down by address, and says when to come again', async () => {
    const slow = await createWorld(opened.store, { limits: { eventRate: { perSecond: 1, burst: 3 } } });
    const send = (id: string, address: string) =>
      slow.send('POST', '/v1/t', { headers: basic, body: event(id), address });
    for (const id of ['r1', 'r2', 'r3']) expect((await send(id, '10.0.0.1')).status).toBe(200);
    const refused = await send('r4', '10.0.0.1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await send('r5', '10.0.0.2')).status).toBe(200);
    await slow.close();
  });
});
