// SPDX-License-Identifier: MIT
/** The demo's data: the compact copy is the source, and its orders and refunds follow the stated rules. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeHistory, HistoryFormatError, readHistory, type History } from '../../demo/src/history/codec.js';
import { csvChunks, kCsvHeader, parseCsv } from '../../demo/src/history/csv.js';
import { encodeHistory } from '../../demo/src/history/encode.js';
import { allCommands, dealingsOf, openShop, tally, type Command } from '../../demo/src/history/orders.js';
import { isPositive, penceOf } from '../../demo/src/history/pence.js';
import { instantOfLocal, localOfInstant } from '../../demo/src/history/zone.js';
import golden from './history-golden.json' with { type: 'json' };
import { fingerprint, normalForm } from './history-oracle.mjs';
import { naiveBalance, type Rules } from './naive-ledger.js';

const kSourceSha256 = '17e6476e224df07782486040485a1fa91e2bc90a64b58aaf3072ee78bdb91b14';

const fileOf = (path: string): URL => new URL(`../../demo/${path}`, import.meta.url);
const program = JSON.parse(readFileSync(fileOf('program.json'), 'utf8')) as Rules;
const gzipped = readFileSync(fileOf('data/online-retail.bin.gz'));

let history: History;
beforeAll(async () => {
  history = await readHistory(new Uint8Array(gzipped));
});

const london = (text: string): number => instantOfLocal(Date.parse(`${text}Z`), program.zone);

/** A small history from CSV lines without the header. */
function tiny(...lines: string[]) {
  const rows = [...parseCsv(`${[kCsvHeader, ...lines].join('\n')}\n`)];
  return openShop(decodeHistory(encodeHistory(rows)), program.zone);
}

const row = (
  invoice: string,
  code: string,
  quantity: number,
  time: string,
  price = '1.00',
  customer = '17850.0',
): string => `${invoice},${code},THING,${quantity},2011-01-${time}:00,${price},${customer},United Kingdom`;

const summary = (command: Command): string =>
  `${command.id} ${command.lines.map((line) => ('paid' in line ? `${line.quantity}=${line.paid}` : `${line.line}:${line.quantity}`)).join(' ')}`;

describe('compact copy', () => {
  it('gives the very CSV of the source back, byte for byte', () => {
    const hash = createHash('sha256');
    for (const chunk of csvChunks(history)) hash.update(chunk);
    expect(hash.digest('hex')).toBe(kSourceSha256);
    expect(history.rowCount).toBe(370_931);
  });

  it('takes at most 2.5 MB on the wire', () => {
    expect(gzipped.length).toBeLessThanOrEqual(2_500_000);
  });

  it('keeps quotes, commas, accents, empty customers and negative numbers', () => {
    const lines = [
      '536365,85123A,"BAG, ""BIG""",-6,2010-12-01 08:26:00,2.550,17850.0,Côte',
      'A563185,B,,1,2010-12-01 08:27:00,-11062.06,,"Here, there"',
      'C536366,M,MANUAL,80995,2011-12-01 08:27:00,0,12345.0,EIRE',
    ];
    const text = `${[kCsvHeader, ...lines].join('\n')}\n`;
    const back = [...csvChunks(decodeHistory(encodeHistory([...parseCsv(text)])))].join('');
    expect(back).toBe(text);
  });

  it('refuses what it could not give back exactly', () => {
    const odd = (line: string) => () => encodeHistory([...parseCsv(`${kCsvHeader}\n${line}\n`)]);
    expect(odd('X536365,1,A,1,2010-12-01 08:26:00,1,,UK')).toThrow('not an invoice number');
    expect(odd('536365,1,A,1,2010-12-01 08:26:01,1,,UK')).toThrow('not a whole minute');
    expect(odd('536365,1,A,1,2010-12-01 08:26:00,1,17850,UK')).toThrow('not a customer number');
  });

  it('refuses bytes that are cut short or are something else', async () => {
    const bytes = gunzipSync(gzipped);
    expect(() => decodeHistory(bytes.subarray(0, bytes.length - 1))).toThrow(HistoryFormatError);
    expect(() => decodeHistory(bytes.subarray(0, 3))).toThrow(HistoryFormatError);
    await expect(readHistory(new Uint8Array(gzipSync('something else')))).rejects.toThrow('not a history');
  });
});

