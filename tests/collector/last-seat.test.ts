// SPDX-License-Identifier: MIT
// The last seat: many pay for it at once, through several collectors on one PostgreSQL. SOUK_ROUNDS sets how often (default 20).
import { auditJournal, type Store } from 'souk/collector';
import { openStore } from 'souk/collector/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from './postgres-server.js';
import { asked, seat, startTeam, stock, teamProgram } from './team-world.js';
import { createWorld, type World } from './world.js';

const rounds = Number(process.env['SOUK_ROUNDS'] ?? 20);
const payers = 50;

let server: PostgresServer;
let stores: Store[];
let worlds: World[];
beforeAll(async () => {
  server = await startPostgres('fsync=off');
  const url = await server.createDatabase('seats');
  stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ databaseUrl: url })));
  worlds = await Promise.all(stores.map((store) => createWorld(store, { program: teamProgram })));
});
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.close()));
  await Promise.all(stores.map((store) => store.close()));
  await server.stop();
});

async function soldUnits(store: Store): Promise<number> {
  const rows = await store.query<{ body: string }>("select body from souk.facts where stream = 'pool/pair'");
  return rows.filter(({ body }) => /"kind":"hold-ended"/.test(body) && /"end":"committed"/.test(body)).length;
}

async function play(round: number): Promise<void> {
  const [world] = worlds as [World];
  const [store] = stores as [Store];
  const before = await soldUnits(store);
  const team = await startTeam(world, `${round}-first`, `a-${round}-first`, 'pair');
  const answers = await Promise.all(
    Array.from({ length: payers }, (_, n) =>
      (worlds[n % 4] ?? world).commerce(seat(`${round}-${n}`, `a-${round}-${n}`, { id: team })),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const messages = await asked(store, team);
  const of = (type: string) => messages.filter((message) => message.type === type);
  const refunds = of('refund');
  expect([of('hold-fulfilment').length, of('release-fulfilment').length, refunds.length]).toEqual([2, 2, payers - 1]);
  expect(refunds.reduce((sum, { data }) => sum + (data.amount ?? 0), 0)).toBe((payers - 1) * 3000);
  expect(new Set(messages.map(({ type, data }) => `${type} ${data.account}`)).size).toBe(messages.length);
  expect((await soldUnits(store)) - before).toBe(2);
}

describe('the last seat of a team', () => {
  it(`goes to one of ${payers} who pay at once, and ${payers - 1} are refunded, in each of ${rounds} rounds`, async () => {
    await worlds[0]?.commerce(stock('pair', 'pair', 2 * rounds));
    const started = performance.now();
    for (let round = 0; round < rounds; round += 1) await play(round);
    console.log(`${rounds} rounds: ${Math.round(performance.now() - started)} ms`);
  }, 3_600_000);

  it('leaves a journal without a fault', async () => {
    expect((await auditJournal(stores[0] as Store, 'shop')).faults).toEqual([]);
  });
});
