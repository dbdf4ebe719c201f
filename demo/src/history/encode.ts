// SPDX-License-Identifier: MIT
/** Writes the layout described in `codec.ts`. Used by `tools/compact.mjs` and tests, never by the page. */
import { kInvoicePrefixes, kMagic } from './codec.js';
import type { CsvRow } from './csv.js';

class Writer {
  private readonly bytes: number[] = [];

  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a count: ${value}`);
    for (; value > 127; value = Math.floor(value / 128)) this.bytes.push((value % 128) + 128);
    this.bytes.push(value);
  }

  signed(value: number): void {
    this.varint(zigzag(value));
  }

  raw(bytes: Iterable<number>): void {
    for (const byte of bytes) this.bytes.push(byte);
  }

  block(part: Writer): void {
    this.varint(part.bytes.length);
    this.raw(part.bytes);
  }

  texts(list: readonly string[]): void {
    this.varint(list.length);
    for (const text of list) {
      const encoded = new TextEncoder().encode(text);
      this.varint(encoded.length);
      this.raw(encoded);
    }
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** The encoding half of the recency rank. */
class Recency {
  readonly ranks = new Writer();
  readonly fresh = new Writer();
  private readonly lists = new Map<number, number[]>();

  push(context: number, value: number): void {
    let list = this.lists.get(context);
    if (list === undefined) this.lists.set(context, (list = []));
    const rank = list.indexOf(value);
    this.ranks.varint(rank < 0 ? list.length : rank);
    if (rank < 0) this.fresh.varint(value);
    else list.splice(rank, 1);
    list.unshift(value);
  }
}

/** Distinct texts, most frequent first (ties by text), so that frequent ones get small numbers. */
function dictionary(texts: Iterable<string>): { list: string[]; index: Map<string, number> } {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const byUse = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const list = byUse.map(([text]) => text);
  return { list, index: new Map(list.map((text, at) => [text, at])) };
}

function minuteOf(date: string): number {
  const ms = Date.parse(`${date.replace(' ', 'T')}Z`);
  if (!Number.isInteger(ms / 60_000)) throw new RangeError(`not a whole minute: ${date}`);
  return ms / 60_000;
}

function invoiceParts(invoice: string): { prefix: number; number: number } {
  const match = /^([CA]?)([1-9]\d*)$/.exec(invoice);
  if (match === null) throw new RangeError(`not an invoice number: ${invoice}`);
  const prefix = (kInvoicePrefixes as readonly string[]).indexOf(match[1] ?? '');
  return { prefix, number: Number(match[2]) };
}

function customerOf(text: string): number {
  if (text === '') return 0;
  if (!/^[1-9]\d*\.0$/.test(text)) throw new RangeError(`not a customer number: ${text}`);
  return parseInt(text, 10);
}

interface Run {
  readonly first: CsvRow;
  length: number;
}

function runsOf(rows: readonly CsvRow[]): Run[] {
  const runs: Run[] = [];
  let last = '';
  for (const row of rows) {
    const key = [row[0], row[4], row[6], row[7]].join('|');
    if (key !== last) runs.push({ first: row, length: 0 });
    (runs.at(-1) as Run).length++;
    last = key;
  }
  return runs;
}

function writeCustomers(out: Writer, runs: readonly Run[]): Map<number, number> {
  const distinct = new Set(runs.map((run) => customerOf(run.first[6])).filter((id) => id > 0));
  const known = [...distinct].sort((a, b) => a - b);
  out.varint(known.length);
  known.forEach((id, at) => out.varint(id - (known[at - 1] ?? 0)));
  return new Map([[0, 0], ...known.map((id, at) => [id, at + 1] as const)]);
}

function writeRuns(runs: readonly Run[], start: number, customers: Map<number, number>, country: Map<string, number>) {
  const [invoice, minute, customer, length] = [new Writer(), new Writer(), new Writer(), new Writer()];
  const countries = new Recency();
  let number = 0;
  let now = start;
  for (const { first, length: rows } of runs) {
    const parts = invoiceParts(first[0]);
    const context = customers.get(customerOf(first[6])) as number;
    invoice.varint(zigzag(parts.number - number) * 3 + parts.prefix);
    minute.varint(minuteOf(first[4]) - now);
    customer.varint(context);
    countries.push(context, country.get(first[7]) as number);
    length.varint(rows);
    number = parts.number;
    now = minuteOf(first[4]);
  }
  return { blocks: [invoice, minute, customer, countries.ranks, length], newCountry: countries.fresh };
}

function writeRows(
  rows: readonly CsvRow[],
  code: Map<string, number>,
  text: Map<string, number>,
  price: Map<string, number>,
) {
  const [high, low, quantity] = [new Writer(), new Writer(), new Writer()];
  const [texts, prices] = [new Recency(), new Recency()];
  for (const row of rows) {
    const context = code.get(row[1]) as number;
    high.raw([context >> 8]);
    low.raw([context & 255]);
    texts.push(context, text.get(row[2]) as number);
    prices.push(context, price.get(row[5]) as number);
    quantity.signed(Number(row[3]));
  }
  return { blocks: [high, low, texts.ranks, prices.ranks, quantity], fresh: [texts.fresh, prices.fresh] };
}

/**
 * Writes a history from the source's rows (in time order), not gzipped.
 *
 * @throws RangeError if a field cannot be kept exactly (an odd invoice number, seconds, …).
 */
export function encodeHistory(rows: readonly CsvRow[]): Uint8Array {
  const [code, text, price, country] = ([1, 2, 5, 7] as const).map((column) =>
    dictionary(rows.map((row) => row[column])),
  );
  if (!code || !text || !price || !country) throw new RangeError('unreachable: four dictionaries');
  const runs = runsOf(rows);
  const start = minuteOf(rows[0]?.[4] ?? '1970-01-01 00:00:00');
  const out = new Writer();
  out.raw(new TextEncoder().encode(kMagic));
  [rows.length, runs.length, start].forEach((count) => out.varint(count));
  [code, text, price, country].forEach(({ list }) => out.texts(list));
  const customers = writeCustomers(out, runs);
  const runPart = writeRuns(runs, start, customers, country.index);
  const rowPart = writeRows(rows, code.index, text.index, price.index);
  for (const block of [...runPart.blocks, ...rowPart.blocks, runPart.newCountry, ...rowPart.fresh]) out.block(block);
  return out.finish();
}
