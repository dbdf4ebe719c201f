// SPDX-License-Identifier: MIT
/** The demo's goods: readable titles, last prices, and a picture for each that never changes. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { motifOf } from '../../demo/src/art/choose.js';
import { kMotifs } from '../../demo/src/art/motifs.js';
import { artworkOf, drawArtwork } from '../../demo/src/artwork.js';
import { catalogueOf, tidyTitle, type Product } from '../../demo/src/catalogue.js';
import { decodeHistory, readHistory } from '../../demo/src/history/codec.js';
import { kCsvHeader, parseCsv } from '../../demo/src/history/csv.js';
import { encodeHistory } from '../../demo/src/history/encode.js';
import { openShop } from '../../demo/src/history/orders.js';
import type { ZoneTable } from '../../demo/src/history/zone.js';

const fileOf = (path: string): URL => new URL(`../../demo/${path}`, import.meta.url);
const { zone } = JSON.parse(readFileSync(fileOf('program.json'), 'utf8')) as { zone: ZoneTable };

let catalogue: ReadonlyMap<string, Product>;
beforeAll(async () => {
  catalogue = catalogueOf(
    openShop(await readHistory(new Uint8Array(readFileSync(fileOf('data/online-retail.bin.gz')))), zone),
  );
});

describe('titles', () => {
  it.each([
    ['WHITE HANGING HEART T-LIGHT HOLDER', 'White Hanging Heart T-Light Holder'],
    ['SET/3 RED GINGHAM ROSE,STORAGE BOX ', 'Set of 3 Red Gingham Rose, Storage Box'],
    ['S/4 ICON COASTER,ELVIS LIVES', 'Set of 4 Icon Coaster, Elvis Lives'],
    ['ROUND SNACK BOXES SET OF4 WOODLAND', 'Round Snack Boxes Set of 4 Woodland'],
    ["IF YOU CAN'T STAND THE HEAT MUG", "If You Can't Stand the Heat Mug"],
    ['3D SHEET OF CAT STICKERS', '3D Sheet of Cat Stickers'],
    ['TREE W/ LED LIGHTS 45CM', 'Tree with LED Lights 45cm'],
    ['KEY FOB , SHED', 'Key Fob, Shed'],
    ['3 PIECE SPACEBOY COOKIE CUTTER SET', '3 Piece Spaceboy Cookie Cutter Set'],
    ['Next Day Carriage', 'Next Day Carriage'],
  ])('reads %s as %s', (source, title) => {
    expect(tidyTitle(source)).toBe(title);
  });
});

describe('catalogue', () => {
  const line = (invoice: string, code: string, text: string, price: string, quantity = 1) =>
    `${invoice},${code},${text},${quantity},2011-01-01 10:00:00,${price},,United Kingdom`;

  it('takes the most frequent title, the last price, and counts invoices', () => {
    const lines = [
      line('500001', '10001', 'OLD MUG', '1.00'),
      line('500001', '10001', 'RED MUG', '1.00'),
      line('500002', '10001', 'RED MUG', '2.50'),
      line('500003', '10001', 'damaged', '0.00'),
      line('C500004', '10001', 'RED MUG', '9.00', -1),
      line('500005', 'POST', 'POSTAGE', '4.00'),
    ];
    const shop = openShop(decodeHistory(encodeHistory([...parseCsv(`${[kCsvHeader, ...lines].join('\n')}\n`)])), zone);
    expect([...catalogueOf(shop).values()]).toEqual([{ code: '10001', title: 'Red Mug', price: 250, orders: 2 }]);
  });

  it('has a title and a price above zero for all goods of the real history', () => {
    expect(catalogue.size).toBe(3723);
    for (const { title, price } of catalogue.values()) {
      expect(title).toMatch(/\S/);
      expect(price).toBeGreaterThan(0);
    }
  });
});

describe('artwork', () => {
  it('draws what the title names', () => {
    const named = {
      'Party Bunting': 'bunting',
      'Red Alarm Clock': 'clock',
      'Lunch Bag Suki': 'lunchbag',
      'Cook with Wine Metal Sign': 'sign',
    };
    for (const [title, motif] of Object.entries(named)) expect(motifOf('10001', title)).toBe(motif);
  });

  it('never takes a word inside another: a pantry is no pan, an earring no ring', () => {
    expect(motifOf('10001', 'Pearl Earrings')).toBe('earrings');
    expect(motifOf('10001', 'Spring Teapot')).toBe('teapot');
  });

  it('uses every motif, and none for more than one product in twenty', () => {
    const uses = new Map<string, number>();
    for (const { code, title } of catalogue.values())
      uses.set(motifOf(code, title), (uses.get(motifOf(code, title)) ?? 0) + 1);
    expect([...uses.keys()].sort()).toEqual(Object.keys(kMotifs).sort());
    expect(Math.max(...uses.values())).toBeLessThan(catalogue.size / 20);
  });

  it('is the same for ever', () => {
    const hash = createHash('sha256');
    for (const { code, title } of catalogue.values()) hash.update(JSON.stringify(artworkOf(code, title)));
    expect(hash.digest('hex')).toMatchInlineSnapshot(
      `"0fce6332fb75e47b37d2cc48ef485affb72fd20a6fd2e7c8dd4a41be336c106a"`,
    );
  });

  it('is built of elements and presentation attributes only: no style, no script, no link', () => {
    const elements = [...catalogue.values()].flatMap(({ code, title }) => artworkOf(code, title).elements);
    const names = new Set(elements.flatMap(({ attributes }) => Object.keys(attributes)));
    expect(new Set(elements.map(({ tag }) => tag))).toEqual(new Set(['rect', 'circle', 'ellipse', 'path']));
    expect([...names].filter((name) => /^(on|style|href|class|id)/.test(name))).toEqual([]);
  });

  it('draws into a document without parsing any text', () => {
    const made: string[] = [];
    const createElementNS = (_: string, tag: string) => {
      made.push(tag);
      return { setAttribute: () => undefined, append: () => undefined };
    };
    const artwork = artworkOf('85123A', 'White Hanging Heart T-Light Holder');
    drawArtwork({ createElementNS } as unknown as Document, artwork);
    expect(made).toEqual(['svg', ...artwork.elements.map(({ tag }) => tag)]);
  });
});
