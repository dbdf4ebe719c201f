// SPDX-License-Identifier: MIT
/**
 * Runs `history-oracle.sql` in PGlite over the raw history: `node tests/demo/history-oracle.mjs [--update]`.
 *
 * Prints {totals, levels, customers: [per-customer normal form, sorted], sha256}. `--update` stores the golden instead.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { loadTs } from '../../demo/tools/load-ts.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const kRawTable = `CREATE TABLE raw (row serial, invoice text, code text, description text, quantity int,
  date timestamp, price numeric, customer text, country text)`;

const kTotals = `SELECT
  (SELECT count(DISTINCT invoice) FROM purchase)::int AS orders,
  (SELECT count(*) FROM purchase)::int AS lines,
  (SELECT count(*) FROM balance)::int AS customers,
  (SELECT sum(paid) FROM purchase)::float8 AS "paidPence",
  (SELECT count(DISTINCT (refund, invoice)) FROM refunded)::int AS refunds,
  (SELECT sum(units) FROM refunded)::int AS "refundedUnits",
  (SELECT sum(-quantity) FROM cancellation)::int AS "cancelledUnits",
  (SELECT sum(-quantity) FROM cancellation)::int - (SELECT sum(units) FROM refunded)::int AS "unmatchedUnits",
  (SELECT sum(points) FROM lot)::int AS awarded,
  (SELECT sum(active) FROM balance)::int AS active, (SELECT sum(pending) FROM balance)::int AS pending,
  (SELECT sum(expired) FROM balance)::int AS expired, (SELECT sum(clawed_back) FROM balance)::int AS "clawedBack"`;

/** The history's CSV, from the compact copy that is proven to be the source's text. */
async function csvText() {
  const { readHistory } = await loadTs('src/history/codec.ts');
  const { csvChunks } = await loadTs('src/history/csv.ts');
  return [...csvChunks(await readHistory(readFileSync(here('../../demo/data/online-retail.bin.gz'))))].join('');
}

async function counts(db, query) {
  return Object.fromEntries((await db.query(query)).rows.map(({ name, count }) => [name, count]));
}

/**
 * One line per customer.
 *
 * @param {{ customer: number, active: number, pending: number, expired: number, clawedBack: number, debt: number, growth: number, level: string }} balance
 * @returns {string} `customer,active,pending,expired,clawedBack,debt,growth,level` and a line end
 */
export function normalForm({ customer, active, pending, expired, clawedBack, debt, growth, level }) {
  return `${customer},${active},${pending},${expired},${clawedBack},${debt},${growth},${level}\n`;
}

/**
 * SHA-256 of the normal form of all customers.
 *
 * @param {readonly string[]} lines  sorted by customer number
 * @returns {string} in hexadecimal
 */
export function fingerprint(lines) {
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/**
 * Runs the oracle. About 25 s on two cores.
 *
 * @returns {Promise<{ at: string, totals: object, rows: object, levels: object, customers: string[], sha256: string }>}
 */
export async function runOracle() {
  const db = await PGlite.create();
  await db.exec(kRawTable);
  await db.query(
    "COPY raw (invoice, code, description, quantity, date, price, customer, country) FROM '/dev/blob' WITH (FORMAT csv, HEADER true)",
    [],
    { blob: new Blob([await csvText()]) },
  );
  await db.exec(readFileSync(here('history-oracle.sql'), 'utf8'));
  const totals = (await db.query(kTotals)).rows[0];
  const rows = await counts(db, 'SELECT what AS name, count(*)::int AS count FROM line GROUP BY what ORDER BY what');
  const levels = await counts(
    db,
    'SELECT name, (SELECT count(*) FROM balance WHERE level = name)::int AS count FROM levels ORDER BY threshold',
  );
  const balances = await db.query(
    'SELECT customer, active, pending, expired, clawed_back AS "clawedBack", debt, growth, level FROM balance ORDER BY customer',
  );
  await db.close();
  const customers = balances.rows.map(normalForm);
  return { at: '2011-10-01T00:00 Europe/London', totals, rows, levels, customers, sha256: fingerprint(customers) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { customers, ...summary } = await runOracle();
  if (process.argv.includes('--update')) {
    writeFileSync(here('history-golden.json'), `${JSON.stringify(summary, null, 2)}\n`);
  } else {
    console.log(JSON.stringify({ ...summary, customers: customers.map((line) => line.trimEnd()) }, null, 1));
  }
}
