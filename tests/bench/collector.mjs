// SPDX-License-Identifier: MIT
// Decided commands and behaviour events a second, on PGlite and on a PostgreSQL server of its own, beside a bare node:http + SQLite collector
// that checks nothing, all in one run with the load generator on the same machine.
//
//   node tests/bench/collector.mjs [--seconds N]     after `npm run build --workspace web`; nothing else should run meanwhile
//
// SQLite comes as the npm package libsql (prebuilt, its synchronous interface), installed into build/bench/peer on the first run.
import { execFileSync, fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createKeySet, generateMemberKey, issueMemberToken, publicKeyOf, signWebhook } from 'souk/server';

const root = fileURLToPath(new URL('../../', import.meta.url));
const work = join(root, 'build/bench');
mkdirSync(work, { recursive: true });

const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1]) || 8;
const members = 200;
const connections = 64;
const batchSize = 20;
const secret = 'the secret of the shop';
const unlimited = { perSecond: 1e9, burst: 1e9 };

/** A module of the tests that is written in TypeScript. */
async function importTest(file) {
  const outfile = join(work, `${file}.mjs`);
  const entry = join(root, `tests/collector/${file}.ts`);
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
  return import(outfile);
}

const { startPostgres } = await importTest('postgres-server');
const { program, received, redeem } = await importTest('world');

// --- Load -----------------------------------------------------------------------------------------------------------------------------------

const agent = new Agent({ keepAlive: true, maxSockets: connections });

function post(url, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } };
    const sent = request(url, options, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(`status ${answer.statusCode}: ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Runs `send(n)` on many connections for some seconds; what it did a second, and how long one took. */
async function load(each, send) {
  const times = [];
  let next = 0;
  const client = async (until) => {
    while (performance.now() < until) {
      const started = performance.now();
      await send((next += 1));
      times.push(performance.now() - started);
    }
  };
  const run = async (ms) => {
    times.length = 0;
    const started = performance.now();
    await Promise.all(Array.from({ length: connections }, () => client(started + ms)));
    return performance.now() - started;
  };
  await run(1500); // warm
  const ms = await run(seconds * 1000);
  times.sort((a, b) => a - b);
  const at = (share) => (times[Math.floor(times.length * share)] ?? 0).toFixed(0);
  return { rate: Math.round((times.length * each) / (ms / 1000)), p50: at(0.5), p99: at(0.99) };
}

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

async function start(script, variable, options) {
  const child = fork(script, {
    env: { ...process.env, [variable]: JSON.stringify(options) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.url));
    child.once('exit', () => reject(new Error('it did not start')));
  });
  const stop = () => new Promise((resolve) => (child.once('exit', resolve), child.kill('SIGTERM')));
  return { url, stop };
}

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
