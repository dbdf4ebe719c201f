// SPDX-License-Identifier: MIT
// A lying client. Every attack is written down; none gains a point, and each is named in the log.
import { Buffer } from 'node:buffer';
import { auditJournal, type Store } from 'souk/collector';
import { createKeySet, generateMemberKey, issueMemberToken, signWebhook } from 'souk/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commerceSecret,
  createWorld,
  openTemporaryStore,
  received,
  redeem,
  type SendOptions,
  type World,
} from './world.js';

let opened: { readonly store: Store; readonly close: () => Promise<void> };
let world: World;
let token: string;
let old: { readonly body: Uint8Array; readonly signature: string };

beforeAll(async () => {
  opened = await openTemporaryStore();
  world = await createWorld(opened.store);
  await world.commerce(received('mine', 'mallory', 100));
  await world.commerce(received('theirs', 'mei', 100));
  await world.commands('mei', redeem('mei-1', 'mei', 10));
  token = await world.token('mallory');
  const body = new TextEncoder().encode(JSON.stringify(received('mine', 'mallory', 100)));
  old = { body, signature: await signWebhook(body, commerceSecret, world.clock.now()) };
});
afterAll(async () => {
  await world.close();
  await opened.close();
});

/** Points of everybody, by the journal; what an attack must not move. */
async function wealth(): Promise<string> {
  const rows = await opened.store.query<{ stream: string; head: string }>(
    'select stream, head from souk.streams order by stream',
  );
  return JSON.stringify(rows);
}

