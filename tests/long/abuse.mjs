// SPDX-License-Identifier: MIT
// Honest clients at a fixed rate, first alone, then beside slow clients, gzip bombs, 10 MB bodies and malformed bytes at full rate, against a
// collector in a process of its own, on PGlite and on PostgreSQL. Prints how long honest requests took and how much memory the collector had.
//
//   node tests/long/abuse.mjs [--seconds N] [--rate N]
//
// Fails where the collector ends, where an honest request is refused, where something acknowledged is not there afterwards, or where its resident
// memory grows by more than 256 MiB over what it was with honest clients alone (in PGlite's case that holds the database). The ratio of times is
// printed and not asserted: attackers and honest clients run on the same cores as the collector.
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openStore } from 'souk/collector/node';
import { createKeySet, generateMemberKey, issueMemberToken, publicKeyOf, signWebhook } from 'souk/server';

const root = fileURLToPath(new URL('../../', import.meta.url));
const work = join(root, 'build/long');
mkdirSync(work, { recursive: true });
const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1]) || 30;
const maxGrowthMiB = 256;
const members = 50;
/** Honest commands a second, and as many requests of one event. */
const rate = Number(process.argv[process.argv.indexOf('--rate') + 1]) || 50;
const secret = 'the secret of the shop';

/** A module of the tests that is written in TypeScript. */
async function importTest(file) {
  const outfile = join(work, `${file}.mjs`);
  const entry = join(root, `tests/collector/${file}.ts`);
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
  return import(outfile);
}

