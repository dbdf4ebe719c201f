// SPDX-License-Identifier: MIT
// Commands, verdicts, facts and their order, on both stores.
import { load } from 'souk';
import { auditJournal, createTestClock, type Store } from 'souk/collector';
import { openStore } from 'souk/collector/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from './postgres-server.js';
import { createWorld, day, openTemporaryStore, opening, received, redeem, send, type World } from './world.js';

interface Opened {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

let databases = 0;
async function openDatabase(): Promise<Opened & { readonly url: string }> {
  databases += 1;
  const url = await server.createDatabase(`commands_${databases}`);
  const store = await openStore({ databaseUrl: url });
  return { store, url, close: () => store.close() };
}

describe.each([
  ['PGlite', openTemporaryStore],
  ['PostgreSQL', openDatabase],
])('a collector on %s', (_, open) => {
  let opened: Opened;
  let world: World;
  beforeAll(async () => {
    opened = await open();
    world = await createWorld(opened.store);
  });
  afterAll(async () => {
    await world.close();
    await opened.close();
  });

  it('decides what the shop tells and what members ask, and answers with the facts', async () => {
    expect(await world.commerce(received('o1', 'mei', 100))).toMatchObject({
      status: 200,
      body: { verdict: { outcome: 'accepted', seqs: [{ stream: 'account/mei', first: 1 }] } },
    });
    const { body } = await world.commands('mei', redeem('c1', 'mei', 30), redeem('c2', 'mei', 90));
    expect(body.results).toMatchObject([
      { id: 'c1', verdict: { id: 'c1', outcome: 'accepted' } },
      { id: 'c2', verdict: { id: 'c2', outcome: 'refused', code: 'insufficient-points' } },
    ]);
    expect(body.facts['account/mei']).toMatchObject([
      { kind: 'points-redeemed', command: 'c1', at: world.clock.now() },
    ]);
  });

  it('gives the first verdict again, with its facts, for ever and after a restart', async () => {
    await world.commerce(received('o2', 'lin', 100));
    const first = await world.commands('lin', redeem('c10', 'lin', 40));
    world.clock.advance(day);
    const again = await world.commands('lin', redeem('c10', 'lin', 40));
    expect(again.body.results).toEqual(first.body.results);
    expect(again.body.facts).toEqual(first.body.facts);
    await world.close();
    world = await createWorld(opened.store);
    expect((await world.commands('lin', redeem('c10', 'lin', 40))).body.results).toEqual(first.body.results);
  });

  it('keeps a refusal too: what was refused once is not accepted later under the same id', async () => {
    const first = await world.commands('ada', redeem('c20', 'ada', 40));
    await world.commerce(received('o3', 'ada', 100));
    expect((await world.commands('ada', redeem('c20', 'ada', 40))).body.results).toEqual(first.body.results);
  });

  it('refuses an id with another body, even in the same request', async () => {
    const { body } = await world.commands('ada', redeem('c21', 'ada', 1), { ...redeem('c21', 'ada', 2) });
    expect(body.results).toMatchObject([
      { verdict: { outcome: 'accepted' } },
      { error: { code: 'command-id-reused' } },
    ]);
  });

  it('records nothing for a command that cannot be read, and says where it is wrong', async () => {
    const { body } = await world.commands('ada', { ...redeem('c22', 'ada', 1), points: -5 });
    expect(body.results).toMatchObject([{ id: 'c22', error: { path: '/points' } }]);
    expect((await world.commands('ada', redeem('c22', 'ada', 1))).body.results).toMatchObject([
      { verdict: { outcome: 'accepted' } },
    ]);
  });

  it('never lets the instants of a stream run backwards, whatever the clock does', async () => {
    await world.commerce(received('o4', 'eve', 100));
    const before = world.clock.now();
    world.clock.advance(-5000);
    const { body } = await world.commands('eve', redeem('c30', 'eve', 1));
    world.clock.advance(5000);
    expect(body.facts['account/eve']).toMatchObject([{ at: before }]);
  });

  it('lets one of 20 redeems of one balance win, though four collectors decide at once', async () => {
    await world.commerce(received('o5', 'sam', 100));
    const others = await Promise.all([1, 2, 3].map(() => createWorld(opened.store)));
    const all = [world, ...others];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (all[n % 4] ?? world).commands('sam', redeem(`race-${n}`, 'sam', 100))),
    );
    const outcomes = answers.map((answer) => answer.body.results[0]?.verdict?.outcome);
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(19);
    await Promise.all(others.map((other) => other.close()));
  });

