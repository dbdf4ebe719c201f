// SPDX-License-Identifier: MIT
// A small shop for the tests of the web package: a program, commands, a pack.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command, Program } from 'souk';

/** 2020-01-01T00:00:00Z, when the shop opens. */
export const opening = Date.UTC(2020, 0, 1);
/** One day in milliseconds. */
export const day = 86_400_000;

/** One point for each pound, held for 14 days, valid for 6 months. */
export const program: Program = {
  name: 'Test shop',
  currency: 'GBP',
  zone: {
    name: 'UTC',
    from: Date.UTC(2000, 0, 1),
    until: Date.UTC(2050, 0, 1),
    transitions: [{ at: Date.UTC(2000, 0, 1), offsetSeconds: 0 }],
  },
  points: { earn: { amount: 100, points: 1 }, returnWindowDays: 14, expiry: { months: 6 }, negativeBalance: 'debt' },
  growth: { earn: { amount: 100, points: 1 }, returnWindowDays: 14, expiry: { months: 12 } },
  levels: [
    { name: 'member', threshold: 0 },
    { name: 'silver', threshold: 50 },
  ],
};

/** An order of two lines, 60.00 in all, on a day after the opening. */
export function order(id: string, account: string, dayNumber: number): Command {
  return {
    kind: 'receive-order',
    id: `command-${id}`,
    account,
    author: 'commerce',
    at: opening + dayNumber * day,
    order: id,
    currency: 'GBP',
    lines: [
      { item: '85123A', quantity: 2, paid: 2000 },
      { item: '71053', quantity: 1, paid: 4000 },
    ],
  };
}

/** Points that an account without any wants to spend. */
export function redemption(id: string, account: string, dayNumber: number, points: number): Command {
  return {
    kind: 'redeem-points',
    id: `command-${id}`,
    account,
    author: 'shopper',
    at: opening + dayNumber * day,
    redemption: id,
    points,
  };
}

/** A pack of three items that were bought together, made by the built program. */
export function buildPack(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'souk-pack-'));
  const rows = ['1', '2', '3'].flatMap((id) =>
    ['85123A', '71053', id === '3' ? '22423' : '84406B'].map((item) => `${id},${item}`),
  );
  writeFileSync(join(folder, 'orders.csv'), `order,item\n${rows.join('\n')}\n`);
  const souk = fileURLToPath(new URL('../../web/dist/bin/souk.mjs', import.meta.url));
  execFileSync(process.execPath, [souk, 'pack', 'build', '--orders', 'orders.csv', '--out', 'pack'], {
    cwd: folder,
    stdio: 'pipe',
  });
  const bytes = new Uint8Array(readFileSync(join(folder, 'pack/pack.souk')));
  rmSync(folder, { recursive: true, force: true });
  return bytes;
}
