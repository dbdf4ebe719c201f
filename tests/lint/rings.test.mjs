// SPDX-License-Identifier: MIT
// The lint rule lints: each rule is broken once in a folder made for it, and must be found on the right line.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { check } from './rings.mjs';

const head = '// SPDX-License-Identifier: MIT\n';
let root;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'souk-rings-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Writes files below the root, each source with its licence and named in one CMake list, and returns what is found. */
function findingsIn(files, { listed = true, licensed = true } = {}) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(name)), { recursive: true });
    writeFileSync(join(root, name), licensed && /\.[a-z]+$/.test(name) && !name.endsWith('.txt') ? head + text : text);
  }
  const sources = Object.keys(files).filter((name) => name.endsWith('.cpp'));
  if (listed) writeFileSync(join(root, 'CMakeLists.txt'), `add_library(x ${sources.join(' ')})\n`);
  return check(root).findings;
}

const include = (name) => `#include "${name}"\n`;

test('takes a house in order', () => {
  const files = {
    'engine/include/souk/core/error.hpp': '#include <string>\n',
    'engine/include/souk/loyalty.hpp': include('souk/catalog.hpp') + include('souk/loyalty/rules.hpp'),
    'engine/include/souk/souk.hpp': include('souk/service.hpp'),
    'engine/src/core/a.cpp':
      '// a double, std::rand and <iostream> in a comment\nconst auto* x = "float"; auto y = 1\'000;\n',
    'engine/src/core/version.cpp': include('souk/version.hpp'),
    'engine/src/loyalty/b.cpp': include('souk/core/error.hpp') + include('wallet.hpp'),
    'engine/src/service/c.cpp': include('souk/loyalty.hpp') + include('souk/recommend.hpp'),
    'engine/src/insight/d.cpp': 'double churn;\n',
    'engine/json/src/e.cpp': '#include <nlohmann/json.hpp>\n#include <cmath>\n' + include('souk/service.hpp'),
    'engine/cli/f.cpp': '#include <cstdio>\n' + include('souk/json/reader.hpp'),
    'wasm/g.cpp': '#include <emscripten/bind.h>\n' + include('souk/json/protocol.hpp'),
    'web/src/a.ts': "import { b } from './b.js';\nimport c from '../../build/wasm-release/souk.js';\n",
    'demo/src/a.ts':
      "import { createSouk } from 'souk';\nimport 'souk/widgets/points';\nimport pack from '../../build/demo/pack?url';\n",
    'tests/web/a.test.ts': "import { load } from '../../web/src/load.js';\n",
    'tests/CMakeLists.txt': 'file(GLOB_RECURSE headers CONFIGURE_DEPENDS *.hpp)\n',
  };
  assert.deepEqual(findingsIn(files), []);
});

const wrongIncludes = [
  ['engine/src/core/a.cpp', 'souk/catalog.hpp', 'ring core includes souk/catalog.hpp of ring catalog'],
  ['engine/include/souk/core/a.hpp', 'souk/service/journal.hpp', 'of ring service'],
  ['engine/src/catalog/a.cpp', 'souk/loyalty/rules.hpp', 'of ring loyalty'],
  ['engine/src/loyalty/a.cpp', 'souk/recommend.hpp', 'ring loyalty includes souk/recommend.hpp of ring recommend'],
  ['engine/include/souk/loyalty.hpp', 'souk/recommend/scores.hpp', 'of ring recommend'],
  ['engine/src/recommend/a.cpp', 'souk/service.hpp', 'of ring service'],
  ['engine/src/service/a.cpp', 'souk/json/reader.hpp', 'of ring json'],
  ['engine/json/src/a.cpp', 'souk/cli/options.hpp', 'of ring cli'],
  ['engine/src/nowhere/a.cpp', 'souk/core/error.hpp', 'ring nowhere'],
  ['engine/src/service/a.cpp', 'emscripten/bind.h', 'emscripten/bind.h outside wasm'],
  ['engine/json/src/a.cpp', 'emscripten.h', 'emscripten.h outside wasm'],
  ['engine/cli/a.cpp', 'nlohmann/json.hpp', 'nlohmann/json.hpp outside engine/json'],
  ['tests/core/a.cpp', 'nlohmann/json.hpp', 'nlohmann/json.hpp outside engine/json'],
  ['engine/include/souk/core/a.hpp', '../../../src/core/b.hpp', 'by a relative path'],
];

for (const [file, name, message] of wrongIncludes) {
  test(`refuses ${name} in ${file}`, () => {
    const findings = findingsIn({ [file]: '\n' + include(name) });
    assert.equal(findings.length, 1);
    assert.ok(findings[0].startsWith(`${file}:3: `) && findings[0].includes(message), findings[0]);
  });
}

