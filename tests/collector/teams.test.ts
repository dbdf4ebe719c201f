// SPDX-License-Identifier: MIT
// Team purchases through the collector: who gets the last seat, what the shop is asked to do, and what others may see.
import { auditJournal, type Store } from 'souk/collector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countsOf, asked, readTeam, seat, startTeam, stock, teamLife, teamProgram } from './team-world.js';
import { createWorld, openTemporaryStore, type World } from './world.js';

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

const leave = (id: string, account: string, team: string) => ({ kind: 'leave-team', id, account, team });

describe('a team', () => {
  it('forms with its last seat; every order is held and then released, once each', async () => {
    const team = await startTeam(world, 'f1', 'mei');
    await world.commerce(seat('f2', 'lin', { id: team }));
    expect(await countsOf(opened.store, team)).toEqual({ 'hold-fulfilment': 2 });
    await world.commerce(seat('f3', 'ada', { id: team }));
    expect((await readTeam(world, team, 'mei')).body.team).toMatchObject({ phase: 'formed', seatsLeft: 0 });
    expect(await countsOf(opened.store, team)).toEqual({ 'hold-fulfilment': 3, 'release-fulfilment': 3 });
  });

  it('is shown to any member without accounts, payments and orders, and never its facts', async () => {
    const team = await startTeam(world, 'v1', 'viewed');
    const own = (await readTeam(world, team, 'viewed')).body;
    const foreign = (await readTeam(world, team, 'stranger')).body;
    expect(own.team.seats).toEqual([{ position: 1, name: 'И**', initiator: true, own: true }]);
    expect(foreign.team.seats).toMatchObject([{ own: false }]);
    expect(foreign.facts).toBeUndefined();
    expect(JSON.stringify(foreign)).not.toMatch(/viewed|p-v1|o-v1|Ирина/);
  });

  it('refunds whoever pays for a team that is formed or for another price, the whole payment and once', async () => {
    const team = await startTeam(world, 'l1', 'mei');
    await world.commerce(seat('l2', 'eve', { id: team }, { amount: 2000 }));
    await world.commerce(seat('l2', 'eve', { id: team }, { amount: 2000 }));
    const refunds = (await asked(opened.store, team)).filter(({ type }) => type === 'refund');
    expect(refunds).toMatchObject([{ data: { account: 'eve', amount: 2000, reason: 'wrong-amount' } }]);
  });

  it('takes no payment that another account brought before: no seat of another campaign, and no second refund', async () => {
    await world.commerce(stock('pair', 'pair', 10));
    const formed = await startTeam(world, 'p1', 'mei', 'pair');
    await world.commerce(seat('p2', 'lin', { id: formed }));
    const late = await world.commerce(seat('p3', 'ada', { id: formed }));
    expect(late.body.verdict.outcome).toBe('accepted'); // a refund
    const again = (id: string, account: string, team: object, payment: string) =>
      world.commerce(seat(id, account, team, { payment }));
    const answers = [
      await again('p4', 'eve', { id: formed }, 'p-p3'),
      await again('p5', 'eve', { campaign: 'tea' }, 'p-p1'),
      await again('p5', 'eve', { campaign: 'tea' }, 'p-p1'),
      ...(await Promise.all(
        ['bob', 'joe'].map((account) => again(`p6-${account}`, account, { campaign: 'tea' }, 'p-both')),
      )),
    ];
    const codes = answers.map(({ body }) => body.verdict.code ?? body.verdict.outcome);
    expect(codes.slice(0, 3)).toEqual(Array(3).fill('duplicate-payment'));
    expect(codes.slice(3).sort()).toEqual(['accepted', 'duplicate-payment']);
    const refunds = (await asked(opened.store, formed)).filter(({ type }) => type === 'refund');
    expect(refunds).toMatchObject([{ data: { account: 'ada', reason: 'full' } }]);
  });

  it('is handed on when its initiator leaves, who is refunded', async () => {
    const team = await startTeam(world, 'h1', 'mei');
    await world.commerce(seat('h2', 'lin', { id: team }));
    const { body } = await world.commands('mei', leave('leave-1', 'mei', team));
    expect(body.results).toMatchObject([{ verdict: { outcome: 'accepted' } }]);
    expect((await readTeam(world, team, 'lin')).body.team.seats).toMatchObject([{ initiator: true, own: true }]);
    expect((await asked(opened.store, team)).filter(({ type }) => type === 'refund')).toMatchObject([
      { data: { account: 'mei', amount: 3000, reason: 'left' } },
    ]);
  });

  it('is not left by somebody else', async () => {
    const team = await startTeam(world, 'n1', 'mei');
    expect((await world.commands('eve', leave('leave-2', 'mei', team))).status).toBe(403);
    const { body } = await world.commands('eve', leave('leave-3', 'eve', team));
    expect(body.results).toMatchObject([{ verdict: { outcome: 'refused', code: 'not-a-member' } }]);
    expect((await readTeam(world, team, 'mei')).body.team.seats).toHaveLength(1);
  });

  it('is not moved by a page that claims to be the shop', async () => {
    const team = await startTeam(world, 'a1', 'mei');
    const paid = { account: 'eve', order: 'x', payment: 'x', amount: 3000, currency: 'GBP', name: '' };
    const from = world.log.length;
    const { body } = await world.commands(
      'eve',
      { kind: 'start-team', id: 'e1', campaign: 'tea', team: 'mine', ...paid },
      { kind: 'join-team', id: 'e2', team, ...paid },
      { kind: 'stop-team', id: 'e3', account: 'eve', team },
      { kind: 'team-due', id: 'e4', account: 'eve', team },
      { kind: 'set-stock', id: 'e5', account: 'eve', pool: 'tea', onHand: 1e6 },
      { kind: 'pay-order', id: 'e6', account: 'eve', order: 'x' },
    );
    expect(body.results.map(({ error }) => error?.code)).toEqual(Array(6).fill('not-permitted'));
    expect(world.log.slice(from).filter(({ code }) => code === 'not-permitted')).toHaveLength(6);
    expect((await readTeam(world, team, 'eve')).body.team).toMatchObject({ phase: 'forming', seatsLeft: 2 });
  });

  it('fails at its deadline by the timer, over a restart, and a late payment is refunded', async () => {
    const team = await startTeam(world, 'd1', 'mei');
    await world.commerce(seat('d2', 'lin', { id: team }));
    const now = world.clock.now() + teamLife;
    await world.close();
    world = await createWorld(opened.store, { program: teamProgram, start: now });
    await expect.poll(() => countsOf(opened.store, team)).toEqual({ 'hold-fulfilment': 2, refund: 2 });
    expect((await readTeam(world, team, 'mei')).body.team).toMatchObject({ phase: 'failed', seats: [] });
    await world.commerce(seat('d3', 'ada', { id: team }));
    expect((await asked(opened.store, team)).filter(({ data }) => data.account === 'ada')).toMatchObject([
      { type: 'refund', data: { reason: 'late', amount: 3000 } },
    ]);
  });

  it('leaves a journal without a fault', async () => {
    expect((await auditJournal(opened.store, 'shop')).faults).toEqual([]);
  });
});
