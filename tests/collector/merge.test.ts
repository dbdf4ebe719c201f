// SPDX-License-Identifier: MIT
// Who is who, through the collector: the shop merges accounts and links devices, and nobody else does.
import { auditJournal, type Store } from 'souk/collector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seat, startTeam, stock, teamProgram } from './team-world.js';
import { createWorld, openTemporaryStore, received, redeem, type World } from './world.js';

let opened: { readonly store: Store; readonly close: () => Promise<void> };
let world: World;
beforeAll(async () => {
  opened = await openTemporaryStore();
  world = await createWorld(opened.store, { program: teamProgram });
  await world.commerce(stock('tea', 'tea', 100));
});
afterAll(async () => {
  await world.close();
  await opened.close();
});

const event = (id: string, type: string, data: object) => world.commerce({ id, type, data });
const merge = (id: string, account: string, from: string) => event(id, 'merge-accounts', { account, from });
const codeOf = async (account: string): Promise<string> => {
  const ask = { kind: 'make-referral-code', id: `code-${account}`, account };
  const [fact] = (await world.commands(account, ask)).body.facts[`account/${account}`] ?? [];
  return fact?.kind === 'code-made' ? fact.code : '';
};
const factsOf = async (account: string) => {
  const headers = { authorization: `Bearer ${await world.token(account)}` };
  const path = `/v1/streams/account/${account}?after=0`;
  return (await world.send<{ readonly facts: readonly { readonly kind: string }[] }>('GET', path, { headers })).body
    .facts;
};

describe('a merge of accounts', () => {
  it('gives all points to the account that stays, which spends them', async () => {
    await world.commerce(received('m1', 'phone', 60));
    await world.commerce(received('m2', 'mail', 50));
    expect((await merge('m', 'mail', 'phone')).body.verdict).toMatchObject({
      outcome: 'accepted',
      seqs: [{ stream: 'account/mail' }, { stream: 'account/phone' }],
    });
    const spent = await world.commands('mail', redeem('all', 'mail', 110));
    expect(spent.body.results).toMatchObject([{ verdict: { outcome: 'accepted' } }]);
  });

  it('is made once, and told again', async () => {
    const again = await merge('m', 'mail', 'phone');
    expect(again.body.verdict.outcome).toBe('accepted');
    expect((await merge('m', 'mail', 'other')).body.error.code).toBe('event-id-reused');
    expect((await merge('m-again', 'mail', 'phone')).body.verdict.code).toBe('account-merged');
    expect((await merge('m-self', 'mail', 'mail')).body.verdict.code).toBe('merge-with-itself');
  });

  it('answers every command of the ended account with who stays, and old ones with their first verdict', async () => {
    const { body } = await world.commands('phone', redeem('gone', 'phone', 1));
    expect(body.results).toMatchObject([{ verdict: { outcome: 'refused', code: 'account-merged' } }]);
    expect(body.results[0]?.verdict?.message).toContain('mail');
    expect((await factsOf('phone')).at(-1)).toMatchObject({ kind: 'account-merged-into', merged: { into: 'mail' } });
    expect((await world.commerce(received('m3', 'phone', 10))).body.verdict.code).toBe('account-merged');
    expect((await world.commerce(received('m1', 'phone', 60))).body.verdict.outcome).toBe('accepted');
  });

  it('lets the orders of the ended account be refunded on the one that stays', async () => {
    const lines = [{ line: 0, quantity: 1 }];
    const refund = { account: 'mail', order: 'm1', refund: 'back', lines };
    expect((await event('refund-m1', 'order-refunded', refund)).body.verdict.outcome).toBe('accepted');
  });

  it('waits for a team that still forms, which the shop may stop', async () => {
    const team = await startTeam(world, 's1', 'seated');
    expect((await merge('m-seat', 'mail', 'seated')).body.verdict.code).toBe('merge-while-team-open');
    expect((await event('stop-1', 'stop-team', { team })).body.verdict.outcome).toBe('accepted');
    expect((await merge('m-seat-2', 'mail', 'seated')).body.verdict.outcome).toBe('accepted');
    const late = await world.commerce(seat('s2', 'seated', { id: team }));
    expect(late.body.verdict.code).toBe('account-merged');
  });

  it('keeps old invitation codes good: they invite to the account that stays', async () => {
    const code = await codeOf('inviter');
    await codeOf('head');
    await merge('m-code', 'head', 'inviter');
    const accept = { kind: 'accept-invitation', id: 'accept', account: 'guest', code };
    expect((await world.commands('guest', accept)).body.results).toMatchObject([{ verdict: { outcome: 'accepted' } }]);
    await world.commerce(received('g1', 'guest', 20));
    expect((await factsOf('head')).map(({ kind }) => kind)).toContain('points-granted');
    const own = await world.commands('head', { ...accept, id: 'own', account: 'head' });
    expect(own.body.results).toMatchObject([{ verdict: { code: 'self-invitation' } }]);
  });

  it('is not made by a page, nor is a link, a grant or a hold', async () => {
    const { body } = await world.commands(
      'eve',
      { kind: 'merge-accounts', id: 'e1', account: 'eve', from: 'mail' },
      { kind: 'link-anonymous', id: 'e2', account: 'eve', anonymous: 'device' },
      { kind: 'grant-points', id: 'e3', account: 'eve', grant: 'g', reason: 'r', points: 1 },
      { kind: 'reverse-grant', id: 'e4', account: 'eve', grant: 'g' },
      { kind: 'hold-stock', id: 'e5', account: 'eve', pool: 'tea', hold: 'h', owner: 'eve', units: 1 },
    );
    expect(body.results.map(({ error }) => error?.code)).toEqual(Array(5).fill('not-permitted'));
    const forged = await world.send('POST', '/v1/commerce', {
      headers: { 'souk-signature': `t=${Math.floor(world.clock.now() / 1000)},v1=${'0'.repeat(64)}` },
      body: { id: 'f', type: 'merge-accounts', data: { account: 'eve', from: 'mail' } },
    });
    expect(forged.status).toBe(401);
  });

  it('decides at once as one of two when both accounts are merged into each other at one time', async () => {
    await Promise.all([world.commerce(received('x1', 'left', 10)), world.commerce(received('x2', 'right', 20))]);
    const verdicts = await Promise.all([merge('x-1', 'left', 'right'), merge('x-2', 'right', 'left')]);
    const outcomes = verdicts.map(({ body }) => body.verdict.outcome).sort();
    expect(outcomes).toEqual(['accepted', 'refused']);
    const [stays] = verdicts.flatMap(({ body }, index) =>
      body.verdict.outcome === 'accepted' ? [['left', 'right'][index] as string] : [],
    );
    const { body } = await world.commands(stays as string, redeem('x', stays as string, 30));
    expect(body.results).toMatchObject([{ verdict: { outcome: 'accepted' } }]);
  });
});

