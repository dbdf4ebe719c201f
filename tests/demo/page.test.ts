// SPDX-License-Identifier: MIT
/** Parts of the demo page that need no browser: finding customers, addresses, words, and what is asked of the engine. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { boughtUntil, suggestionRequest } from '../../demo/src/advisor.js';
import { customersOf, findCustomers, type Customer } from '../../demo/src/customers.js';
import { readHistory } from '../../demo/src/history/codec.js';
import { dealingsOf, openShop, type Shop } from '../../demo/src/history/orders.js';
import type { ZoneTable } from '../../demo/src/history/zone.js';
import { count, lastDay, list, money, useZone } from '../../demo/src/page/words.js';
import { formatRoute, parseRoute } from '../../demo/src/route.js';
import golden from './history-golden.json' with { type: 'json' };

const fileOf = (path: string): URL => new URL(`../../demo/${path}`, import.meta.url);
const { zone } = JSON.parse(readFileSync(fileOf('program.json'), 'utf8')) as { zone: ZoneTable };

let shop: Shop;
let customers: readonly Customer[];
beforeAll(async () => {
  shop = openShop(await readHistory(new Uint8Array(readFileSync(fileOf('data/online-retail.bin.gz')))), zone);
  customers = customersOf(shop);
});

describe('customers', () => {
  it('are all who ever ordered, the biggest first, and paid what the SQL says', () => {
    expect(customers).toHaveLength(golden.totals.customers);
    expect(customers.reduce((sum, { paid }) => sum + paid, 0)).toBe(golden.totals.paidPence);
    expect(customers.reduce((sum, { orders }) => sum + orders, 0)).toBe(golden.totals.orders);
    expect(customers.every(({ paid }, i) => paid <= (customers[i - 1]?.paid ?? Infinity))).toBe(true);
  });

  it('are found by the start of their number and by a part of their country, in any case', () => {
    expect(findCustomers(customers, '14646', 8).map(({ number }) => number)).toEqual([14646]);
    expect(findCustomers(customers, 'IREL', 8).map(({ country }) => country)).toEqual([
      'Ireland',
      'Ireland',
      'Ireland',
    ]);
    expect(findCustomers(customers, ' 127', 8)).toHaveLength(8);
    expect(findCustomers(customers, 'nowhere', 8)).toEqual([]);
  });
});

describe('addresses', () => {
  it('come back from their text', () => {
    for (const route of [{ customer: 14646 }, { customer: 17850, day: 15114 }])
      expect(parseRoute(formatRoute(route))).toEqual(route);
    expect(formatRoute({ customer: 17850, day: 15114 })).toBe('#/17850/2011-05-20');
  });

  it('name nobody when they are something else, and no day when there is no such day', () => {
    expect(['', '#', '#/', '#/abc', '#/1/2/3', '/17850'].map(parseRoute)).toEqual(Array(6).fill(null));
    expect(parseRoute('#/17850/2011-13-45')).toEqual({ customer: 17850 });
  });
});

describe('words', () => {
  it('write pence as pounds, counts with their noun, and lists with “and”', () => {
    expect([money(123456), money(5)]).toEqual(['£1,234.56', '£0.05']);
    expect([count(0, 'point'), count(1, 'point'), count(2000, 'point'), count(2, 'story', 'stories')]).toEqual([
      'no points',
      '1 point',
      '2,000 points',
      '2 stories',
    ]);
    expect(list(['a', 'b', 'c'])).toBe('a, b and c');
  });

  it('name the last day on which something holds, in the shop’s zone', () => {
    useZone('Europe/London');
    expect(lastDay(Date.UTC(2011, 5, 30, 23))).toBe('30 Jun 2011');
  });
});

describe('questions to the engine', () => {
  it('hold what was bought by then, the most recent last, and nothing of later', () => {
    const { commands } = dealingsOf(shop, 17850);
    const [first, second] = commands.filter((command) => command.kind === 'receive-order');
    const items = boughtUntil(commands, first?.at ?? 0);
    expect(items[0]).toBe('85123A');
    expect(items).toHaveLength(first?.lines.length ?? 0);
    expect(boughtUntil(commands, second?.at ?? 0).length).toBeGreaterThan(items.length);
    expect(boughtUntil(commands, (first?.at ?? 0) - 1)).toEqual([]);
  });

  it('ask for reasons and leave delivery charges out', () => {
    expect(suggestionRequest(['85123A'], 6)).toMatchObject({
      history: ['85123A'],
      limit: 6,
      reasons: true,
      exclude: ['23444'],
    });
  });
});
