// SPDX-License-Identifier: MIT
// The OpenAPI document against what the handler really answers.
import type { Store } from 'souk/collector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validate } from './json-schema.js';
import { seat, stock, teamProgram } from './team-world.js';
import { createWorld, openTemporaryStore, received, redeem, type SendOptions, type World, writeKey } from './world.js';

type Tree = Readonly<Record<string, unknown>>;

let opened: { readonly store: Store; readonly close: () => Promise<void> };
let world: World;
let document: Tree;
let own: Record<string, string>;
const seen = new Set<string>();

beforeAll(async () => {
  opened = await openTemporaryStore();
  world = await createWorld(opened.store, {
    base: '/souk',
    program: teamProgram,
    limits: { commandRate: { perSecond: 1, burst: 60 } },
  });
  document = (await world.send<Tree>('GET', '/souk/openapi.json')).body;
  own = { authorization: `Bearer ${await world.token('mei')}` };
  const event = received('o1', 'mei', 100);
  await commerce(event);
});
afterAll(async () => {
  await world.close();
  await opened.close();
});

function at(tree: Tree, ...steps: readonly string[]): Tree | undefined {
  return steps.reduce<Tree | undefined>((value, step) => value?.[step] as Tree | undefined, tree);
}

/** Sends a request and holds its answer to the description of its route and status. */
async function hold(method: string, route: string, path: string, options: SendOptions = {}): Promise<number> {
  const { status, headers, body } = await world.send<unknown>(method, `/souk${path}`, options);
  const described = at(document, 'paths', route, method.toLowerCase(), 'responses', String(status));
  expect(described, `${method} ${route} ${status} is described`).toBeDefined();
  seen.add(`${method} ${route} ${status}`);
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  const schema = at(described ?? {}, 'content', type, 'schema');
  if (type === 'application/json') expect(validate(body, schema ?? { missing: true }, document)).toEqual([]);
  return status;
}

async function commerce(event: object, route = '/v1/commerce'): Promise<number> {
  const { signWebhook } = await import('souk/server');
  const { commerceSecret } = await import('./world.js');
  const body = new TextEncoder().encode(JSON.stringify(event));
  const signature = await signWebhook(body, commerceSecret, world.clock.now());
  return hold('POST', route, '/v1/commerce', { headers: { 'souk-signature': signature }, body });
}

