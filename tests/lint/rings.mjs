// SPDX-License-Identifier: MIT
// Fails, with file and line, on what the compiler lets pass but the house forbids: an include or import against the rings, a clock or
// other I/O in the engine, floating point where integers decide, a source that no CMake list names, a file without licence or too long.
//
//   node tests/lint/rings.mjs [ROOT]
//
// core ← catalog ← modules ← service ← {json, cli} ← wasm ← web ← demo; modules do not include each other. The header souk/x.hpp and all
// below souk/x/ belong to ring x.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const inner = ['core', 'catalog'];
const modules = [
  'profile',
  'recommend',
  'loyalty',
  'pricing',
  'groupbuy',
  'referral',
  'community',
  'experiment',
  'insight',
];
const engine = [...inner, ...modules, 'service'];

/** What each ring may include, itself among them. */
const allowed = {
  core: ['core'],
  catalog: inner,
  ...Object.fromEntries(modules.map((name) => [name, [...inner, name]])),
  service: engine,
  souk: engine, // engine/include/souk/souk.hpp, the whole engine in one include
  json: [...engine, 'json'],
  cli: [...engine, 'json', 'cli'],
  wasm: [...engine, 'json', 'wasm'],
};

// Generated headers, by the ring that makes them.
const generated = { 'souk/version.hpp': 'core' };

// The engine asks nothing of its host. <cmath> stands for exp, pow and log, which differ between hosts.
const impure =
  /^(iostream|istream|ostream|fstream|cstdio|stdio\.h|filesystem|unistd\.h|sys\/.*|chrono|ctime|time\.h|random|thread|mutex|shared_mutex|condition_variable|future|atomic|csignal|cmath|math\.h)$/;
const impureCalls =
  /\b(std::rand|srand|system_clock|steady_clock|high_resolution_clock|gettimeofday|clock_gettime|getenv)\b/;
const floating = /\b(float|double)\b/;

const sourceKinds = /\.(cpp|hpp|ts|mts|js|mjs|cjs|css|sql|sh)$/;
const scriptKinds = /\.(ts|mts|js|mjs|cjs)$/;
const topFolders = ['engine', 'wasm', 'web', 'demo', 'tests'];
const skipped = new Set(['node_modules', 'dist', 'generated', 'data', 'build', '.tools']);
const lengths = { public: 550, tests: 600, other: 450 };

/** All files below a folder, with paths from the root. */
function filesBelow(root, folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const name = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(root, name) : [name];
  });
}

/** The ring of a file, by where it lies; undefined outside the rings (tests, web and demo have rules of their own). */
function ringOf(file) {
  const source = /^engine\/src\/([^/]+)\//.exec(file) ?? /^engine\/include\/souk\/([^/.]+)/.exec(file);
  if (source) return source[1];
  return /^(?:engine\/)?(json|cli|wasm)\//.exec(file)?.[1];
}

/** The ring of an included name, or undefined if it is none of ours. */
function ringOfInclude(root, file, name) {
  if (generated[name]) return generated[name];
  if (name.startsWith('souk/')) return name.split('/')[1].replace(/\.hpp$/, '');
  const path = relative(root, resolve(root, dirname(file), name));
  return existsSync(join(root, path)) ? ringOf(path) : undefined;
}

/** C++ with comments and literals blanked, so that words can be looked for; lines stay where they were. */
function codeOnly(text) {
  const literals =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"([^(\s]*)\([\s\S]*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])*'/g;
  return text.replace(literals, (found) => found.replace(/[^\n]/g, ' '));
}

function* linesMatching(text, pattern) {
  for (const [index, line] of text.split('\n').entries()) {
    const found = pattern.exec(line);
    if (found) yield { line: index + 1, found };
  }
}

const includePattern = /^\s*#\s*include\s*[<"]([^>"]+)[>"]/;

