// SPDX-License-Identifier: MIT
/**
 * The engine against the SQL, on the whole real history: natively, as wasm and as plain JavaScript. Needs `build/native-release/souk` and
 * `web/dist`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load, type Program } from 'souk';
import { beforeAll, expect, it } from 'vitest';
import { readHistory } from '../../demo/src/history/codec.js';
import { allCommands, openShop, type Command } from '../../demo/src/history/orders.js';
import { nativeAccounts } from '../../demo/tools/native.mjs';
import golden from './history-golden.json' with { type: 'json' };
import { fingerprint, normalForm } from './history-oracle.mjs';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const program = JSON.parse(readFileSync(fileOf('demo/program.json'), 'utf8')) as Program;
const kAt = Date.parse('2011-10-01T00:00+01:00');

interface Totals {
  readonly active: number;
  readonly pending: number;
  readonly expired: number;
  readonly clawedBack: number;
  readonly debt: number;
}

interface Account {
  readonly digest: string;
  readonly level: string;
  readonly points: Totals;
  readonly growth: Totals;
}

let commands: readonly Command[];
let native: ReadonlyMap<string, Account>;
beforeAll(async () => {
  const history = await readHistory(new Uint8Array(readFileSync(fileOf('demo/data/online-retail.bin.gz'))));
  commands = allCommands(openShop(history, program.zone));
  native = nativeAccounts(fileOf('build/native-release/souk'), fileOf('demo/program.json'), commands, kAt);
});

function fingerprintOf(accounts: ReadonlyMap<string, Account>): string {
  const sorted = [...accounts].map(([account, state]) => ({ customer: Number(account), ...state }));
  sorted.sort((a, b) => a.customer - b.customer);
  return fingerprint(
    sorted.map(({ customer, level, points, growth }) =>
      normalForm({ customer, ...points, growth: growth.active, level }),
    ),
  );
}

/** Decides every command in one build of the package. */
async function folded(build: 'wasm' | 'js'): Promise<ReadonlyMap<string, Account>> {
  const engine = await (await load({ engine: build })).createEngine();
  engine.openProgram(program);
  const handles = new Map<string, number>();
  for (const command of commands) {
    if (!handles.has(command.account)) {
      handles.set(command.account, engine.openStream({ stream: `account/${command.account}` }).handle);
    }
    engine.submit({ command });
  }
  const accounts = [...handles].map(([account, handle]): [string, Account] => {
    const view = engine.account({ handle, at: kAt });
    const { digest } = engine.digest({ handle });
    return [account, { digest, level: view.level.name, points: view.points.totals, growth: view.growth.totals }];
  });
  engine.dispose();
  return new Map(accounts);
}

it('gives every customer the points, growth and level that the SQL over the raw rows gives them', () => {
  expect(native.size).toBe(golden.totals.customers);
  expect(fingerprintOf(native)).toBe(golden.sha256);
});

it.each(['wasm', 'js'] as const)('gives the same balances and digests as %s in Node', async (build) => {
  const accounts = await folded(build);
  expect(fingerprintOf(accounts)).toBe(golden.sha256);
  const differing = [...accounts].filter(([account, { digest }]) => digest !== native.get(account)?.digest);
  expect(differing.map(([account]) => account)).toEqual([]);
});
