// SPDX-License-Identifier: MIT
/**
 * The compact copy of the shop's history: how it is laid out, and its reader.
 *
 * `data/online-retail.bin.gz` is a gzip stream; inside it, in this order (integers are unsigned
 * LEB128 "varints" unless said; `signed` is zigzag; a `text list` is a count, then length + UTF-8 each;
 * a `block` is a byte length and that many bytes):
 *
 *     "SOUKHIS1"                    magic, 8 bytes
 *     rows, runs                    counts
 *     start                         the first InvoiceDate, minutes since 1970-01-01 00:00 as if it were UTC
 *     codes, descriptions, prices, countries    text lists (prices keep the decimal text of the source)
 *     customers                     count, then each known customer number as a difference, ascending
 *     block invoice                 per run: signed difference of the number to the run before × 3 + prefix (0 '', 1 'C', 2 'A')
 *     block minute                  per run: minutes since the run before (rows are in time order)
 *     block customer                per run: 0 = guest, else 1 + index into customers
 *     block country                 per run: recency rank within the customer
 *     block length                  per run: rows in it
 *     block codeHigh, codeLow       per row: index into codes, one byte each
 *     block description             per row: recency rank within the stock code
 *     block price                   per row: recency rank within the stock code
 *     block quantity                per row: signed
 *     block newCountry, newDescription, newPrice     dictionary indexes, see below
 *
 * A *run* is a stretch of rows that share InvoiceNo, InvoiceDate, CustomerID and Country. A *recency rank* keeps, per context, the
 * values seen so far, latest first: rank r names the r-th and moves it to the front; a rank equal to the
 * list's length brings in a new value, whose dictionary index is the next varint of the `new…` block.
 */

/** Lines of all invoices, by column; row i belongs to run `runOfRow[i]`. Dictionaries are shared, do not change them. */
export interface History {
  readonly rowCount: number;
  readonly codes: readonly string[];
  readonly descriptions: readonly string[];
  /** Unit prices as the source writes them, e.g. `2.55`. */
  readonly prices: readonly string[];
  readonly countries: readonly string[];
  readonly runs: Runs;
  readonly runOfRow: Uint32Array;
  readonly code: Uint16Array;
  readonly description: Uint16Array;
  readonly price: Uint16Array;
  readonly quantity: Int32Array;
}

/** What the rows of one stretch share. `minute` counts local (shop) minutes since 1970-01-01 00:00. */
export interface Runs {
  readonly count: number;
  readonly invoice: readonly string[];
  readonly minute: Int32Array;
  /** Customer number; 0 for a guest. */
  readonly customer: Uint32Array;
  readonly country: Uint8Array;
  /** First row of each run, and the row count at the end: `count + 1` entries. */
  readonly firstRow: Uint32Array;
}

export const kMagic = 'SOUKHIS1';
export const kInvoicePrefixes = ['', 'C', 'A'] as const;

/** Thrown when the bytes are not a history: cut short, or another format. */
export class HistoryFormatError extends Error {
  override readonly name = 'HistoryFormatError';
}

class Reader {
  private offset = 0;
  constructor(private readonly bytes: Uint8Array) {}

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.offset++];
      if (byte === undefined) throw new HistoryFormatError('the history ends too early');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  take(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.bytes.length) throw new HistoryFormatError('the history ends too early');
    const part = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return part;
  }

  block(): Reader {
    return new Reader(this.take(this.varint()));
  }

  texts(): string[] {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    return Array.from({ length: this.varint() }, () => decoder.decode(this.take(this.varint())));
  }
}

/** Latest-first lists of values, one per context: the decoding half of the recency rank. */
class Recency {
  private readonly lists = new Map<number, number[]>();
  constructor(
    private readonly ranks: Reader,
    private readonly fresh: Reader,
  ) {}

  next(context: number): number {
    let list = this.lists.get(context);
    if (list === undefined) this.lists.set(context, (list = []));
    const rank = this.ranks.varint();
    const value = rank === list.length ? this.fresh.varint() : list[rank];
    if (value === undefined) throw new HistoryFormatError('a recency rank points nowhere');
    for (let i = Math.min(rank, list.length); i > 0; i--) list[i] = list[i - 1] as number;
    list[0] = value;
    return value;
  }
}

interface Blocks {
  readonly invoice: Reader;
  readonly minute: Reader;
  readonly customer: Reader;
  readonly country: Reader;
  readonly length: Reader;
  readonly codeHigh: Reader;
  readonly codeLow: Reader;
  readonly description: Reader;
  readonly price: Reader;
  readonly quantity: Reader;
  readonly newCountry: Reader;
  readonly newDescription: Reader;
  readonly newPrice: Reader;
}