function checkIncludes(root, file, text, report) {
  const ring = ringOf(file);
  for (const { line, found } of linesMatching(text, includePattern)) {
    const name = found[1];
    const target = ringOfInclude(root, file, name);
    if (ring && target && !allowed[ring]?.includes(target))
      report(line, `ring ${ring} includes ${name} of ring ${target}`);
    if (name.startsWith('nlohmann/') && !/^(engine|tests)\/json\//.test(file))
      report(line, `${name} outside engine/json`);
    if (/^emscripten(\/|\.h)/.test(name) && ring !== 'wasm') report(line, `${name} outside wasm`);
    if (/^engine\/include\//.test(file) && name.includes('..'))
      report(line, `a public header includes ${name} by a relative path`);
  }
}

/** The engine proper: no I/O, clock, randomness, threads, exceptions; integers decide, but for the statistics of insight. */
function checkPurity(file, text, report) {
  if (!/^engine\/(include|src)\//.test(file)) return;
  const code = codeOnly(text);
  for (const { line, found } of linesMatching(text, includePattern)) {
    if (impure.test(found[1])) report(line, `<${found[1]}> in the engine, which asks nothing of its host`);
  }
  for (const { line, found } of linesMatching(code, impureCalls)) report(line, `${found[1]} in the engine`);
  for (const { line, found } of linesMatching(code, /\b(throw|try|catch)\b/)) {
    report(line, `${found[1]} in the engine, which is built without exceptions`);
  }
  if (ringOf(file) === 'insight') return;
  for (const { line, found } of linesMatching(code, floating)) report(line, `${found[1]} where integers decide`);
}

const importPattern =
  /^(?!\s*(?:\/\/|\*)).*?(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*|\bnew URL\(\s*)(['"])([^'"]+)\1/;

/** web does not know demo; demo knows the package by its name only, and its own data in build/demo. */
function checkImports(root, file, text, report) {
  const top = file.split('/')[0];
  if (top !== 'web' && top !== 'demo') return;
  for (const { line, found } of linesMatching(text, importPattern)) {
    const name = found[2];
    const target = name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name;
    if (top === 'web' && /^(demo(\/|$)|tests\/|souk-demo)/.test(target)) report(line, `web imports ${name}`);
    if (top === 'demo' && name.startsWith('.') && !/^(build\/)?demo(\/|$)/.test(target)) {
      report(line, `demo imports ${name}; it knows the package by its name, souk or souk/…`);
    }
    if (top === 'demo' && /^(web|engine|wasm)\//.test(name)) report(line, `demo imports ${name}`);
  }
}

function checkHead(file, text, report) {
  const lines = text.split('\n');
  const first = lines[0].startsWith('#!') ? 1 : 0;
  if (!lines[first]?.includes('SPDX-License-Identifier: MIT'))
    report(first + 1, 'the first line names the licence: SPDX-License-Identifier: MIT');
}

function checkLength(file, text, report) {
  const kind = file.startsWith('tests/') ? 'tests' : /^engine\/(json\/)?include\//.test(file) ? 'public' : 'other';
  const count = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (count > lengths[kind]) report(count, `${count} lines; such a file has at most ${lengths[kind]}`);
}

/** The sources that a CMakeLists.txt names, as paths from the root. */
function sourcesNamed(root, list, text) {
  const folder = dirname(list);
  return [...text.matchAll(/[^\s()"]+\.cpp/g)].map(([name]) => {
    const path = name
      .replace(/^\$\{(PROJECT_SOURCE_DIR|CMAKE_SOURCE_DIR)\}/, root)
      .replace(/^\$\{CMAKE_CURRENT_(SOURCE|LIST)_DIR\}\//, '');
    return relative(root, resolve(root, folder, path));
  });
}

/** Every source is compiled: a test that no list names passes for ever. Lists are explicit; only headers may be found by a glob. */
function checkLists(root, files, report) {
  const lists = [...files.filter((file) => /(^|\/)CMakeLists\.txt$|\.cmake$/.test(file)), 'CMakeLists.txt'];
  const named = new Set();
  for (const list of lists.filter((name) => existsSync(join(root, name)))) {
    const text = readFileSync(join(root, list), 'utf8').replace(/#[^\n]*/g, '');
    for (const path of sourcesNamed(root, list, text)) named.add(path);
    for (const { line, found } of linesMatching(text, /file\s*\(\s*GLOB(?:_RECURSE)?\b(.*)/i)) {
      if (!/\*\.hpp\b/.test(found[1])) report(list, line, 'a glob in place of an explicit list of sources');
    }
  }
  for (const file of files.filter((name) => name.endsWith('.cpp') && !named.has(name))) {
    report(file, 1, 'no CMakeLists.txt names this source');
  }
}

/** Whether a file without an ending is a program of ours. */
function isScript(root, file) {
  return (
    !/\.[^/]+$/.test(file) &&
    statSync(join(root, file)).size < 1e6 &&
    readFileSync(join(root, file), 'utf8').startsWith('#!')
  );
}

/** All findings below a root, as `file:line: message`, sorted. */
export function check(root) {
  const findings = [];
  const files = topFolders.flatMap((folder) => filesBelow(root, folder));
  for (const file of files.filter((name) => sourceKinds.test(name) || isScript(root, name))) {
    const text = readFileSync(join(root, file), 'utf8');
    const report = (line, message) => findings.push(`${file}:${line}: ${message}`);
    checkHead(file, text, report);
    checkLength(file, text, report);
    if (/\.[ch]pp$/.test(file)) {
      checkIncludes(root, file, text, report);
      checkPurity(file, text, report);
    }
    if (scriptKinds.test(file)) checkImports(root, file, text, report);
  }
  checkLists(root, files, (file, line, message) => findings.push(`${file}:${line}: ${message}`));
  return { findings: findings.sort(), count: files.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { findings, count } = check(resolve(process.argv[2] ?? '.'));
  for (const finding of findings) console.log(finding);
  console.log(`${findings.length} findings in ${count} files`);
  process.exitCode = findings.length > 0 || count === 0 ? 1 : 0;
}
