// SPDX-License-Identifier: MIT
// Decided commands and behaviour events a second, on PGlite and on a PostgreSQL server of its own, beside a bare node:http + SQLite collector
// that checks nothing, all in one run with the load generator on the same machine.
//
//   node tests/bench/collector.mjs [--seconds N]     after `npm run build --workspace web`; nothing else should run meanwhile
//   node tests/bench/collector.mjs --growth [10^3 10^5 …]   instead: commands a second by number of accounts and by length of a journal
//
// SQLite comes as the npm package libsql (prebuilt, its synchronous interface), installed into build/bench/peer on the first run.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeySet, generateMemberKey, issueMemberToken, publicKeyOf, signWebhook } from 'souk/server';
import { connections, importTest, load, post, root, seconds, secret, start, unlimited, work } from './load.mjs';

const members = 200;
const batchSize = 20;

const { startPostgres } = await importTest('postgres-server');
const { program, received, redeem } = await importTest('world');

if (process.argv.includes('--growth')) {
  const { runGrowth } = await import('./growth.mjs');
  await runGrowth(startPostgres, { program, received, redeem });
  process.exit(0);
}

// --- Load -----------------------------------------------------------------------------------------------------------------------------------

const event = (n) => ({
  type: 'track',
  event: 'Product Viewed',
  messageId: `m-${n}-${Math.random().toString(36).slice(2)}`,
  anonymousId: `a-${n % 1000}`,
  properties: { product_id: '85123A', price: 18.99, url: 'https://shop.example/products/85123A' },
  context: { page: { path: '/products/85123A', title: 'White hanging heart' } },
});
const batch = (n) =>
  JSON.stringify({ writeKey: 'pk', batch: Array.from({ length: batchSize }, (_, i) => event(n * batchSize + i)) });

// --- Subjects -------------------------------------------------------------------------------------------------------------------------------

async function measureCollector(name, place) {
  const key = await generateMemberKey('k1', 'ed25519');
  const keys = await createKeySet([key]);
  const options = {
    ...{ tenant: 'shop', program, memberKeys: [publicKeyOf(key)], commerceSecrets: [secret], writeKeys: ['pk'] },
    limits: { commandRate: unlimited, eventRate: unlimited, waitingCommands: 1e6 },
  };
  const script = join(root, 'tests/collector/collector-process.mjs');
  const { url, stop } = await start(script, 'SOUK_TEST_COLLECTOR', { place, options });
  const tokens = [];
  for (let n = 0; n < members; n += 1) {
    tokens.push(await issueMemberToken({ tenant: 'shop', account: `m${n}`, keys, expiresInSeconds: 3600 }));
    const body = Buffer.from(JSON.stringify(received(`o${n}`, `m${n}`, 10_000_000)));
    await post(`${url}/v1/commerce`, { 'souk-signature': await signWebhook(body, secret) }, body);
  }
  const commands = (size) => (n) => {
    const member = n % members;
    const list = Array.from({ length: size }, (_, i) => redeem(`c-${size}-${n}-${i}`, `m${member}`, 1));
    return post(
      `${url}/v1/commands`,
      { authorization: `Bearer ${tokens[member]}` },
      JSON.stringify({ commands: list }),
    );
  };
  const rows = [
    [`${name}: commands, 1 a request`, await load(1, commands(1))],
    [`${name}: commands, ${batchSize} a request`, await load(batchSize, commands(batchSize))],
    [`${name}: events, ${batchSize} a request`, await load(batchSize, (n) => post(`${url}/v1/batch`, {}, batch(n)))],
  ];
  await stop();
  return rows;
}

/** The collector that checks nothing: parse, insert or ignore, commit every 5 ms, answer. */
const bare = `
import { createServer } from 'node:http';
import Database from 'libsql';
const db = new Database(process.env.BARE === undefined ? ':memory:' : JSON.parse(process.env.BARE).file);
db.exec('pragma journal_mode = wal; pragma synchronous = normal; create table event (id text primary key, body text)');
const insert = db.prepare('insert or ignore into event values (?, ?)');
let waiting = [];
const commit = () => {
  const group = waiting;
  waiting = [];
  if (group.length === 0) return;
  db.exec('begin');
  for (const { events } of group) for (const event of events) insert.run(event.messageId, JSON.stringify(event));
  db.exec('commit');
  for (const { answer } of group) answer.end('{"success":true}');
};
setInterval(commit, 5);
const server = createServer((incoming, answer) => {
  const chunks = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', () => waiting.push({ events: JSON.parse(Buffer.concat(chunks)).batch, answer }));
});
server.listen(0, '127.0.0.1', () => process.send({ url: 'http://127.0.0.1:' + server.address().port }));
process.on('SIGTERM', () => process.exit(0));
`;

async function measureBare(folder) {
  const peer = join(work, 'peer');
  if (!existsSync(join(peer, 'node_modules/libsql'))) {
    mkdirSync(peer, { recursive: true });
    writeFileSync(join(peer, 'package.json'), '{"private":true,"type":"module"}');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', 'libsql@0.5.29'], { cwd: peer });
  }
  writeFileSync(join(peer, 'bare.mjs'), bare);
  const { url, stop } = await start(join(peer, 'bare.mjs'), 'BARE', { file: join(folder, 'bare.db') });
  const rows = [
    [
      `bare node:http + SQLite: events, ${batchSize} a request`,
      await load(batchSize, (n) => post(`${url}/`, {}, batch(n))),
    ],
  ];
  await stop();
  return rows;
}

// --- One run --------------------------------------------------------------------------------------------------------------------------------

const folder = mkdtempSync(join(tmpdir(), 'souk-bench-'));
const server = await startPostgres();
const rows = [
  ...(await measureBare(folder)),
  ...(await measureCollector('PGlite', { folder: join(folder, 'pglite') })),
  ...(await measureCollector('PostgreSQL', { databaseUrl: await server.createDatabase('bench') })),
];
await server.stop();
rmSync(folder, { recursive: true, force: true });

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, ${connections} connections, ${seconds} s each`,
);
console.log(`${'what'.padEnd(56)}${'a second'.padStart(10)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}`);
for (const [name, { rate, p50, p99 }] of rows) {
  console.log(`${name.padEnd(56)}${String(rate).padStart(10)}${p50.padStart(9)}${p99.padStart(9)}`);
}
