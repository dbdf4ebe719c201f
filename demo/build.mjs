// SPDX-License-Identifier: MIT
/**
 * Builds the demo into `demo/dist`: `node demo/build.mjs [--souk build/native-release/souk]`.
 *
 * Needs the native program, which makes the pack from the real orders, and `web/dist`, the package that the page imports.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { loadTs } from './tools/load-ts.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({ options: { souk: { type: 'string', default: here('../build/native-release/souk') } } });

const kFolder = here('../build/demo');
const kPack = `${kFolder}/pack.souk`;
const kHistory = here('data/online-retail.bin.gz');

function upToDate() {
  if (!existsSync(kPack)) return false;
  const made = statSync(kPack).mtimeMs;
  return [kHistory, values.souk].every((source) => statSync(source).mtimeMs < made);
}

async function makePack() {
  if (upToDate()) return;
  const { readHistory } = await loadTs('src/history/codec.ts');
  const { csvChunks } = await loadTs('src/history/csv.ts');
  const csv = `${kFolder}/online-retail.csv`;
  mkdirSync(kFolder, { recursive: true });
  writeFileSync(csv, [...csvChunks(await readHistory(await readFile(kHistory)))].join(''));
  try {
    execFileSync(values.souk, ['pack', 'build', '--orders', csv, '--out', kFolder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    rmSync(csv);
  }
}

await makePack();
await build({ configFile: here('vite.config.ts'), logLevel: 'warn' });
console.log(`demo: built in ${here('dist')}`);
