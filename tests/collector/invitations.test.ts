// SPDX-License-Identifier: MIT
// Invitations through the collector: codes, inviters, rewards and their reversal.
import type { Store } from 'souk/collector';
import { createKeySet, issueMemberToken } from 'souk/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seat, startTeam, teamProgram } from './team-world.js';
import { type CommandsAnswer, createWorld, day, openTemporaryStore, received, type World } from './world.js';

let opened: { readonly store: Store; readonly close: () => Promise<void> };
let world: World;
beforeAll(async () => {
  opened = await openTemporaryStore();
  world = await createWorld(opened.store, { program: teamProgram });
});
afterAll(async () => {
  await world.close();
  await opened.close();
});

/** A member's code; asked for again, the same. */
async function codeOf(account: string): Promise<string> {
  const ask = { kind: 'make-referral-code', id: `code-${account}`, account };
  const { body } = await world.commands(account, ask);
  const [fact] = body.facts[`account/${account}`] ?? [];
  return fact?.kind === 'code-made' ? fact.code : '';
}

const accept = (account: string, code: string, more: object = {}) => ({
  ...{ kind: 'accept-invitation', id: `accept-${account}-${code}`, account, code },
  ...more,
});

const kinds = async (account: string) =>
  (
    await opened.store.query<{ kind: string }>(
      "select body::json->>'kind' as kind from souk.facts where stream = $1 order by seq",
      [`account/${account}`],
    )
  ).map(({ kind }) => kind);

describe('an invitation', () => {
  it('has a code that the collector draws, the same for the same request', async () => {
    const code = await codeOf('mei');
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{11}$/);
    expect(await codeOf('mei')).toBe(code);
    expect(await codeOf('ada')).not.toBe(code);
  });

  it('rewards both when the first order is received, and neither when it is refunded', async () => {
    const code = (await codeOf('mei')).toLowerCase();
    const { body } = await world.commands('lin', accept('lin', code));
    expect(body.results).toMatchObject([{ verdict: { outcome: 'accepted' } }]);
    expect(JSON.stringify(body.results)).not.toContain('mei');
    await world.commerce(received('i1', 'lin', 50));
    expect(await kinds('lin')).toEqual(expect.arrayContaining(['invitation-settled', 'points-granted']));
    expect(await kinds('mei')).toEqual(expect.arrayContaining(['invitee-settled', 'points-granted']));
    const spend = (id: string) => ({ kind: 'redeem-points', id, account: 'mei', redemption: id, points: 50 });
    expect((await world.commands('mei', spend('early'))).body.results[0]?.verdict?.outcome).toBe('refused');
    const lines = [{ line: 0, quantity: 1 }];
    const data = { account: 'lin', order: 'i1', refund: 'r1', lines };
    await world.commerce({ id: 'refund-i1', type: 'order-refunded', data });
    expect(await kinds('lin')).toContain('grant-reversed');
    expect(await kinds('mei')).toContain('grant-reversed');
  });

  it('lets the reward be spent once its hold has ended', async () => {
    await world.commands('zoe', accept('zoe', await codeOf('mei')));
    await world.commerce(received('i2', 'zoe', 50));
    world.clock.advance(9 * day);
    const spend = { kind: 'redeem-points', id: 'late', account: 'mei', redemption: 'late', points: 50 };
    expect((await world.commands('mei', spend)).body.results[0]?.verdict?.outcome).toBe('accepted');
  });

  it('takes no inviter, device or random value from the page, and names the claim in the log', async () => {
    const from = world.log.length;
    const claims = { inviter: 'eve', sameDevice: false };
    await world.commands('kim', accept('kim', await codeOf('ada'), claims));
    await world.commands('kim', { kind: 'make-referral-code', id: 'mine', account: 'kim', random: 7 });
    const codes = world.log.slice(from).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['claimed-inviter', 'claimed-device', 'claimed-random']));
    expect(await kinds('ada')).toContain('invitee-accepted');
    expect(await kinds('eve')).toEqual([]);
  });

  it('is refused with a code that nobody has, with the own one, and to who has bought before', async () => {
    const outcome = async (account: string, code: string) =>
      (await world.commands(account, accept(account, code))).body.results[0]?.verdict?.code;
    expect(await outcome('pat', '00000000000')).toBe('unknown-code');
    expect(await outcome('pat', 'hello')).toBe('invalid-code');
    expect(await outcome('mei', await codeOf('mei'))).toBe('self-invitation');
    await world.commerce({ id: 'paid-bob', type: 'order-paid', data: { account: 'bob', order: 'b1' } });
    expect(await outcome('bob', await codeOf('mei'))).toBe('not-a-new-customer');
    await world.commerce(seat('tim', 'tim', { id: await startTeam(world, 'any', 'any') }));
  });

  it('knows when both were seen on one device', async () => {
    const keys = await createKeySet([world.key]);
    const on = async (account: string, command: object) => {
      const claims = { tenant: 'shop', account, keys, now: world.clock.now(), anonymous: 'device-1' };
      const headers = { authorization: `Bearer ${await issueMemberToken(claims)}` };
      return world.send<CommandsAnswer>('POST', '/v1/commands', { headers, body: { commands: [command] } });
    };
    await on('ada', { kind: 'redeem-points', id: 'seen', account: 'ada', redemption: 'seen', points: 1 });
    const { body } = await on('twin', accept('twin', await codeOf('ada')));
    expect(body.facts['account/twin']).toMatchObject([{ invitation: { sameDevice: true } }]);
  });

  it('draws another code when somebody has it already', async () => {
    const real = crypto.getRandomValues.bind(crypto);
    let draws = 0;
    const spy = vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      if (!(array instanceof Uint32Array)) return real(array);
      draws += 1;
      return draws <= 6 ? (array.fill(7), array) : real(array);
    });
    const codes = [await codeOf('first'), await codeOf('second')];
    spy.mockRestore();
    expect(new Set(codes).size).toBe(2);
    expect(codes.every((code) => code.length === 11)).toBe(true);
  });
});
