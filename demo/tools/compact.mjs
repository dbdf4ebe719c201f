// SPDX-License-Identifier: MIT
/**
 * Makes the compact copy of the history: `node demo/tools/compact.mjs CSV [OUT]`.
 *
 * CSV may be xz-compressed (`.xz`, needs the `xz` program). The copy is read back and compared with the
 * CSV byte for byte before it is written; a difference is an error.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadTs } from './load-ts.mjs';

const [source, target = fileURLToPath(new URL('../data/online-retail.bin.gz', import.meta.url))] =
  process.argv.slice(2);
if (source === undefined) {
  console.error('usage: node demo/tools/compact.mjs online_retail.csv[.xz] [OUT]');
  process.exit(2);
}

const csv = source.endsWith('.xz') ? execFileSync('xz', ['-dc', source], { maxBuffer: 2 ** 30 }) : readFileSync(source);
const { parseCsv, csvChunks } = await loadTs('src/history/csv.ts');
const { decodeHistory } = await loadTs('src/history/codec.ts');
const { encodeHistory } = await loadTs('src/history/encode.ts');

const rows = [...parseCsv(new TextDecoder('utf-8', { fatal: true }).decode(csv))];
const bytes = encodeHistory(rows);
const back = Buffer.from([...csvChunks(decodeHistory(bytes))].join(''));
if (!back.equals(csv)) throw new Error('the copy does not give the CSV back');

const gzipped = gzipSync(bytes, { level: 9 });
writeFileSync(target, gzipped);
const sha256 = createHash('sha256').update(csv).digest('hex');
console.log(
  JSON.stringify({
    rows: rows.length,
    csvBytes: csv.length,
    sha256,
    bytes: bytes.length,
    gzipped: gzipped.length,
    target,
  }),
);