  it('gives the same command, sent 20 times at once to four collectors, one effect and one verdict', async () => {
    await world.commerce(received('o6', 'kim', 100));
    const others = await Promise.all([1, 2, 3].map(() => createWorld(opened.store)));
    const all = [world, ...others];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (all[n % 4] ?? world).commands('kim', redeem('same', 'kim', 5))),
    );
    const results = new Set(answers.map((answer) => JSON.stringify(answer.body.results)));
    expect(results.size).toBe(1);
    expect([...results][0]).toContain('"accepted"');
    const facts = await opened.store.query(
      "select seq from souk.facts where stream = 'account/kim' and body like '%points-redeemed%'",
    );
    expect(facts).toHaveLength(1);
    await Promise.all(others.map((other) => other.close()));
  });

  it('decides on what other collectors have appended meanwhile', async () => {
    const other = await createWorld(opened.store);
    expect((await world.commands('zoe', redeem('z1', 'zoe', 50))).body.results[0]?.verdict?.outcome).toBe('refused');
    await other.commerce(received('o9', 'zoe', 50));
    expect((await world.commands('zoe', redeem('z2', 'zoe', 50))).body.results[0]?.verdict?.outcome).toBe('accepted');
    expect((await other.commands('zoe', redeem('z3', 'zoe', 50))).body.results[0]?.verdict?.outcome).toBe('refused');
    await other.close();
  });

  it('forgets what it decided when the commit fails, and decides the same command anew', async () => {
    let failures = 0;
    const failing: Store = {
      ...opened.store,
      transaction: (work) =>
        opened.store.transaction(async (sql) => {
          const result = await work(sql);
          failures -= 1;
          if (failures >= 0) throw new Error('the line to the database broke');
          return result;
        }),
    };
    const shaky = await createWorld(failing);
    await shaky.commerce(received('o10', 'pat', 50));
    failures = 1;
    const lost = await shaky.commands('pat', redeem('p1', 'pat', 50));
    expect([lost.status, lost.headers.get('retry-after'), lost.body.error.code]).toEqual([503, '1', 'unavailable']);
    expect((await shaky.commands('pat', redeem('p2', 'pat', 50))).body.results[0]?.verdict?.outcome).toBe('accepted');
    expect((await shaky.commands('pat', redeem('p1', 'pat', 50))).body.results[0]?.verdict?.outcome).toBe('refused');
    await shaky.close();
  });

  it('goes on with a fresh engine when the old one has grown, and with few streams open', async () => {
    const small = await createWorld(opened.store, { limits: { engineBytes: 1, openStreams: 1 } });
    for (const account of ['tim', 'tom', 'tim', 'tom']) {
      const id = `${account}-${crypto.randomUUID().slice(0, 8)}`;
      await small.commerce(received(id, account, 10));
      expect((await small.commands(account, redeem(id, account, 10))).body.results[0]?.verdict?.outcome).toBe(
        'accepted',
      );
    }
    await small.close();
  });

  it('gives due commands when their instant comes, also after a restart and also to several collectors', async () => {
    await world.commerce(received('o7', 'joy', 100));
    await world.close();
    world = await createWorld(opened.store);
    const second = await createWorld(opened.store);
    for (const one of [world, second]) one.clock.set(opening + 60 * day);
    await expect
      .poll(async () =>
        opened.store.query(
          "select body::json->>'kind' as kind from souk.facts where stream = 'account/joy' order by seq",
        ),
      )
      .toEqual(expect.arrayContaining([{ kind: 'time-passed' }]));
    await second.close();
    const [row] = await opened.store.query<{ due: number | null }>(
      "select next_due as due from souk.streams where stream = 'account/joy'",
    );
    expect(row?.due ?? Infinity).toBeGreaterThan(world.clock.now());
  });

  it('answers a long stream with a snapshot that the engine restores, and the facts behind it', async () => {
    const start = opening + 61 * day;
    const long = await createWorld(opened.store, { start, limits: { commandRate: { perSecond: 1e6, burst: 1e6 } } });
    await long.commerce(received('o8', 'bob', 10_000));
    for (let n = 0; n < 6; n += 1) {
      await long.commands('bob', ...Array.from({ length: 50 }, (_, m) => redeem(`b-${n}-${m}`, 'bob', 1)));
    }
    const headers = { authorization: `Bearer ${await long.token('bob')}` };
    interface StreamAnswer {
      readonly seq: number;
      readonly facts: never[];
      readonly snapshot: string;
    }
    const { body } = await long.send<StreamAnswer>('GET', '/v1/streams/account/bob', { headers });
    const whole = await long.send<StreamAnswer>('GET', '/v1/streams/account/bob?after=0', { headers });
    const engine = await (await load()).createEngine();
    const { handle } = engine.restore(Buffer.from(body.snapshot, 'base64'));
    engine.evolve({ handle, facts: body.facts });
    const other = await (await load()).createEngine();
    const full = other.openStream({ stream: 'account/bob' });
    other.evolve({ handle: full.handle, facts: whole.body.facts });
    expect(whole.body.seq).toBe(body.seq);
    expect(engine.digest({ handle })).toEqual(other.digest({ handle: full.handle }));
    await long.close();
    // A collector that starts now begins at the snapshot too.
    const restarted = await createWorld(opened.store, { start });
    expect((await restarted.commands('bob', redeem('b-last', 'bob', 1))).body.results).toMatchObject([
      { verdict: { outcome: 'accepted' } },
    ]);
    await restarted.close();
  });

  it('tells members their verdicts, and nobody those of others', async () => {
    const ask = async (account: string) =>
      world.send('GET', '/v1/verdicts?ids=c1,c2,nothing', {
        headers: { authorization: `Bearer ${await world.token(account)}` },
      });
    world.clock.set(opening + 2 * day);
    expect((await ask('mei')).body).toMatchObject({ verdicts: [{ id: 'c1' }, { id: 'c2' }] });
    expect((await ask('lin')).body).toMatchObject({ verdicts: [] });
  });

  it('has a journal that folds, chains and agrees with every verdict', async () => {
    const audit = await auditJournal(opened.store, 'shop');
    expect(audit.faults).toEqual([]);
    expect(audit.facts).toBeGreaterThan(300);
  });

  it('names the place where somebody changed the journal', async () => {
    await opened.store.query(
      `update souk.facts set body = replace(body, '"points":30', '"points":29') where stream = 'account/mei'`,
    );
    const audit = await auditJournal(opened.store, 'shop').catch((error: unknown) => ({ faults: [String(error)] }));
    expect(audit.faults.join()).toMatch(/chain of account\/mei is broken/);
  });
});

