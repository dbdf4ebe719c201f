// SPDX-License-Identifier: MIT
/** The history's CSV from its compact copy: `node demo/tools/expand.mjs [OUT]` (default: standard output). */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadTs } from './load-ts.mjs';

const { readHistory } = await loadTs('src/history/codec.ts');
const { csvChunks } = await loadTs('src/history/csv.ts');

const history = await readHistory(readFileSync(new URL('../data/online-retail.bin.gz', import.meta.url)));
const [target] = process.argv.slice(2);
const text = [...csvChunks(history)].join('');
if (target === undefined) process.stdout.write(text);
else writeFileSync(target, text);
