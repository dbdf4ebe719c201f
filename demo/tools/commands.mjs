// SPDX-License-Identifier: MIT
/**
 * The whole real history as commands, one JSON document per line: `node demo/tools/commands.mjs [OUT]` (default: standard output).
 * A summary goes to standard error. `--customers 17850,12748` keeps only these accounts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadTs } from './load-ts.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { customers: { type: 'string' } } });
const here = (path) => new URL(path, import.meta.url);
const { readHistory } = await loadTs('src/history/codec.ts');
const { openShop, allCommands } = await loadTs('src/history/orders.ts');

const program = JSON.parse(readFileSync(here('../program.json'), 'utf8'));
const history = await readHistory(readFileSync(here('../data/online-retail.bin.gz')));
const wanted = values.customers === undefined ? null : new Set(values.customers.split(','));
const commands = allCommands(openShop(history, program.zone)).filter(({ account }) => wanted?.has(account) ?? true);
const text = commands.map((command) => `${JSON.stringify(command)}\n`).join('');
if (positionals[0] === undefined) process.stdout.write(text);
else writeFileSync(positionals[0], text);

const orders = commands.filter(({ kind }) => kind === 'receive-order').length;
const bytes = Buffer.byteLength(text);
console.error(JSON.stringify({ commands: commands.length, orders, refunds: commands.length - orders, bytes }));