function readBlocks(reader: Reader): Blocks {
  return {
    invoice: reader.block(),
    minute: reader.block(),
    customer: reader.block(),
    country: reader.block(),
    length: reader.block(),
    codeHigh: reader.block(),
    codeLow: reader.block(),
    description: reader.block(),
    price: reader.block(),
    quantity: reader.block(),
    newCountry: reader.block(),
    newDescription: reader.block(),
    newPrice: reader.block(),
  };
}

function readCustomers(reader: Reader): number[] {
  let number = 0;
  return Array.from({ length: reader.varint() }, () => (number += reader.varint()));
}

function invoiceText(number: number, prefix: number): string {
  return `${kInvoicePrefixes[prefix] ?? ''}${number}`;
}

function readRuns(count: number, start: number, customers: readonly number[], blocks: Blocks): Runs {
  const invoice: string[] = [];
  const minute = new Int32Array(count);
  const customer = new Uint32Array(count);
  const country = new Uint8Array(count);
  const firstRow = new Uint32Array(count + 1);
  const countries = new Recency(blocks.country, blocks.newCountry);
  let number = 0;
  let now = start;
  for (let run = 0; run < count; run++) {
    const packed = blocks.invoice.varint();
    const step = Math.floor(packed / 3);
    number += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
    invoice.push(invoiceText(number, packed % 3));
    minute[run] = now += blocks.minute.varint();
    const index = blocks.customer.varint();
    customer[run] = index === 0 ? 0 : (customers[index - 1] ?? 0);
    country[run] = countries.next(index);
    firstRow[run + 1] = (firstRow[run] ?? 0) + blocks.length.varint();
  }
  return { count, invoice, minute, customer, country, firstRow };
}

type Rows = Pick<History, 'runOfRow' | 'code' | 'description' | 'price' | 'quantity'>;

function readRows(rowCount: number, runs: Runs, blocks: Blocks): Rows {
  const runOfRow = new Uint32Array(rowCount);
  const code = new Uint16Array(rowCount);
  const description = new Uint16Array(rowCount);
  const price = new Uint16Array(rowCount);
  const quantity = new Int32Array(rowCount);
  const high = blocks.codeHigh.take(rowCount);
  const low = blocks.codeLow.take(rowCount);
  const descriptions = new Recency(blocks.description, blocks.newDescription);
  const prices = new Recency(blocks.price, blocks.newPrice);
  for (let row = 0, run = 0; row < rowCount; row++) {
    while ((runs.firstRow[run + 1] ?? rowCount) <= row) run++;
    const index = (high[row] as number) * 256 + (low[row] as number);
    runOfRow[row] = run;
    code[row] = index;
    description[row] = descriptions.next(index);
    price[row] = prices.next(index);
    quantity[row] = blocks.quantity.signed();
  }
  return { runOfRow, code, description, price, quantity };
}

/**
 * Reads a history.
 *
 * @param bytes  The layout above, already gunzipped.
 * @throws HistoryFormatError if the bytes are cut short or are something else.
 * @complexity O(rows); some 100 ms for the whole real history.
 */
export function decodeHistory(bytes: Uint8Array): History {
  const reader = new Reader(bytes);
  const magic = String.fromCharCode(...reader.take(kMagic.length));
  if (magic !== kMagic) throw new HistoryFormatError(`not a history: starts with ${JSON.stringify(magic)}`);
  const rowCount = reader.varint();
  const runCount = reader.varint();
  const start = reader.varint();
  const [codes, descriptions, prices, countries] = [reader.texts(), reader.texts(), reader.texts(), reader.texts()];
  const customers = readCustomers(reader);
  const blocks = readBlocks(reader);
  const runs = readRuns(runCount, start, customers, blocks);
  if (runs.firstRow[runCount] !== rowCount) throw new HistoryFormatError('runs and rows disagree');
  return { rowCount, codes, descriptions, prices, countries, runs, ...readRows(rowCount, runs, blocks) };
}

/** Gunzips and reads a history with what browsers and Node 18+ both have. */
export async function readHistory(gzipped: Uint8Array<ArrayBuffer>): Promise<History> {
  const stream = new Blob([gzipped]).stream().pipeThrough(new DecompressionStream('gzip'));
  return decodeHistory(new Uint8Array(await new Response(stream).arrayBuffer()));
}