describe('pence', () => {
  it.each([
    ['2.55', 255],
    ['9.9', 990],
    ['7', 700],
    ['0.001', 0],
    ['0.004999', 0],
    ['0.005', 1],
    ['1.005', 101],
    ['38970.99', 3_897_099],
  ])('reads %s as %i', (text, pence) => {
    expect(penceOf(text)).toBe(pence);
  });

  it('has no answer for what is not a plain decimal of zero or more', () => {
    expect(['-1', '', '1e3', '.5', '1.', ' 1'].map(penceOf)).toEqual(Array(6).fill(null));
  });

  it('counts a fraction of a penny as a price, and zero as none', () => {
    expect(['0.001', '0.00', '0', '-1', '12'].map(isPositive)).toEqual([true, false, false, false, true]);
  });
});

describe('shop time', () => {
  it('is an hour ahead of UTC in summer and equal to it in winter', () => {
    expect(new Date(london('2011-07-01T12:00')).toISOString()).toBe('2011-07-01T11:00:00.000Z');
    expect(new Date(london('2010-12-01T08:26')).toISOString()).toBe('2010-12-01T08:26:00.000Z');
  });

  it('takes the earlier of two readings, and the first instant after the jump for a skipped time', () => {
    expect(new Date(london('2011-10-30T01:30')).toISOString()).toBe('2011-10-30T00:30:00.000Z');
    expect(new Date(london('2011-03-27T01:30')).toISOString()).toBe('2011-03-27T01:00:00.000Z');
    expect(new Date(london('2011-03-27T02:00')).toISOString()).toBe('2011-03-27T01:00:00.000Z');
  });

  it('agrees with the platform’s own zone data at every hour of the table', () => {
    const { zone } = program;
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone.name,
      hour: '2-digit',
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
      hourCycle: 'h23',
    });
    for (let at = zone.from; at < zone.until; at += 3_600_000) {
      const [year, month, day, hour] = (format.format(at).match(/\d+/g) ?? []).map(Number) as [
        number,
        number,
        number,
        number,
      ];
      expect(localOfInstant(at, zone)).toBe(Date.UTC(year, month - 1, day, hour));
    }
  });

  it('is refused outside the zone table', () => {
    expect(() => london('2009-12-31T23:59')).toThrow('outside the zone table');
    expect(() => london('2015-01-01T00:00')).toThrow('outside the zone table');
    expect(() => localOfInstant(program.zone.until, program.zone)).toThrow('outside the zone table');
  });
});