const { startPostgres } = await importTest('postgres-server');
const { program, received, redeem } = await importTest('world');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A collector in a process, and what the system says of that process. */
async function startCollector(place, options) {
  const child = fork(join(root, 'tests/collector/collector-process.mjs'), {
    env: { ...process.env, SOUK_TEST_COLLECTOR: JSON.stringify({ place, options }) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.url));
    child.once('exit', () => reject(new Error('it did not start')));
  });
  const read = (file, name) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${child.pid}/${file}`, 'utf8'))?.[1]);
  return {
    url,
    /** Highest resident memory so far, MiB. */
    peak: () => read('status', 'VmHWM') / 1024,
    /** Bytes read from sockets and files so far, MiB. */
    bytesRead: () => read('io', 'rchar') / 2 ** 20,
    alive: () => child.exitCode === null && child.signalCode === null,
    stop: () => new Promise((resolve) => (child.once('exit', resolve), child.kill('SIGTERM'))),
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function post(url, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } };
    const sent = request(url, options, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A shop with members who have points; gives commands and events, and knows what was acknowledged. */
async function openShop(url, keys) {
  const tokens = [];
  for (let n = 0; n < members; n += 1) {
    tokens.push(await issueMemberToken({ tenant: 'shop', account: `m${n}`, keys, expiresInSeconds: 3600 }));
    const body = Buffer.from(JSON.stringify(received(`o${n}`, `m${n}`, 1_000_000)));
    await post(`${url}/v1/commerce`, { 'souk-signature': await signWebhook(body, secret) }, body);
  }
  const acknowledged = { commands: new Set(), events: new Set() };
  const faults = [];
  let sent = 0;
  const take = (kind, id, { status, text }) => {
    if (status === 200 && text.includes(`"${id}"`)) acknowledged[kind].add(id);
    else faults.push(`${kind} ${id}: ${status} ${text.slice(0, 200)}`);
  };
  return {
    acknowledged,
    faults,
    async command() {
      const n = (sent += 1);
      const id = `c-${n}`;
      const body = JSON.stringify({ commands: [redeem(id, `m${n % members}`, 1)] });
      take('commands', id, await post(`${url}/v1/commands`, { authorization: `Bearer ${tokens[n % members]}` }, body));
    },
    async event() {
      const id = `e-${(sent += 1)}`;
      const event = {
        type: 'track',
        event: 'Product Viewed',
        messageId: id,
        anonymousId: 'a',
        properties: { n: sent },
      };
      take('events', id, await post(`${url}/v1/batch`, {}, JSON.stringify({ writeKey: 'pk', batch: [event] })));
    },
  };
}

/** Sends at a fixed rate, whatever becomes of it: a time is counted from the instant at which it was to be sent. */
async function honest(shop, forSeconds) {
  const times = [];
  const running = [];
  const started = performance.now();
  for (let n = 0; n < rate * forSeconds; n += 1) {
    const due = started + (n * 1000) / rate;
    if (due > performance.now()) await wait(due - performance.now());
    const timed = async (send) => {
      await send().catch((error) => shop.faults.push(String(error)));
      times.push(performance.now() - due);
    };
    running.push(
      timed(() => shop.command()),
      timed(() => shop.event()),
    );
  }
  await Promise.all(running);
  times.sort((a, b) => a - b);
  return { p50: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)] };
}

/** Starts the attackers; resolves when they attack, with what resolves when they end. */
async function attack(url, forSeconds) {
  const child = fork(join(root, 'tests/long/abuse-attack.mjs'), [JSON.stringify({ url, seconds: forSeconds })]);
  const said = () =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error('the attackers did not come to their end')));
    });
  await said();
  return { ended: said() };
}

/** How much of what was acknowledged is not in the store. */
async function lost(place, { commands, events }) {
  const store = await openStore(place);
  const missing = async (sql, ids) => {
    const there = new Set((await store.query(sql)).map(({ id }) => id));
    return [...ids].filter((id) => !there.has(id)).length;
  };
  const count =
    (await missing('select id from souk.verdicts', commands)) +
    (await missing('select message_id as id from souk.behaviour', events));
  await store.close();
  return count;
}

const ms = (value) => `${value.toFixed(1)} ms`;

async function run(name, place) {
  const key = await generateMemberKey('k1', 'ed25519');
  const options = {
    tenant: 'shop',
    program,
    memberKeys: [publicKeyOf(key)],
    commerceSecrets: [secret],
    writeKeys: ['pk'],
  };
  const collector = await startCollector(place, options);
  const shop = await openShop(collector.url, await createKeySet([key]));
  await honest(shop, 3); // warm
  const alone = await honest(shop, seconds);
  const [peakAlone, readAlone] = [collector.peak(), collector.bytesRead()];
  const { ended } = await attack(collector.url, seconds + 1);
  const beside = await honest(shop, seconds);
  const counts = await ended;
  const [peak, read] = [collector.peak(), collector.bytesRead()];
  const alive = collector.alive();
  await collector.stop();
  const gone = await lost(place, shop.acknowledged);
  console.log(
    `${name}: honest requests alone p50 ${ms(alone.p50)}, p99 ${ms(alone.p99)}; beside attackers p50 ${ms(beside.p50)}, p99 ${ms(beside.p99)}`,
  );
  console.log(
    `  p50 × ${(beside.p50 / alone.p50).toFixed(2)}, p99 × ${(beside.p99 / alone.p99).toFixed(2)}; resident ${peakAlone.toFixed(0)} MiB alone, ${peak.toFixed(0)} MiB at most; ${(read - readAlone).toFixed(0)} MiB read under attack`,
  );
  console.log(
    `  attacks: ${Object.entries(counts)
      .map(([kind, count]) => `${count} ${kind}`)
      .join('; ')}`,
  );
  console.log(
    `  acknowledged ${shop.acknowledged.commands.size} commands and ${shop.acknowledged.events.size} events, lost ${gone}`,
  );
  const faults = [...shop.faults.slice(0, 5)];
  if (!alive) faults.push('the collector ended');
  if (gone > 0) faults.push(`${gone} acknowledged are not there`);
  if (peak - peakAlone > maxGrowthMiB) faults.push(`it grew by more than ${maxGrowthMiB} MiB`);
  return faults.map((fault) => `${name}: ${fault}`);
}

const folder = mkdtempSync(join(tmpdir(), 'souk-abuse-'));
const faults = await run('PGlite', { folder: join(folder, 'pglite') });
const server = await startPostgres();
faults.push(...(await run('PostgreSQL', { databaseUrl: await server.createDatabase('abuse') })));
await server.stop();
rmSync(folder, { recursive: true, force: true });
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
