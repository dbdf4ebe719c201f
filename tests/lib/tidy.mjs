// SPDX-License-Identifier: MIT
// Runs clang-tidy 19 over the engine's entries of a compile_commands.json, every warning an error.
// A source whose text, project headers, flags and .clang-tidy are those of its last clean run is not checked again:
// the hashes are kept in BUILD/tidy.json, so that a second run costs seconds.
//
//   node tests/lib/tidy.mjs BUILD

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = process.cwd();
const build = process.argv[2];
const record = resolve(build, 'tidy.json');
const wide = { maxBuffer: 64 * 1024 * 1024 };

function ownEntries() {
  const entries = JSON.parse(readFileSync(resolve(build, 'compile_commands.json'), 'utf8'));
  return entries.filter(({ file }) => relative(root, file).startsWith('engine/'));
}

/** The project's files that a source includes, itself first, as make's dependency rule lists them. */
async function ownDependencies({ command, directory }) {
  const listing = `${command.replace(/ -o \S+/, '')} -MM`;
  const { stdout } = await run('sh', ['-c', listing], { cwd: directory, ...wide });
  const files = stdout
    .replace(/^[^:]*:/, '')
    .replace(/\\\n/g, ' ')
    .trim()
    .split(/\s+/);
  const paths = files.map((file) => resolve(directory, file));
  return paths.filter((path) => !relative(root, path).startsWith('.'));
}

async function hashOf(entry) {
  const hash = createHash('sha256').update(entry.command);
  for (const path of [resolve(root, '.clang-tidy'), ...(await ownDependencies(entry))]) {
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function readRecord() {
  try {
    return JSON.parse(readFileSync(record, 'utf8'));
  } catch {
    return {};
  }
}

/** Checks one source. Returns the hash it passed with, or undefined after printing what clang-tidy found. */
async function check(entry, known) {
  const name = relative(root, entry.file);
  const hash = await hashOf(entry);
  if (known === hash) return hash;
  const started = Date.now();
  try {
    await run(
      'clang-tidy-19',
      ['-p', build, '--quiet', '--warnings-as-errors=*', '--extra-arg=-Wno-unknown-warning-option', entry.file],
      wide,
    );
  } catch (error) {
    console.log(`${name}: clang-tidy\n${error.stdout}${error.stdout ? '' : error.stderr}`);
    return undefined;
  }
  console.log(`${name}: clean (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return hash;
}

const entries = ownEntries();
const before = readRecord();
const after = {};
let failures = 0;

async function work() {
  for (let entry = entries.shift(); entry; entry = entries.shift()) {
    const name = relative(root, entry.file);
    const hash = await check(entry, before[name]);
    if (hash) after[name] = hash;
    else failures += 1;
  }
}

const total = entries.length;
await Promise.all(Array.from({ length: availableParallelism() }, work));
writeFileSync(record, JSON.stringify(after, null, 2));
console.log(`${total - failures} of ${total} sources are clean`);
process.exitCode = failures > 0 || total === 0 ? 1 : 0;
