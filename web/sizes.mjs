// SPDX-License-Identifier: MIT
// Sizes on the wire of what the package ships: raw, gzip at level 9 and brotli at quality 11, over the exact published files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** What a page or host loads for each entry. `core` is the promise: wasm and code together. */
const entries = {
  core: ['index.js', 'souk.wasm'],
  'core, code alone': ['index.js'],
  'core, wasm alone': ['souk.wasm'],
  'without wasm (the JavaScript build)': ['index.js', 'souk-js.js'],
  inline: ['index.inline.js'],
  workerd: ['index.workerd.js', 'souk.wasm'],
  reporter: ['reporter.js'],
  page: ['page.js'],
  'command line': ['bin/souk.mjs', 'bin/souk-cli.mjs', 'bin/souk-cli.wasm'],
};

/** Limits in bytes of brotli: what was reached, so that it never grows unseen. */
const budgets = { core: 106_000, reporter: 6_144, page: 6_144 };

function sizeOf(file) {
  const bytes = readFileSync(file);
  const quality = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  };
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, quality).length,
  };
}

const sum = (parts) => ({
  raw: parts.reduce((total, part) => total + part.raw, 0),
  gzip: parts.reduce((total, part) => total + part.gzip, 0),
  brotli: parts.reduce((total, part) => total + part.brotli, 0),
});

/** Bytes per entry of a built package. */
export function measure(dist) {
  return Object.fromEntries(
    Object.entries(entries).map(([name, files]) => [name, sum(files.map((file) => sizeOf(join(dist, file))))]),
  );
}

/** The sizes as text, one entry a line. */
export function table(sizes) {
  const cell = (value) => String(value).padStart(10);
  const rows = Object.entries(sizes).map(
    ([name, size]) => `${name.padEnd(38)}${cell(size.raw)}${cell(size.gzip)}${cell(size.brotli)}`,
  );
  return [`${'entry'.padEnd(38)}${cell('raw')}${cell('gzip')}${cell('brotli')}`, ...rows].join('\n');
}

/** One sentence per entry that is bigger than its budget. */
export function overBudget(sizes) {
  return Object.entries(budgets)
    .filter(([name, limit]) => sizes[name].brotli > limit)
    .map(([name, limit]) => `The entry '${name}' is ${sizes[name].brotli} bytes of brotli; its budget is ${limit}.`);
}
