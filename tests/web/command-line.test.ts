// SPDX-License-Identifier: MIT
// `npx souk`: the program in wasm on Node alone, from the built package; and its table of a zone against the host's own calendar.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { zoneTable } from '../../web/bin/zone.mjs';

const program = fileURLToPath(new URL('../../web/dist/bin/souk.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'souk-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program to its end. */
function souk(words: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, ...words], { input, encoding: 'utf8', cwd: folder, maxBuffer: 1 << 28 });
}

/** Twenty zones: fixed, northern, southern, half hours, a skipped day, a rule that was given up, seasons within the year. */
const zones = [
  'UTC', 'Europe/London', 'Europe/Berlin', 'Asia/Shanghai', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tehran', 'Asia/Tokyo', 'America/New_York',
  'America/Sao_Paulo', 'America/St_Johns', 'America/Los_Angeles', 'Australia/Sydney', 'Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Chatham',
  'Africa/Cairo', 'Africa/Casablanca', 'Europe/Istanbul', 'Europe/Moscow',
]; // prettier-ignore

describe('souk zone', () => {
  it.each(zones)('prints for %s the table that the host’s calendar gives', (name) => {
    const run = souk(['zone', name]);
    expect(run.stderr).toBe('');
    const table = JSON.parse(run.stdout) as { from: number; until: number };
    expect(zoneTable(name, table.from, table.until)).toEqual(table);
  });

  it('fails with 1 for a zone that is not there and with 2 for no name', () => {
    expect(souk(['zone', 'Nowhere/Land']).status).toBe(1);
    expect(souk(['zone']).status).toBe(2);
  });
});

describe('souk call', () => {
  it('answers each line in order, whatever it holds', () => {
    const lines = [
      '{"op":"engine-info","request":{}}',
      'no json',
      '{"op":"nothing","request":{}}',
      '{"hex":"5b312c2032205d","op":"normalize"}',
    ];
    const run = souk(['call'], `${lines.join('\n')}\n`);
    const answers = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { ok: boolean; value?: unknown; error?: { code: string } });
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, false, true]);
    expect(answers[2]?.error?.code).toBe('unknown-operation');
    expect(answers[3]?.value).toEqual([1, 2]);
    expect(run.status).toBe(0);
  });

  it('answers a line before the next one is sent', async () => {
    const running = spawn(process.execPath, [program, 'call'], { cwd: folder });
    const answers = createInterface({ input: running.stdout })[Symbol.asyncIterator]();
    for (const text of ['[1]', '[2]']) {
      running.stdin.write(`${JSON.stringify({ hex: Buffer.from(text).toString('hex'), op: 'normalize' })}\n`);
      expect((await answers.next()).value).toBe(`{"ok":true,"value":${text}}`);
    }
    running.stdin.end();
    expect((await answers.next()).done).toBe(true);
  });

  it('loses nothing of a megabyte in and out', () => {
    const line = '{"hex":"5b312c2032205d","op":"normalize"}\n';
    const run = souk(['call'], line.repeat(30_000));
    expect(run.stdout).toBe('{"ok":true,"value":[1,2]}\n'.repeat(30_000));
  });
});

describe('souk pack build', () => {
  it('reads order lines from a file and writes a pack', () => {
    const rows = ['1', '2', '3'].flatMap((order) => [
      `${order},85123A,1,2.55,2010-12-01 08:26`,
      `${order},71053,1,3.39,2010-12-01 08:26`,
    ]);
    writeFileSync(join(folder, 'orders.csv'), `order,item,quantity,price,at\n${rows.join('\n')}\n`);
    const run = souk(['pack', 'build', '--orders', 'orders.csv', '--out', 'pack']);
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(readdirSync(join(folder, 'pack')).length).toBeGreaterThan(0);
  });
});

describe('souk', () => {
  it('fails with 2 and help for no words, and for an unknown command', () => {
    expect(souk([]).status).toBe(2);
    expect(souk(['nothing']).status).toBe(2);
    expect(souk(['help']).stdout).toContain('souk pack build');
  });
});

describe('souk replay', () => {
  const demo = (name: string) => fileURLToPath(new URL(`../../demo/${name}`, import.meta.url));
  const at = Date.UTC(2011, 0, 10);
  const order = {
    kind: 'receive-order',
    id: 'c1',
    account: '1',
    author: 'commerce',
    at,
    order: 'o1',
    currency: 'GBP',
    lines: [{ item: 'tea', quantity: 1, paid: 2500 }],
  };

  it('decides commands from empty, and the journal that it writes folds to the same digest', () => {
    writeFileSync(join(folder, 'commands.ndjson'), `${JSON.stringify(order)}\n${JSON.stringify(order)}\n`);
    const words = ['--program', demo('program.json'), '--commands', 'commands.ndjson'];
    const run = souk(['replay', ...words, '--at', String(at), '--journal-out', 'journal.souk']);
    expect(run.stderr).toBe('');
    const [account, summary] = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(account?.points).toMatchObject({ earned: 25, pending: 25 });
    expect(summary).toMatchObject({ commands: 2, accepted: 1, repeated: 1, refused: 0 });
    const replayed = JSON.parse(souk(['replay', '--journal', 'journal.souk']).stdout) as { streams: unknown[] };
    expect(replayed.streams).toEqual([{ digest: account?.digest, seq: account?.seq, stream: 'account/1' }]);
  });

  it('names the line that it cannot read', () => {
    writeFileSync(join(folder, 'bad.ndjson'), `${JSON.stringify(order)}\nnothing\n`);
    const run = souk(['replay', '--program', demo('program.json'), '--commands', 'bad.ndjson']);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('(line 2)');
  });
});
