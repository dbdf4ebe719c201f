// SPDX-License-Identifier: MIT
// The README does what it says: its snippet is run against the built package and prints what the text promises, its commands exist and those
// that end by themselves are run, its table of codes and the protocol's page are what the program prints.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = `${root}build/native-release/souk`;
const readme = readFileSync(`${root}README.md`, 'utf8');
const checks = { passed: 0, failed: 0 };

function check(promise, holds, detail = '') {
  checks[holds ? 'passed' : 'failed'] += 1;
  console.log(`${holds ? 'ok' : 'FAILED'}: ${promise}${holds ? '' : `\n${detail}`}`);
}

function blocks(language) {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1]);
}

function run(file, args) {
  return execFileSync(file, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The program's output that a file of the repository must hold. `--write` puts it there instead. */
function generated(path, text, within = (file) => file, write = () => text) {
  const file = readFileSync(`${root}${path}`, 'utf8');
  if (process.argv.includes('--write')) writeFileSync(`${root}${path}`, write(file));
  else check(`${path} holds what the program prints`, within(file) === text, `run: node tests/web/readme.mjs --write`);
}

const codes = /(?<=<!-- codes -->\n).*?(?=<!-- \/codes -->)/s;
const table = run(program, ['protocol', '--codes']);
generated(
  'README.md',
  table,
  (file) => codes.exec(file)?.[0],
  (file) => file.replace(codes, () => table),
);
generated('engine/json/PROTOCOL.md', run(program, ['protocol', '--markdown']));
generated('web/src/generated/protocol.ts', run(program, ['protocol', '--typescript']));

mkdirSync(`${root}build/readme`, { recursive: true });
for (const [index, snippet] of blocks('js').entries()) {
  const file = `${root}build/readme/snippet-${index}.mjs`;
  writeFileSync(file, snippet);
  const printed = run(process.execPath, [file]).trim();
  check(
    'the snippet prints what the text promises',
    readme.includes(`It prints \`${printed}\`.`),
    `it printed: ${printed}`,
  );
}

// Commands that serve, or that run this very check, are only looked at.
const endsByItself = (words) => words[0] === 'build/native-release/souk' || words.includes('--help');
for (const line of blocks('sh').join('').split('\n')) {
  const words = line.replace(/#.*/, '').trim().split(/\s+/);
  if (words[0] === '') continue;
  try {
    accessSync(root + words[0], constants.X_OK);
    if (endsByItself(words)) run(root + words[0], words.slice(1));
    check(`the command can be given: ${words.join(' ')}`, true);
  } catch (error) {
    check(`the command can be given: ${words.join(' ')}`, false, String(error));
  }
}

console.log(`${checks.passed} passed, ${checks.failed} failed`);
process.exitCode = checks.failed === 0 ? 0 : 1;