describe('the commerce port', () => {
  it('links a device once', async () => {
    const link = (id: string) => event(id, 'link-anonymous', { account: 'linked', anonymous: 'device-1' });
    expect((await link('l1')).body.verdict.outcome).toBe('accepted');
    expect((await link('l1')).body.verdict.outcome).toBe('accepted');
    expect((await link('l2')).body.verdict.code).toBe('already-linked');
  });

  it('grants points and takes them back', async () => {
    const grant = { account: 'granted', grant: 'sorry', reason: 'apology', points: 5 };
    expect((await event('p1', 'grant-points', grant)).body.verdict.outcome).toBe('accepted');
    const back = { account: 'granted', grant: 'sorry' };
    expect((await event('p2', 'reverse-grant', back)).body.verdict.outcome).toBe('accepted');
    expect((await event('p3', 'reverse-grant', back)).body.verdict.code).toBe('unknown-grant');
  });

  it('holds, releases and commits stock', async () => {
    await world.commerce(stock('shelf', 'shelf', 3));
    const hold = (id: string) =>
      event(`hold-${id}`, 'hold-stock', { pool: 'shelf', hold: id, owner: 'till', units: 2 });
    expect((await hold('h1')).body.verdict.outcome).toBe('accepted');
    expect((await hold('h2')).body.verdict.code).toBe('insufficient-stock');
    expect((await event('r1', 'release-stock', { pool: 'shelf', hold: 'h1' })).body.verdict.outcome).toBe('accepted');
    expect((await hold('h3')).body.verdict.outcome).toBe('accepted');
    expect((await event('c1', 'commit-stock', { pool: 'shelf', hold: 'h3' })).body.verdict.outcome).toBe('accepted');
  });

  it('says which member an event lacks', async () => {
    expect((await event('w1', 'merge-accounts', { from: 'mail' })).body.error.path).toBe('/data/account');
    expect((await event('w2', 'stop-team', { account: 'mail' })).body.error.path).toBe('/data/team');
    expect((await event('w3', 'merge-accounts', { account: 'mail' })).body.error.code).toBe('missing-field');
    expect((await event('w4', 'merge-accounts', { account: 'mail', from: 'a/b' })).body.error.code).toBe('invalid-id');
  });

  it('leaves a journal without a fault, and another collector sees the same', async () => {
    const first = await auditJournal(opened.store, 'shop');
    expect(first.faults).toEqual([]);
    await world.close();
    world = await createWorld(opened.store, { program: teamProgram, start: world.clock.now() });
    const { body } = await world.commands('phone', redeem('later', 'phone', 1));
    expect(body.results).toMatchObject([{ verdict: { code: 'account-merged' } }]);
  });
});
