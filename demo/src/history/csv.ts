// SPDX-License-Identifier: MIT
/**
 * The source's own form: a CSV of eight columns, RFC 4180 quoting, LF line ends. Reading and writing
 * are exact inverses on it, which is how the compact copy is proven lossless.
 */
import type { History } from './codec.js';

export const kCsvHeader = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** One line of the source, every field as its text. */
export type CsvRow = readonly [
  invoice: string,
  code: string,
  description: string,
  quantity: string,
  date: string,
  price: string,
  customer: string,
  country: string,
];

function quoted(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** `2010-12-01 08:26:00` of local minutes since 1970-01-01 00:00. */
export function dateText(minute: number): string {
  return new Date(minute * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** One row of the history as the source's CSV line, without its line end. */
export function csvLine(history: History, row: number): string {
  const { runs } = history;
  const run = history.runOfRow[row] ?? 0;
  const customer = runs.customer[run] ?? 0;
  return [
    runs.invoice[run] ?? '',
    history.codes[history.code[row] ?? 0] ?? '',
    quoted(history.descriptions[history.description[row] ?? 0] ?? ''),
    String(history.quantity[row]),
    dateText(runs.minute[run] ?? 0),
    history.prices[history.price[row] ?? 0] ?? '',
    customer === 0 ? '' : `${customer}.0`,
    quoted(history.countries[runs.country[run] ?? 0] ?? ''),
  ].join(',');
}

/** The source's CSV, whole, in pieces of some thousand lines. */
export function* csvChunks(history: History, rowsPerChunk = 10_000): Generator<string> {
  yield `${kCsvHeader}\n`;
  for (let row = 0; row < history.rowCount; row += rowsPerChunk) {
    const end = Math.min(row + rowsPerChunk, history.rowCount);
    let chunk = '';
    for (let i = row; i < end; i++) chunk += `${csvLine(history, i)}\n`;
    yield chunk;
  }
}

const kField = /("(?:[^"]|"")*"|[^",\n]*)(,|\n|$)/y;

/** Rows of a CSV text in the source's form. Throws on another header or a row without eight fields. */
export function* parseCsv(text: string): Generator<CsvRow> {
  if (!text.startsWith(`${kCsvHeader}\n`)) throw new Error(`the CSV must start with ${kCsvHeader}`);
  kField.lastIndex = kCsvHeader.length + 1;
  while (kField.lastIndex < text.length) {
    const start = kField.lastIndex;
    const fields: string[] = [];
    for (let end = ','; end === ',';) {
      const match = kField.exec(text);
      if (match === null) throw new Error(`unreadable CSV at character ${start}`);
      const field = match[1] ?? '';
      fields.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
      end = match[2] ?? '';
    }
    if (fields.length !== 8) throw new Error(`${fields.length} fields instead of 8 at character ${start}`);
    yield fields as unknown as CsvRow;
  }
}
