// SPDX-License-Identifier: MIT
// Decided commands as a shop grows: by number of accounts, and by facts of one account. On PostgreSQL.
//
// The accounts that act have histories made by commands. The others only lie there: copies of one account's rows, made by SQL, with their own
// names in them and without chains of their own. Nothing reads them; the tables and indexes are as big as if they were real.
import { join } from 'node:path';
import { openStore } from 'souk/collector/node';
import { createKeySet, generateMemberKey, issueMemberToken, publicKeyOf, signWebhook } from 'souk/server';
import { load, post, root, secret, start, unlimited } from './load.mjs';

/** Accounts that give commands. */
const active = 500;
const lengths = [10, 1000, 10_000];
const seed = 'seed-account';

const copies = [
  `insert into souk.streams (tenant, stream, seq, head, at, next_due)
   select tenant, 'account/a' || n, seq, head, at, next_due from souk.streams, generate_series($1::int, $2::int) n where stream = 'account/${seed}'`,
  `insert into souk.facts (tenant, stream, seq, at, body, hash)
   select tenant, 'account/a' || n, seq, at, replace(body, '${seed}', 'a' || n), hash from souk.facts, generate_series($1::int, $2::int) n
   where stream = 'account/${seed}'`,
  `insert into souk.verdicts (tenant, id, account, body_hash, verdict, at)
   select tenant, id || '-' || n, 'a' || n, body_hash, verdict, at from souk.verdicts, generate_series($1::int, $2::int) n where account = '${seed}'`,
];

/** A collector on a database, and the ways to speak to it. */
async function open(databaseUrl, { program, received, redeem }) {
  const key = await generateMemberKey('k1', 'ed25519');
  const keys = await createKeySet([key]);
  const limits = { commandRate: unlimited, eventRate: unlimited, waitingCommands: 1e6 };
  const shop = { tenant: 'shop', program, memberKeys: [publicKeyOf(key)], commerceSecrets: [secret], limits };
  const script = join(root, 'tests/collector/collector-process.mjs');
  const { url, stop } = await start(script, 'SOUK_TEST_COLLECTOR', { place: { databaseUrl }, options: shop });
  const token = (account) => issueMemberToken({ tenant: 'shop', account, keys, expiresInSeconds: 3600 });
  return {
    stop,
    token,
    async earn(account) {
      const body = Buffer.from(JSON.stringify(received(`o-${account}`, account, 10_000_000)));
      await post(`${url}/v1/commerce`, { 'souk-signature': await signWebhook(body, secret) }, body);
    },
    give(account, bearer, ids) {
      const commands = ids.map((id) => redeem(id, account, 1));
      return post(`${url}/v1/commands`, { authorization: `Bearer ${bearer}` }, JSON.stringify({ commands }));
    },
  };
}

async function copyAccounts(databaseUrl, from, to) {
  const store = await openStore({ databaseUrl });
  for (const statement of copies) await store.query(statement, [from, to]);
  await store.query('vacuum analyze');
  await store.close();
}

async function byAccounts(databaseUrl, sizes, shop) {
  const accounts = Array.from({ length: active }, (_, n) => `b${n}`);
  const first = await open(databaseUrl, shop);
  for (const account of [seed, ...accounts]) await first.earn(account);
  await first.stop();
  let copied = 0;
  for (const size of sizes) {
    await copyAccounts(databaseUrl, copied + 1, size - active - 1);
    copied = size - active - 1;
    const { stop, token, give } = await open(databaseUrl, shop);
    const tokens = await Promise.all(accounts.map(token));
    const { rate, p50, p99 } = await load(1, (n) => give(accounts[n % active], tokens[n % active], [`g-${size}-${n}`]));
    console.log(
      `${size} accounts, ${active} of them active: ${rate} commands/s at 1 a request, p50 ${p50} ms, p99 ${p99} ms`,
    );
    await stop();
  }
}

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1].toFixed(1);

async function timed(run) {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

async function byLength(databaseUrl, shop) {
  let given = 0;
  const ids = (count) => Array.from({ length: count }, () => `l-${(given += 1)}`);
  const maker = await open(databaseUrl, shop);
  await maker.earn('long');
  await maker.stop();
  for (const length of lengths) {
    let collector = await open(databaseUrl, shop);
    const bearer = await collector.token('long');
    while (given < length) await collector.give('long', bearer, ids(Math.min(50, length - given)));
    await collector.stop();
    collector = await open(databaseUrl, shop);
    const again = await collector.token('long');
    const cold = await timed(() => collector.give('long', again, ids(1)));
    const times = [];
    for (let n = 0; n < 50; n += 1) times.push(await timed(() => collector.give('long', again, ids(1))));
    console.log(
      `${length} facts of one account: first command after a start ${cold.toFixed(1)} ms, then one after the other ${median(times)} ms each`,
    );
    await collector.stop();
  }
}

/** Measures and prints both. */
export async function runGrowth(startPostgres, shop) {
  const given = process.argv
    .slice(process.argv.indexOf('--growth') + 1)
    .flatMap((text) => /^10\^(\d)$/.exec(text)?.[1] ?? []);
  const sizes = given.length > 0 ? given.map((power) => 10 ** Number(power)) : [1e3, 1e5, 1e6];
  const server = await startPostgres();
  await byAccounts(await server.createDatabase('accounts'), sizes, shop);
  await byLength(await server.createDatabase('length'), shop);
  await server.stop();
}