describe('orders and refunds', () => {
  const commandsOf = (...lines: string[]) => dealingsOf(tiny(...lines), 17850).commands.map(summary);

  it('makes one order of an invoice, its lines in file order, half pennies rounded up per unit', () => {
    expect(commandsOf(row('500001', '10001', 3, '01 10:00', '0.125'), row('500001', '10002', 1, '01 10:01'))).toEqual([
      'order-500001 3=39 1=100',
    ]);
  });

  it('takes the instant of the invoice’s first kept line', () => {
    const shop = tiny(
      row('500001', 'POST', 1, '01 09:59'),
      row('500001', '10001', 1, '01 10:00'),
      row('500001', '10001', 1, '01 10:01'),
    );
    expect(dealingsOf(shop, 17850).commands[0]?.at).toBe(london('2011-01-01T10:00'));
  });

  it('gives cancelled units back to the oldest purchases first, one refund per order, lines summed', () => {
    expect(
      commandsOf(
        row('500001', '10001', 2, '01 10:00'),
        row('500001', '10001', 2, '01 10:00'),
        row('500002', '10001', 5, '02 10:00'),
        row('C500003', '10001', -3, '03 10:00'),
        row('C500003', '10001', -3, '03 10:00'),
      ),
    ).toEqual([
      'order-500001 2=200 2=200',
      'order-500002 5=500',
      'refund-C500003-500001 0:2 1:2',
      'refund-C500003-500002 0:2',
    ]);
  });

  it('leaves a unit unmatched whose purchase comes later, and does not hand it to a later cancellation', () => {
    const shop = tiny(
      row('C500001', '10001', -2, '01 10:00'),
      row('500002', '10001', 3, '02 10:00'),
      row('C500003', '10001', -2, '03 10:00'),
    );
    const { commands, cancelledUnits, unmatchedUnits } = dealingsOf(shop, 17850);
    expect(commands.map(summary)).toEqual(['order-500002 3=300', 'refund-C500003-500002 0:1']);
    expect({ cancelledUnits, unmatchedUnits }).toEqual({ cancelledUnits: 4, unmatchedUnits: 3 });
  });

  it('puts an order before a refund at the same instant, whatever the file says', () => {
    expect(commandsOf(row('C500001', '10001', -1, '01 10:00'), row('500002', '10001', 1, '01 10:00'))).toEqual([
      'order-500002 1=100',
      'refund-C500001-500002 0:1',
    ]);
  });

  it('keeps stock codes and customers apart when it matches', () => {
    const shop = tiny(
      row('500001', '10001', 1, '01 10:00'),
      row('C500002', '10001A', -1, '02 10:00'),
      row('C500003', '10001', -1, '03 10:00', '1.00', '12347.0'),
    );
    expect(allCommands(shop).map(summary)).toEqual(['order-500001 1=100']);
  });

  it('skips what is neither, by the first reason that applies', () => {
    const shop = tiny(
      row('A500001', 'B', 1, '01 10:00', '1.00', ''),
      row('500002', 'POST', 1, '01 10:00', '1.00', ''),
      row('500003', 'POST', 0, '01 10:00'),
      row('500004', '10001', -1, '01 10:00', '0.00'),
      row('C500005', '10001', 1, '01 10:00'),
      row('500006', '10001', 1, '01 10:00', '0.00'),
    );
    const counts = {
      adjustment: 1,
      guest: 1,
      'not-goods': 1,
      'bad-quantity': 2,
      'bad-price': 1,
      order: 0,
      cancellation: 0,
    };
    expect(tally(shop)).toEqual(counts);
  });
});

describe('the whole real history', () => {
  it('has the counts that the SQL over the raw rows finds', () => {
    const shop = openShop(history, program.zone);
    const commands = allCommands(shop);
    const orders = commands.filter((command) => command.kind === 'receive-order');
    const dealings = [...shop.runsOf.keys()].map((customer) => dealingsOf(shop, customer));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(tally(shop)).toEqual({ 'bad-quantity': 0, ...golden.rows });
    expect({
      orders: orders.length,
      lines: sum(orders.map(({ lines }) => lines.length)),
      paidPence: sum(orders.flatMap(({ lines }) => lines.map(({ paid }) => paid))),
      refunds: commands.length - orders.length,
      cancelledUnits: sum(dealings.map((one) => one.cancelledUnits)),
      unmatchedUnits: sum(dealings.map((one) => one.unmatchedUnits)),
    }).toEqual(
      expect.objectContaining({
        orders: golden.totals.orders,
        lines: golden.totals.lines,
        paidPence: golden.totals.paidPence,
        refunds: golden.totals.refunds,
        cancelledUnits: golden.totals.cancelledUnits,
        unmatchedUnits: golden.totals.unmatchedUnits,
      }),
    );
  });

  it('gives every command its own id, in time order', () => {
    const commands = allCommands(openShop(history, program.zone));
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
    expect(commands.every(({ at }, i) => at >= (commands[i - 1]?.at ?? 0))).toBe(true);
  });

  it('folds to the balances and levels of the SQL, customer by customer', () => {
    const shop = openShop(history, program.zone);
    const today = Date.UTC(2011, 9, 1) / 86_400_000;
    const lines = [...shop.runsOf.keys()]
      .sort((a, b) => a - b)
      .flatMap((customer) => {
        const { commands } = dealingsOf(shop, customer);
        return commands.length === 0 ? [] : [normalForm(naiveBalance(customer, commands, program, today))];
      });
    expect(lines).toHaveLength(golden.totals.customers);
    expect(fingerprint(lines)).toBe(golden.sha256);
  });
});
