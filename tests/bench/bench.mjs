// SPDX-License-Identifier: MIT
// The same calls through native code, wasm and plain JavaScript, and the façade beside a hand-written peer. See `run` for how to start it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { load } from 'souk';
import { mulberry32, neighbourLists, recommend } from './peer.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const work = `${root}build/bench/`;
const souk = `${root}build/native-release/souk`;
mkdirSync(work, { recursive: true });

const shopItems = 100_000;
const sessionLength = 10;
const random = mulberry32(1);
const pick = (count) => Math.floor(random() * count);
const session = () => Array.from({ length: sessionLength }, () => pick(shopItems));

// --- Workloads ----------------------------------------------------------------------------------------------------------------------------

/** The commands of the demo's real history. */
function historyCalls() {
  const file = `${work}commands.ndjson`;
  execFileSync(process.execPath, [`${root}demo/tools/commands.mjs`, file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const commands = readFileSync(file, 'utf8').trimEnd().split('\n');
  const accounts = new Set(commands.map((command) => JSON.parse(command).account));
  const open = [...accounts].map((account) => [
    'open',
    'open-stream',
    JSON.stringify({ stream: `account/${account}` }),
  ]);
  return [
    ['program', 'open-program', readFileSync(`${root}demo/program.json`, 'utf8').replace(/\s+/g, ' ')],
    ...open,
    ...commands.map((command) => ['history', 'submit', `{"command":${command}}`]),
    ...[...accounts].map((_, i) => [
      'account',
      'account',
      JSON.stringify({ handle: 1048576 + i, at: 1317423600000, lots: true }),
    ]),
  ];
}

/** A shop of 100,000 items whose orders hold goods that go together: 400,000 orders of 4 lines among neighbours. */
function largePack() {
  const folder = `${work}pack`;
  if (existsSync(`${folder}/pack.souk`)) return `${folder}/pack.souk`;
  const lines = ['order,item'];
  for (let order = 0; order < 400_000; order += 1) {
    const start = pick(shopItems);
    for (let line = 0; line < 4; line += 1) lines.push(`${order},i${(start + pick(12)) % shopItems}`);
  }
  writeFileSync(`${work}orders.csv`, `${lines.join('\n')}\n`);
  const columns = ['--columns', 'order=order,item=item'];
  execFileSync(souk, ['pack', 'build', '--orders', `${work}orders.csv`, ...columns, '--out', folder], {
    stdio: 'inherit',
  });
  return `${folder}/pack.souk`;
}

const recommendRequest = (history, reasons) => ({
  cart: [],
  history,
  exclude: [],
  unavailable: [],
  limit: 20,
  repeat: false,
  reasons,
});

function recommendCalls(pack) {
  const calls = [['pack', 'open-pack', readFileSync(pack)]];
  for (let i = 0; i < 2_000; i += 1) {
    const history = session().map((item) => `i${item}`);
    calls.push(['recommend', 'recommend', JSON.stringify(recommendRequest(history, false))]);
    calls.push(['recommend with reasons', 'recommend', JSON.stringify(recommendRequest(history, true))]);
  }
  return calls;
}

// --- Hosts --------------------------------------------------------------------------------------------------------------------------------

function runNative(calls) {
  const file = `${work}calls.tsv`;
  const line = ([group, op, request]) =>
    [group, op, ...(typeof request === 'string' ? ['text', request] : ['hex', request.toString('hex')])].join('\t');
  writeFileSync(file, `${calls.map(line).join('\n')}\n`);
  return JSON.parse(execFileSync(`${root}build/native-release/tests/bench/souk_bench`, [file], { encoding: 'utf8' }));
}

const refused = new TextEncoder().encode('{"error"');

function onePass(engine, calls) {
  const samples = {};
  for (const [group, op, request] of calls) {
    const start = process.hrtime.bigint();
    const answer = engine.callBytes(op, request);
    (samples[group] ??= []).push(Number(process.hrtime.bigint() - start));
    if (refused.every((byte, i) => answer[i] === byte)) throw new Error(`${op}: ${new TextDecoder().decode(answer)}`);
  }
  return samples;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

function figures(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return {
    calls: numbers.length,
    totalNs: sum(numbers),
    medianNs: sorted[sorted.length >> 1],
    p99Ns: sorted[Math.floor(sorted.length * 0.99)],
  };
}

/** Three runs in fresh engines; the fastest of each group counts, as in the native program. */
async function runBuild(engine, calls, passes = 3) {
  const start = performance.now();
  const loaded = await load({ engine });
  const first = await loaded.createEngine();
  const startMs = performance.now() - start;
  first.dispose();
  const encoder = new TextEncoder();
  const bytes = calls.map(([group, op, request]) => [
    group,
    op,
    typeof request === 'string' ? encoder.encode(request) : request,
  ]);
  const best = {};
  let allocatedBytes = 0;
  for (let pass = 0; pass < passes; pass += 1) {
    const fresh = await loaded.createEngine();
    for (const [group, samples] of Object.entries(onePass(fresh, bytes))) {
      if (best[group] === undefined || sum(samples) < sum(best[group])) best[group] = samples;
    }
    allocatedBytes = fresh.allocatedBytes();
    fresh.dispose();
  }
  return {
    build: loaded.build,
    startMs,
    allocatedBytes,
    groups: Object.fromEntries(Object.entries(best).map(([g, s]) => [g, figures(s)])),
  };
}

/** What a page feels: objects in, objects out; and the peer, which has no names, no reasons and no rules. */
async function facade(pack) {
  const loaded = await load();
  const engine = await loaded.createEngine();
  engine.openPack(readFileSync(pack));
  const lists = neighbourLists(shopItems, 20, random);
  const sessions = Array.from({ length: 4_000 }, session);
  const time = (act) => {
    const samples = sessions.map((items) => {
      const start = process.hrtime.bigint();
      act(items);
      return Number(process.hrtime.bigint() - start);
    });
    return figures(samples.slice(1_000));
  };
  return {
    peer: time((items) => recommend(lists, items, 20)),
    facade: time((items) =>
      engine.recommend(
        recommendRequest(
          items.map((item) => `i${item}`),
          false,
        ),
      ),
    ),
    facadeWithReasons: time((items) =>
      engine.recommend(
        recommendRequest(
          items.map((item) => `i${item}`),
          true,
        ),
      ),
    ),
  };
}

/** Memory of an engine with 10,000 products and 10,000 ledger rows. */
async function memory() {
  const loaded = await load();
  const engine = await loaded.createEngine();
  const before = engine.allocatedBytes();
  const program = JSON.parse(readFileSync(`${root}demo/program.json`, 'utf8'));
  engine.openProgram(program);
  engine.openStream({ stream: 'account/a' });
  const at = Date.UTC(2011, 0, 1);
  for (let i = 0; i < 10_000; i += 1) {
    const command = {
      kind: 'receive-order',
      id: `c${i}`,
      account: 'a',
      author: 'commerce',
      at,
      order: `o${i}`,
      currency: program.currency,
      lines: [{ item: 'x', quantity: 1, paid: 500 }],
    };
    engine.submit({ command });
  }
  return engine.allocatedBytes() - before;
}

// --- The table ----------------------------------------------------------------------------------------------------------------------------

const us = (ns) => (ns / 1000).toFixed(ns < 10_000 ? 1 : 0);
const ms = (ns) => (ns / 1e6).toFixed(0);
const ratio = (a, b) => (a / b).toFixed(2);

function table({ native, wasm, js, page, memoryBytes, sizes }) {
  const rows = Object.keys(native)
    .filter((group) => wasm.groups[group] !== undefined)
    .map((group) => {
      const [n, w, j] = [native[group], wasm.groups[group], js.groups[group]];
      const each = (f) => (f.calls === 1 ? `${ms(f.totalNs)} ms` : `${us(f.medianNs)} / ${us(f.p99Ns)} µs`);
      return `| ${group} (${n.calls}) | ${each(n)} | ${each(w)} | ${ratio(w.totalNs, n.totalNs)} | ${j ? each(j) : '–'} | ${j ? ratio(j.totalNs, n.totalNs) : '–'} |`;
    });
  return [
    `${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}. Median / p99 of one protocol call, bytes in and out.`,
    '',
    '| calls | native | wasm | wasm / native | plain JavaScript | JavaScript / native |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `The whole history, ${native.history.calls} commands of 370,931 invoice lines: native ${ms(native.history.totalNs)} ms, wasm ${ms(wasm.groups.history.totalNs)} ms.`,
    '',
    '| 20 recommendations of 100,000 items, session of 10 | median | p99 |',
    '| --- | ---: | ---: |',
    `| hand-written typed arrays, numbers for items, no rules | ${us(page.peer.medianNs)} µs | ${us(page.peer.p99Ns)} µs |`,
    `| \`engine.recommend\`, objects in and out | ${us(page.facade.medianNs)} µs | ${us(page.facade.p99Ns)} µs |`,
    `| … with every reason | ${us(page.facadeWithReasons.medianNs)} µs | ${us(page.facadeWithReasons.p99Ns)} µs |`,
    '',
    `Start in Node: wasm ${wasm.startMs.toFixed(0)} ms, plain JavaScript ${js.startMs.toFixed(0)} ms. Engine memory with 10,000 orders of one account: ${(memoryBytes / 1048576).toFixed(1)} MiB.`,
    '',
    '| on the wire | raw | gzip | brotli |',
    '| --- | ---: | ---: | ---: |',
    ...sizes.map(({ name, raw, gzip, brotli }) => `| ${name} | ${raw} | ${gzip} | ${brotli} |`),
    '',
  ].join('\n');
}

const pack = largePack();
const calls = [...historyCalls(), ...recommendCalls(pack)];
const native = runNative(calls);
const wasm = await runBuild('wasm', calls);
const js = await runBuild('js', calls, 1);
const page = await facade(pack);
const memoryBytes = await memory();
const sizes = JSON.parse(readFileSync(`${root}web/dist/sizes.json`, 'utf8'));
const sizeRows = Array.isArray(sizes) ? sizes : Object.entries(sizes).map(([name, size]) => ({ name, ...size }));
const text = table({ native, wasm, js, page, memoryBytes, sizes: sizeRows });
writeFileSync(`${work}figures.json`, JSON.stringify({ native, wasm, js, page, memoryBytes, sizes }, null, 2));
console.log(text);
if (process.argv.includes('--readme')) {
  const readme = readFileSync(`${root}README.md`, 'utf8');
  writeFileSync(
    `${root}README.md`,
    readme.replace(/(?<=<!-- figures -->\n).*?(?=<!-- \/figures -->)/s, () => text),
  );
}