describe('the OpenAPI document', () => {
  it('describes every answer of commands', async () => {
    const give = (commands: unknown, headers: Record<string, string> = own) =>
      hold('POST', '/v1/commands', '/v1/commands', { headers, body: { commands } });
    expect(
      await give([redeem('c1', 'mei', 1), redeem('c2', 'mei', 1e6), { ...redeem('c3', 'mei', 1), points: -1 }]),
    ).toBe(200);
    expect(await give([redeem('c1', 'mei', 1)])).toBe(200);
    expect(await give([])).toBe(400);
    expect(await give([redeem('c1', 'mei', 1)], {})).toBe(401);
    expect(await give([redeem('c4', 'lin', 1)])).toBe(403);
    expect(await give([redeem('c4', 'mei', 1)], { ...own, 'content-type': 'text/html' })).toBe(415);
    expect(await hold('POST', '/v1/commands', '/v1/commands', { headers: own, body: 'x'.repeat(600_000) })).toBe(413);
    await give(Array.from({ length: 50 }, (_, n) => redeem(`f-${n}`, 'mei', 1)));
    expect(await give(Array.from({ length: 50 }, (_, n) => redeem(`f-${n}`, 'mei', 1)))).toBe(429);
  });

  it('describes every answer of verdicts, streams and events', async () => {
    const get = (route: string, path: string, headers = own) => hold('GET', route, path, { headers });
    expect(await get('/v1/verdicts', '/v1/verdicts?ids=c1,c2,c9')).toBe(200);
    expect(await get('/v1/verdicts', '/v1/verdicts')).toBe(400);
    expect(await get('/v1/verdicts', '/v1/verdicts?ids=c1', {})).toBe(401);
    expect(await get('/v1/streams/{kind}/{id}', '/v1/streams/account/mei')).toBe(200);
    expect(await get('/v1/streams/{kind}/{id}', '/v1/streams/account/mei?after=2')).toBe(200);
    expect(await get('/v1/streams/{kind}/{id}', '/v1/streams/account/mei?after=-1')).toBe(400);
    expect(await get('/v1/streams/{kind}/{id}', '/v1/streams/account/lin')).toBe(403);
    expect(await commerce(seat('t1', 'mei', { campaign: 'tea' }))).toBe(200);
    const [row] = await opened.store.query<{ stream: string }>(
      "select stream from souk.facts where stream like 'team/%' limit 1",
    );
    expect(await get('/v1/streams/{kind}/{id}', `/v1/streams/${row?.stream ?? ''}`)).toBe(200);
    expect(await get('/v1/streams/{kind}/{id}', '/v1/streams/team/none')).toBe(404);
    expect(await get('/v1/events', '/v1/events?stream=team/none')).toBe(404);
    expect(await get('/v1/events', '/v1/events?stream=account/lin')).toBe(403);
    expect(await get('/v1/events', '/v1/events?stream=account/mei&after=9999')).toBe(400);
  });

  it('describes every answer of behaviour', async () => {
    const headers = { authorization: `Basic ${btoa(`${writeKey}:`)}` };
    const batch = [
      { type: 'page', messageId: 'm1' },
      { type: 'dance', messageId: 'm2' },
    ];
    const post = (body: object, more: Record<string, string> = headers) =>
      hold('POST', '/v1/batch', '/v1/b', { headers: more, body });
    expect(await post({ batch, sender: { id: 's', epoch: 2 } })).toBe(200);
    expect(await post({ batch, sender: { id: 's', epoch: 1 } })).toBe(409);
    expect(await post({ batch }, {})).toBe(401);
    expect(await post({})).toBe(400);
    const beacon = { 'content-type': 'text/plain' };
    expect(
      await hold('POST', '/beacon/v1/batch', `/beacon/v1/batch?writeKey=${writeKey}`, {
        headers: beacon,
        body: { batch },
      }),
    ).toBe(200);
    expect(await hold('POST', '/beacon/v1/batch', '/beacon/v1/batch', { body: { batch } })).toBe(401);
    const jitsu = { 'x-write-key': `${writeKey}:secret` };
    expect(
      await hold('POST', '/api/s/{type}', '/api/s/page', { headers: jitsu, body: { type: 'page', messageId: 'm4' } }),
    ).toBe(200);
    expect(await hold('POST', '/v1/{type}', '/v1/t', { headers, body: { event: 'A', messageId: 'm3' } })).toBe(200);
  });

  it('describes every answer of the commerce port', async () => {
    expect(await commerce(received('o2', 'mei', 5))).toBe(200);
    expect(await commerce(received('o2', 'mei', 6))).toBe(409);
    expect(await commerce({ ...received('o3', 'mei', 6), type: 'order-paid' })).toBe(400);
    expect(await commerce(stock('s1', 'tea', 5))).toBe(200);
    expect(await commerce(seat('t2', 'lin', { campaign: 'tea' }))).toBe(200);
    expect(await commerce({ ...received('o4', 'mei', 6), type: 'review-published' })).toBe(400);
    expect(await hold('POST', '/v1/commerce', '/v1/commerce', { body: {} })).toBe(401);
  });

  it('describes what operators and pages ask for', async () => {
    for (const path of ['/v1/time', '/v1/program', '/health', '/metrics', '/openapi.json']) {
      expect(await hold('GET', path, path)).toBe(200);
    }
    const { headers } = await world.send('GET', '/souk/v1/program');
    expect(
      await hold('GET', '/v1/program', '/v1/program', { headers: { 'if-none-match': headers.get('etag') ?? '' } }),
    ).toBe(304);
  });

  it('names no route that was not tried', () => {
    const routes = Object.entries(document['paths'] as Tree).flatMap(([route, methods]) =>
      Object.keys(methods as Tree).map((method) => `${method.toUpperCase()} ${route}`),
    );
    const tried = new Set(Array.from(seen, (one) => one.replace(/ \d+$/, '')));
    expect(routes.filter((route) => !tried.has(route))).toEqual([]);
  });
});

describe('elsewhere', () => {
  it('answers 404 for unknown paths, also outside the base, and 405 for other methods', async () => {
    expect((await world.send('GET', '/souk/v1/nothing')).status).toBe(404);
    expect((await world.send('GET', '/v1/time')).status).toBe(404);
    const wrong = await world.send('DELETE', '/souk/v1/commands');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('lets pages of named sites read answers, and of no others', async () => {
    const shared = await createWorld(opened.store, { origins: ['https://shop.example'] });
    const ask = async (origin: string) =>
      (await shared.send('GET', '/v1/time', { headers: { origin } })).headers.get('access-control-allow-origin');
    expect(await ask('https://shop.example')).toBe('https://shop.example');
    expect(await ask('https://evil.example')).toBeNull();
    expect((await shared.send('OPTIONS', '/v1/commands', { headers: { origin: 'https://shop.example' } })).status).toBe(
      204,
    );
    await shared.close();
    await expect(createWorld(opened.store, { origins: ['*'] })).rejects.toThrow(/origins/);
  });
});