describe('a database', () => {
  it('of a newer collector is refused', async () => {
    const { store, close } = await openDatabase();
    await (await createWorld(store)).close();
    await store.query('insert into souk.schema_version (version) values (999)');
    await expect(createWorld(store)).rejects.toThrow(/newer Souk/);
    await close();
  });

  it('is made ready once by eight collectors that start together', async () => {
    const { url, close } = await openDatabase();
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore({ databaseUrl: url })));
    const worlds = await Promise.all(stores.map((store) => createWorld(store)));
    const applied =
      (await stores[0]?.query<{ version: number }>('select version from souk.schema_version order by 1')) ?? [];
    expect(applied.length).toBeGreaterThan(2);
    expect(applied.map(({ version }) => version)).toEqual(applied.map((_, index) => index + 1));
    await Promise.all(worlds.map((world) => world.close()));
    await Promise.all(stores.map((store) => store.close()));
    await close();
  });

  it('keeps two shops apart', async () => {
    const { store, close } = await openDatabase();
    const [one, two] = [await createWorld(store), await createWorld(store, { tenant: 'other' })];
    await one.commerce(received('o1', 'mei', 100));
    expect((await two.commerce(received('o1', 'mei', 50))).body.verdict.outcome).toBe('accepted');
    expect(
      await send(two.collector, 'GET', '/v1/streams/account/mei', {
        headers: { authorization: `Bearer ${await one.token('mei')}` },
      }),
    ).toMatchObject({ status: 401 });
    await Promise.all([one.close(), two.close()]);
    await close();
  });
});

describe('a test clock', () => {
  it('is refused in production', () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      expect(() => createTestClock(0)).toThrow(/production/);
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });
});