test('refuses a relative include that leaves its ring', () => {
  const files = { 'engine/src/loyalty/a.hpp': '', 'engine/src/recommend/b.cpp': include('../loyalty/a.hpp') };
  assert.deepEqual(findingsIn(files), [
    'engine/src/recommend/b.cpp:2: ring recommend includes ../loyalty/a.hpp of ring loyalty',
  ]);
});

const impure = [
  ...['iostream', 'fstream', 'chrono', 'random', 'thread', 'ctime', 'cstdio', 'filesystem', 'cmath'].map(
    (name) => `#include <${name}>`,
  ),
  ...[
    'int x = std::rand();',
    'auto t = Clock::steady_clock::now();',
    'double x = 1;',
    'std::vector<float> y;',
    'throw 5;',
    'try { f(); }',
  ],
];

for (const line of impure) {
  test(`refuses '${line}' in the engine and not in json`, () => {
    const text = `\n${line}\n`;
    const findings = findingsIn({
      'engine/include/souk/core/a.hpp': text,
      'engine/src/core/a.cpp': text,
      'engine/json/src/b.cpp': text,
    });
    assert.equal(findings.length, 2, findings.join('\n'));
    assert.match(findings[0], /^engine\/include\/souk\/core\/a\.hpp:3: /);
    assert.match(findings[1], /^engine\/src\/core\/a\.cpp:3: /);
  });
}

const wrongImports = [
  ['web/src/a.ts', "import { shop } from '../../demo/src/shop.js';"],
  ['web/src/a.ts', "export * from '../../tests/web/helper.js';"],
  ['web/bin/a.mjs', "const x = await import('../../demo/server.mjs');"],
  ['demo/src/a.ts', "import { load } from '../../web/src/load.js';"],
  ['demo/src/a.ts', "import type { Souk } from '../../web/dist/index.js';"],
  ['demo/server.mjs', "const x = new URL('../build/wasm-release/souk.wasm', import.meta.url);"],
  ['demo/server.mjs', "import '../tests/lib/tidy.mjs';"],
  ['demo/src/a.ts', "import x from 'web/src/load.js';"],
];

for (const [file, line] of wrongImports) {
  test(`refuses ${line} in ${file}`, () => {
    const findings = findingsIn({ [file]: line });
    assert.equal(findings.length, 1);
    assert.ok(findings[0].startsWith(`${file}:2: `), findings[0]);
  });
}

test('refuses a source that no CMake list names, tests too, but takes one named from its own folder', () => {
  const files = {
    'engine/src/core/a.cpp': '',
    'engine/src/core/b.cpp': '',
    'engine/src/core/CMakeLists.txt': 'souk_ring(core SOURCES a.cpp # b.cpp\n LINKS)\n',
    'tests/core/c.tests.cpp': '',
    'tests/core/d.tests.cpp': '',
    'tests/CMakeLists.txt': 'add_executable(t ${CMAKE_CURRENT_SOURCE_DIR}/core/c.tests.cpp)\n',
  };
  const findings = findingsIn(files, { listed: false });
  assert.deepEqual(findings, [
    'engine/src/core/b.cpp:1: no CMakeLists.txt names this source',
    'tests/core/d.tests.cpp:1: no CMakeLists.txt names this source',
  ]);
});

test('refuses a glob of sources', () => {
  const findings = findingsIn({ 'engine/CMakeLists.txt': '\nfile(GLOB sources *.cpp)\n' });
  assert.deepEqual(findings, ['engine/CMakeLists.txt:2: a glob in place of an explicit list of sources']);
});

test('refuses a source without its licence, on the line where it belongs', () => {
  const files = {
    'engine/src/core/a.cpp': 'int x;\n',
    'web/src/a.ts': '\n' + head,
    'demo/start': '#!/bin/sh\necho\n',
    'demo/src/a.css': '/* SPDX-License-Identifier: MIT */\n',
    'demo/tools/a.mjs': '#!/usr/bin/env node\n' + head,
    'demo/data/a.mjs': 'not ours',
  };
  const findings = findingsIn(files, { licensed: false });
  assert.deepEqual(
    findings.map((finding) => finding.slice(0, finding.indexOf(': '))),
    ['demo/start:2', 'engine/src/core/a.cpp:1', 'web/src/a.ts:1'],
  );
});

test('refuses files that are too long: 450 lines, public headers 550, tests 600', () => {
  const exactly = (lines) => 'x\n'.repeat(lines - 1); // and the licence
  const files = { 'web/src/a.ts': 450, 'engine/json/include/souk/json/a.hpp': 550, 'tests/web/a.ts': 600 };
  const atLimit = Object.fromEntries(Object.entries(files).map(([name, lines]) => [name, exactly(lines)]));
  assert.deepEqual(findingsIn(atLimit), []);
  const beyond = Object.fromEntries(Object.entries(files).map(([name, lines]) => [name, exactly(lines + 1)]));
  const findings = findingsIn(beyond);
  assert.equal(findings.length, 3);
  assert.match(findings[2], /^web\/src\/a\.ts:451: 451 lines/);
});
