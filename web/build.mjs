// SPDX-License-Identifier: MIT
// Makes web/dist, the published package, from web/src and the modules in build/wasm-release: `npm run build --workspace web`.
// Fails when an entry grows beyond its budget.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { measure, overBudget, table } from './sizes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const compiled = join(here, '../build/wasm-release');
const dist = join(here, 'dist');

/** The two wasm files, as they are compiled and as they are published: what a page downloads, and what a collector runs. */
const ofPages = { from: 'souk-wasm.wasm', to: 'souk.wasm' };
const whole = { from: 'souk-whole.wasm', to: 'souk-whole.wasm' };

/** The bytes of a wasm file as base64, for the entries that carry it inside. */
const inlined = ({ from }) => ({
  name: 'inlined-wasm',
  setup(plugin) {
    plugin.onResolve({ filter: /^souk:wasm-base64$/ }, () => ({ path: 'wasm-base64', namespace: 'souk' }));
    plugin.onLoad({ filter: /.*/, namespace: 'souk' }, () => ({
      contents: `export default '${readFileSync(join(compiled, from)).toString('base64')}';`,
    }));
  },
});

/** Files that stay files: the module that edge hosts compile themselves, and the JavaScript build, loaded only where it is needed. */
const keptApart = {
  name: 'kept-apart',
  setup(plugin) {
    plugin.onResolve({ filter: /^souk:wasm-module$/ }, () => ({ path: `./${whole.to}`, external: true }));
    plugin.onResolve({ filter: /\/souk-js\.js$/ }, () => ({ path: './souk-js.js', external: true }));
  },
};

/** Settings of every file: modern modules, small, and without the legal comments of nobody. */
const common = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/** Names of the reporter's state that neither the browser nor a receiver ever sees: short ones save 150 bytes on the wire. */
const privateNames = [
  ...['attempt', 'away', 'batchBytes', 'batchCount', 'budget', 'diskBadUntil', 'follower', 'heard', 'lease', 'leaving'],
  ...['memoryNext', 'notBefore', 'recent', 'requests', 'sending', 'silence', 'stocked', 'told', 'watchedAt'],
];

async function bundleReporter() {
  await build({
    ...common,
    entryPoints: [{ out: 'reporter', in: join(here, 'src/reporter/index.ts') }],
    outdir: dist,
    mangleProps: new RegExp(`^(${privateNames.join('|')})$`),
  });
}

async function bundlePage() {
  await build({ ...common, entryPoints: [{ out: 'page', in: join(here, 'src/page/index.ts') }], outdir: dist });
}

async function bundleEntries() {
  const entries = [
    [ofPages, { index: 'index.ts', 'index.inline': 'index.inline.ts' }],
    [whole, { 'index.node': 'index.inline.ts', 'index.workerd': 'index.workerd.ts' }],
  ];
  for (const [wasm, files] of entries) {
    const entryPoints = Object.entries(files).map(([out, file]) => ({ out, in: join(here, 'src', file) }));
    await build({ ...common, entryPoints, outdir: dist, plugins: [inlined(wasm), keptApart] });
  }
  await build({ ...common, entryPoints: [{ out: 'souk-js', in: join(compiled, 'souk-js.js') }], outdir: dist });
}

/** What runs on the shop's side. Nobody downloads it for a page, so it stays readable; the entries share their chunks and the core entry. */
async function bundleServerSide() {
  const entries = ['server/index', 'collector/index', 'collector/node/index'];
  const entryPoints = entries.map((name) => ({ out: name, in: join(here, 'src', `${name}.ts`) }));
  await build({
    ...common,
    entryPoints,
    outdir: dist,
    minify: false,
    splitting: true,
    chunkNames: 'chunks/[hash]',
    external: ['souk', 'node:*', '@electric-sql/pglite', 'pg'],
  });
}

function declareTypes() {
  const compiler = join(here, '../node_modules/typescript/bin/tsc');
  for (const project of ['tsconfig.build.json', 'tsconfig.build-node.json']) {
    execFileSync(process.execPath, [compiler, '-p', join(here, project)], { stdio: 'inherit' });
  }
}

/** One glue drives both wasm files, which the linker could end: it numbers what crosses the border. */
function requireOneGlue() {
  const [page, collector] = ['souk-wasm', 'souk-whole'].map((name) =>
    readFileSync(join(compiled, `${name}.js`), 'utf8').replaceAll(name, ''),
  );
  if (page !== collector) throw new Error('souk-wasm.js and souk-whole.js differ: each wasm file needs its own glue.');
}

function copyFiles() {
  for (const { from, to } of [ofPages, whole]) cpSync(join(compiled, from), join(dist, to));
  cpSync(join(here, 'bin'), join(dist, 'bin'), { recursive: true });
  for (const file of ['souk-cli.mjs', 'souk-cli.wasm']) cpSync(join(compiled, file), join(dist, 'bin', file));
}

requireOneGlue();
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await bundleEntries();
await bundleReporter();
await bundlePage();
await bundleServerSide();
declareTypes();
copyFiles();

const sizes = measure(dist);
writeFileSync(join(dist, 'sizes.json'), `${JSON.stringify(sizes, undefined, 2)}\n`);
console.log(table(sizes));
const tooBig = overBudget(sizes);
if (tooBig.length > 0) {
  console.error(tooBig.join('\n'));
  process.exitCode = 1;
}
