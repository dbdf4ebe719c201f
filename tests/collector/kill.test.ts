// SPDX-License-Identifier: MIT
// kill -9 at random instants under load, on both stores. `SOUK_KILLS` sets how often, `SOUK_SEED` repeats a run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type StorePlace } from 'souk/collector/node';
import { expect, it } from 'vitest';
import { type KillReport, runKills } from './kill-harness.js';
import { startPostgres } from './postgres-server.js';

const kills = Number(process.env['SOUK_KILLS'] ?? 30);
const seed = Number(process.env['SOUK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const timeout = 60_000 + kills * 8_000;

function expectNothingLost(report: KillReport): void {
  console.log(JSON.stringify({ ...report, faults: report.faults.length }));
  expect(report.faults, `seed ${report.seed}`).toEqual([]);
  expect(report.repliesLost / report.kills).toBeGreaterThanOrEqual(0.2);
  expect(report.acknowledged).toBeGreaterThan(report.kills);
  expect(report.retried).toBeGreaterThan(0);
}

async function killOn(place: StorePlace): Promise<void> {
  expectNothingLost(await runKills(place, () => openStore(place), kills, seed));
}

it(`on PGlite, ${kills} kills lose no acknowledged command and apply none twice`, { timeout }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'souk-kill-'));
  await killOn({ folder });
  rmSync(folder, { recursive: true, force: true });
});

it(`on PostgreSQL, ${kills} kills lose no acknowledged command and apply none twice`, { timeout }, async () => {
  const server = await startPostgres('fsync=off');
  await killOn({ databaseUrl: await server.createDatabase('kills') });
  await server.stop();
});