interface Attack {
  readonly name: string;
  /** The code that the answer and the log name. */
  readonly code: string;
  readonly run: () => Promise<unknown>;
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const give = (command: object, headers: Readonly<Record<string, string>> = bearer(token)) =>
  world.send('POST', '/v1/commands', { headers, body: { commands: [command] } });
const read = (path: string, options: SendOptions = { headers: bearer(token) }) => world.send('GET', path, options);
const spend = (id: string, more: object = {}) => ({ ...redeem(id, 'mallory', 1), ...more });

async function stolen(kid: string, claims: { tenant?: string; now?: number } = {}): Promise<string> {
  const keys = await createKeySet([await generateMemberKey(kid, 'ed25519')]);
  return issueMemberToken({ tenant: 'shop', account: 'mallory', keys, now: world.clock.now(), ...claims });
}

/** A token of the shop's own key with other members: its holder can read it, but not sign it anew. */
const edited = (change: (claims: Record<string, unknown>) => object) => {
  const [head, body, signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as Record<string, unknown>;
  return `${head ?? ''}.${Buffer.from(JSON.stringify(change(claims))).toString('base64url')}.${signature ?? ''}`;
};
const unsigned = (head: object) => {
  const [, body] = token.split('.');
  return `${Buffer.from(JSON.stringify(head)).toString('base64url')}.${body ?? ''}.AAAA`;
};

const attack = (name: string, code: string, run: () => Promise<unknown>): Attack => ({ name, code, run });

const identity: Attack[] = [
  attack('no token', 'missing-token', () => give(spend('a1'), {})),
  attack('the write key in place of a token', 'missing-token', () =>
    give(spend('a2'), { authorization: `Basic ${btoa('pk_test:')}` }),
  ),
  attack('a token that is no token', 'malformed-token', () => give(spend('a3'), bearer('abc'))),
  attack('a token of a key of their own', 'unknown-key', async () => give(spend('a4'), bearer(await stolen('mine')))),
  attack('a key of their own under the shop’s id', 'wrong-signature', async () =>
    give(spend('a5'), bearer(await stolen('k1'))),
  ),
  attack('another account in an own token', 'wrong-signature', () =>
    give(redeem('a6', 'mei', 1), bearer(edited((claims) => ({ ...claims, sub: 'mei' })))),
  ),
  attack('a longer life in an own token', 'wrong-signature', () =>
    give(spend('a7'), bearer(edited((claims) => ({ ...claims, exp: Number(claims['exp']) + 9e6 })))),
  ),
  attack('a right written into an own token', 'wrong-signature', () =>
    give(spend('a8'), bearer(edited((claims) => ({ ...claims, author: 'commerce' })))),
  ),
  attack('alg none', 'wrong-algorithm', () =>
    give(spend('a9'), bearer(unsigned({ alg: 'none', kid: 'k1', typ: 'souk+jwt' }))),
  ),
  attack('alg HS256 on the public key', 'wrong-algorithm', () =>
    give(spend('a10'), bearer(unsigned({ alg: 'HS256', kid: 'k1', typ: 'souk+jwt' }))),
  ),
  attack('a cut token', 'malformed-token', () => give(spend('a11'), bearer(token.slice(0, token.lastIndexOf('.'))))),
  attack('a token of another shop', 'wrong-tenant', async () => {
    const keys = await createKeySet([world.key]);
    return give(
      spend('a12'),
      bearer(await issueMemberToken({ tenant: 'other', account: 'mallory', keys, now: world.clock.now() })),
    );
  }),
  attack('an expired token', 'token-expired', async () => {
    const keys = await createKeySet([world.key]);
    const now = world.clock.now() - 3_700_000;
    return give(
      spend('a13'),
      bearer(await issueMemberToken({ tenant: 'shop', account: 'mallory', keys, now, expiresInSeconds: 3600 })),
    );
  }),
  attack('a token of tomorrow', 'token-from-future', async () => {
    const keys = await createKeySet([world.key]);
    return give(
      spend('a14'),
      bearer(await issueMemberToken({ tenant: 'shop', account: 'mallory', keys, now: world.clock.now() + 86_400_000 })),
    );
  }),
  attack('the token in the query of a command', 'missing-token', () =>
    world.send('POST', `/v1/commands?token=${token}`, { body: { commands: [spend('a15')] } }),
  ),
];

const others: Attack[] = [
  attack('spending another’s points', 'not-yours', () => give(redeem('b1', 'mei', 1))),
  attack('another’s command among own ones', 'not-yours', () =>
    world.send('POST', '/v1/commands', {
      headers: bearer(token),
      body: { commands: [spend('b2'), redeem('b3', 'mei', 1)] },
    }),
  ),
  attack('an account that is no text', 'not-yours', () => give(spend('b4', { account: ['mallory'] }))),
  attack('reading another’s stream', 'not-yours', () => read('/v1/streams/account/mei')),
  attack('reading another’s stream by another spelling', 'not-yours', () => read('/v1/streams/account/mei%2F')),
  attack('climbing out of the own stream', 'not-yours', () => read('/v1/streams/account/mallory%2F..%2Fmei')),
  attack('reading a team by guessing', 'unknown-team', () => read('/v1/streams/team/t1')),
  attack('reading a pool', 'not-yours', () => read('/v1/streams/pool/p1')),
  attack('following another’s events', 'not-yours', () => read('/v1/events?stream=account/mei')),
  attack('following two streams', 'not-yours', () => read('/v1/events?stream=account/mallory,account/mei')),
  attack('another’s command id', 'command-id-reused', () => give(spend('mei-1'))),
];

const commands: Attack[] = [
  attack('“received” from the page', 'not-permitted', () =>
    give({
      kind: 'receive-order',
      id: 'c1',
      account: 'mallory',
      author: 'commerce',
      order: 'free',
      currency: 'GBP',
      lines: [{ item: 'x', quantity: 1, paid: 1e9 }],
    }),
  ),
  attack('a claimed author', 'claimed-author', () => give(spend('c2', { author: 'commerce', points: 1e9 }))),
  attack('a claimed instant', 'claimed-instant', () => give(spend('c3', { at: 1, points: 1e9 }))),
  attack('returning what was spent, from the page', 'not-permitted', () =>
    give({ kind: 'return-redemption', id: 'c4', account: 'mallory', redemption: 'r-mei-1', points: 10 }),
  ),
  attack('time by command', 'not-permitted', () => give({ kind: 'due', id: 'c5', account: 'mallory' })),
  attack('negative points', 'out-of-range', () => give(spend('c6', { points: -100 }))),
  attack('no points', 'out-of-range', () => give(spend('c7', { points: 0 }))),
  attack('2^53 points', 'number-out-of-range', () =>
    world.send('POST', '/v1/commands', {
      headers: bearer(token),
      body: `{"commands":[{"kind":"redeem-points","id":"c8","account":"mallory","redemption":"r","points":9007199254740993}]}`,
    }),
  ),
  attack('more points than there are', 'insufficient-points', () => give(spend('c9', { points: 1e9 }))),
  attack('points in fractions', 'not-an-integer', () => give(spend('c10', { points: 0.5 }))),
  attack('points as text', 'wrong-type', () => give(spend('c11', { points: '1' }))),
  attack('minus zero', 'negative-zero', () =>
    world.send('POST', '/v1/commands', {
      headers: bearer(token),
      body: `{"commands":[{"kind":"redeem-points","id":"c12","account":"mallory","redemption":"r","points":-0}]}`,
    }),
  ),
  attack('two amounts in one command', 'duplicate-key', () =>
    world.send('POST', '/v1/commands', {
      headers: bearer(token),
      body: `{"commands":[{"kind":"redeem-points","id":"c13","account":"mallory","redemption":"r","points":1,"points":-9}]}`,
    }),
  ),
  attack('an unknown member', 'unknown-field', () => give(spend('c14', { active: 1e9 }))),
  attack('a prototype', 'unknown-field', () =>
    world.send('POST', '/v1/commands', {
      headers: bearer(token),
      body: `{"commands":[{"kind":"redeem-points","id":"c15","account":"mallory","redemption":"r","points":1,"__proto__":{"author":"commerce"}}]}`,
    }),
  ),
  attack('points by command', 'not-permitted', () => give(spend('c16', { kind: 'grant-points' }))),
  attack('an id that is a path', 'invalid-id', () => give(spend('../c17', {}))),
  attack('no id', 'missing-field', () => give({ ...spend('c18'), id: undefined })),
  attack('51 commands', 'out-of-range', () =>
    world.send('POST', '/v1/commands', {
      headers: bearer(token),
      body: { commands: Array.from({ length: 51 }, (_, n) => spend(`c19-${n}`)) },
    }),
  ),
  attack('verdicts of their own making', 'unknown-field', () =>
    world.send('POST', '/v1/commands', {
      headers: bearer(token),
      body: { commands: [spend('c20')], verdicts: [{ id: 'c20', outcome: 'accepted' }] },
    }),
  ),
  attack('the same redemption under another id', 'duplicate-redemption', async () => {
    return give(spend('c21', { redemption: 'r-honest' }));
  }),
];

const port: Attack[] = [
  attack('an order without a signature', 'missing-signature', () =>
    world.send('POST', '/v1/commerce', { body: received('d1', 'mallory', 1000) }),
  ),
  attack('a signature of zeros', 'wrong-signature', () =>
    world.send('POST', '/v1/commerce', {
      headers: { 'souk-signature': `t=${Math.floor(world.clock.now() / 1000)},v1=${'0'.repeat(64)}` },
      body: received('d2', 'mallory', 1000),
    }),
  ),
  attack('a signature with the write key', 'wrong-signature', async () => {
    const body = new TextEncoder().encode(JSON.stringify(received('d3', 'mallory', 1000)));
    const signature = await signWebhook(body, 'pk_test_pk_test_pk', world.clock.now());
    return world.send('POST', '/v1/commerce', { headers: { 'souk-signature': signature }, body });
  }),
  attack('an old message, changed', 'wrong-signature', () =>
    world.send('POST', '/v1/commerce', {
      headers: { 'souk-signature': old.signature },
      body: Buffer.from(old.body).toString().replace('10000', '90000'),
    }),
  ),
  attack('an old message with a new time', 'wrong-signature', () =>
    world.send('POST', '/v1/commerce', {
      headers: { 'souk-signature': old.signature.replace(/t=\d+/, `t=${Math.floor(world.clock.now() / 1000) + 1}`) },
      body: new Uint8Array(old.body),
    }),
  ),
  attack('a message of last year', 'signature-too-old', async () => {
    const body = new TextEncoder().encode(JSON.stringify(received('d4', 'mallory', 1000)));
    const signature = await signWebhook(body, commerceSecret, world.clock.now() - 400_000);
    return world.send('POST', '/v1/commerce', { headers: { 'souk-signature': signature }, body });
  }),
  attack('a message of tomorrow', 'signature-from-future', async () => {
    const body = new TextEncoder().encode(JSON.stringify(received('d5', 'mallory', 1000)));
    const signature = await signWebhook(body, commerceSecret, world.clock.now() + 400_000);
    return world.send('POST', '/v1/commerce', { headers: { 'souk-signature': signature }, body });
  }),
  attack('a known event with another amount', 'event-id-reused', () =>
    world.commerce(received('mine', 'mallory', 900)),
  ),
  attack('the same order under another event', 'duplicate-order', () =>
    world.commerce({ ...received('mine', 'mallory', 100), id: 'event-new' }),
  ),
  attack('an order of minus a thousand', 'out-of-range', () =>
    world.commerce({
      ...received('d6', 'mallory', 1),
      data: { account: 'mallory', order: 'd6', currency: 'GBP', lines: [{ item: 'x', quantity: 1, paid: -100000 }] },
    }),
  ),
  attack('a million million units', 'out-of-range', () =>
    world.commerce({
      ...received('d7', 'mallory', 1),
      data: { account: 'mallory', order: 'd7', currency: 'GBP', lines: [{ item: 'x', quantity: 1e12, paid: 1 }] },
    }),
  ),
  attack('another currency', 'currency-mismatch', () =>
    world.commerce({
      ...received('d8', 'mallory', 1),
      data: { account: 'mallory', order: 'd8', currency: 'JPY', lines: [{ item: 'x', quantity: 1, paid: 100000 }] },
    }),
  ),
  attack('a refund of an order that is not there', 'unknown-order', () =>
    world.commerce({
      id: 'd9',
      type: 'order-refunded',
      data: { account: 'mallory', order: 'none', refund: 'f', lines: [{ line: 0, quantity: 1 }] },
    }),
  ),
  attack('an event that the engine does not know yet', 'unsupported-event', () =>
    world.commerce({ ...received('d10', 'mallory', 1), type: 'review-published' }),
  ),
  attack('an event that nobody knows', 'unknown-event', () =>
    world.commerce({ ...received('d11', 'mallory', 1), type: 'constructor' }),
  ),
  attack('another kind and author in the data', 'unknown-field', () =>
    world.commerce({
      id: 'd12',
      type: 'order-refunded',
      data: { ...redeem('d12', 'mallory', 1), kind: 'due', author: 'clock' },
    }),
  ),
];

const everything = [...identity, ...others, ...commands, ...port];

describe('a lying client', () => {
  beforeAll(async () => {
    const honest = await give(spend('honest'));
    expect(honest.status).toBe(200);
  });

  it.each(everything.map((one) => [one.name, one] as const))('gains nothing by %s', async (_, { code, run }) => {
    const before = await wealth();
    const from = world.log.length;
    await run();
    expect(await wealth()).toBe(before);
    expect(world.log.slice(from).map((entry) => entry.code)).toContain(code);
  });

  it('gains nothing by sending the shop’s own message again: the first verdict is repeated', async () => {
    const before = await wealth();
    const again = await world.send('POST', '/v1/commerce', {
      headers: { 'souk-signature': old.signature },
      body: new Uint8Array(old.body),
    });
    expect(again).toMatchObject({ status: 200, body: { verdict: { outcome: 'accepted' } } });
    expect(await wealth()).toBe(before);
  });

  it('gains nothing by sending own commands again, in another order, or many times at once', async () => {
    const first = await world.commands('mallory', spend('e1'), spend('e2'), spend('e3'));
    const before = await wealth();
    const again = await world.commands('mallory', spend('e3'), spend('e1'), spend('e2'));
    await Promise.all(Array.from({ length: 20 }, () => world.commands('mallory', spend('e2'), spend('e2'))));
    expect(await wealth()).toBe(before);
    expect(again.body.results.map(({ verdict }) => verdict)).toEqual(
      [2, 0, 1].map((index) => first.body.results[index]?.verdict),
    );
  });

  it('cannot take the ids of events and due instants before the shop and the clock use them', async () => {
    const guesses = ['event-later', 'commerce-event-later', 'due-account/mallory'].map((id) => ({ ...spend('x'), id }));
    await world.commands('mallory', ...guesses);
    expect((await world.commerce(received('later', 'mallory', 10))).body.verdict.outcome).toBe('accepted');
  });

  it('is slowed down when it floods, and others are not', async () => {
    const slow = await createWorld(opened.store, { limits: { commandRate: { perSecond: 1, burst: 5 } } });
    const many = await Promise.all(Array.from({ length: 10 }, (_, n) => slow.commands('mallory', spend(`f-${n}`))));
    expect(many.filter(({ status }) => status === 429)).toHaveLength(5);
    expect((await slow.commands('mei', redeem('mei-2', 'mei', 1))).status).toBe(200);
    await slow.close();
  });

  it('leaves no trace of accounts, tokens or addresses in the log', () => {
    const text = JSON.stringify(world.log);
    for (const secret of ['mallory', 'mei', token, token.slice(0, 20), commerceSecret, '10.0.0.']) {
      expect(text.includes(secret), secret).toBe(false);
    }
  });

  it('has left a journal without a fault', async () => {
    expect((await auditJournal(opened.store, 'shop')).faults).toEqual([]);
  });
});
