// SPDX-License-Identifier: MIT
// The packed tarball as its users meet it: installed without network in an empty folder, imported, type-checked, bundled, run.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as esbuild } from 'esbuild';
import type { Browser } from 'playwright-core';
import { build as vite, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openPage, serve, wasmPolicy } from '../browser/chromium.js';

const web = fileURLToPath(new URL('../../web', import.meta.url));
const typescript = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
let folder: string;

/** Runs npm quietly in a folder and returns what it prints. */
function npm(cwd: string, ...words: string[]): string {
  return execFileSync('npm', [...words, '--loglevel=error'], { cwd, encoding: 'utf8' });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'souk-package-'));
  npm(web, 'pack', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shop', private: true, type: 'module' }));
  npm(folder, 'install', '--offline', '--no-audit', '--no-fund', `./${tarball}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file into the shop's folder. */
function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const useOfAll = `
import { load } from 'souk';
const souk = await load();
const engine = await souk.createEngine();
console.log(souk.build, engine.engineInfo().protocol);
`;

describe('the tarball', () => {
  it('holds the built files, the licence line and nothing else', () => {
    const packed = JSON.parse(npm(web, 'pack', '--dry-run', '--json')) as { files: { path: string }[] }[];
    const outside = packed[0]?.files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
    expect(outside?.filter((path) => !/^(README\.md|LICENSE)$/.test(path))).toEqual(['package.json']);
  });

  it('brings no other package with it', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['souk']);
  });

  it('maps every export to a file that exists', () => {
    const { exports } = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8')) as { exports: object };
    const paths = JSON.stringify(exports).match(/\.\/[^"]*\.(js|ts|wasm|json)(?=")/g) ?? [];
    const missing = paths.filter(
      (path) => path.startsWith('./dist') && !existsSync(join(folder, 'node_modules/souk', path)),
    );
    expect(missing).toEqual([]);
  });

  it.each(['souk', 'souk/inline'])('is imported by Node as %s', (name) => {
    const file = write('use.mjs', useOfAll.replace("'souk'", `'${name}'`));
    expect(execFileSync(process.execPath, [file], { encoding: 'utf8' })).toBe('wasm 1\n');
  });

  it('gives workers the wasm as a file that they compile themselves', () => {
    const code = readFileSync(join(folder, 'node_modules/souk/dist/index.workerd.js'), 'utf8');
    expect(code).toMatch(/from\s*"\.\/souk-whole\.wasm"/);
  });

  it('does nothing when it is only imported', () => {
    const file = write(
      'import.mjs',
      "const before = Object.keys(globalThis).length; await import('souk'); console.log(Object.keys(globalThis).length - before);",
    );
    expect(execFileSync(process.execPath, [file], { encoding: 'utf8' })).toBe('0\n');
  });
});

describe('its types', () => {
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--lib', 'es2022,dom'];

  it.each([
    ['bundler', 'esnext'],
    ['nodenext', 'nodenext'],
  ])('pass a strict compiler without skipLibCheck, resolved as %s', (resolution, module) => {
    const file = write(
      'use.ts',
      `import { load, SoukError, SoukLoadError, type ErrorCode, type Operations } from 'souk';
       import { load as inline } from 'souk/inline';
       export async function use(): Promise<string> {
         const souk = await load({ engine: 'auto' });
         using engine = await souk.createEngine();
         const opened = engine.openStream({ stream: 'account/1' });
         const status: Operations['status']['response'] = engine.status({ handle: opened.handle });
         return inline === load ? '' : status.stream;
       }
       export const codeOf = (error: unknown): ErrorCode | string => (error instanceof SoukError ? error.code : error instanceof SoukLoadError ? error.message : '');
       // @ts-expect-error: a stream is named by text
       export const wrong = async () => (await (await load()).createEngine()).openStream({ stream: 1 });
      `,
    );
    const run = spawnSync(
      process.execPath,
      [typescript, file, ...strict, '--module', module, '--moduleResolution', resolution],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(run.stdout).toBe('');
    expect(run.status).toBe(0);
  });
});

describe('bundled for the browser', () => {
  let browser: Browser;
  let entry: string;
  beforeAll(async () => {
    browser = await launch();
    entry = write(
      'page.js',
      useOfAll.replace('console.log(', 'globalThis.result = [').replace(/\);\s*$/, '].join(" ");'),
    );
    write('page-inline.js', readFileSync(entry, 'utf8').replace("'souk'", "'souk/inline'"));
  });
  afterAll(() => browser.close());

  /** The result of a bundle in a page whose policy allows wasm. */
  async function runInPage(out: string, script: string): Promise<string> {
    const site = await serve(out, wasmPolicy.replace("connect-src 'self'", "connect-src 'self' data:"), {
      '/page.html': `<!doctype html><script type="module" src="${script}"></script>`,
    });
    const { page } = await openPage(browser, site);
    await page.goto(`${site.origin}/page.html`);
    const result = await page.waitForFunction(() => (globalThis as { result?: string }).result, undefined, {
      timeout: 10_000,
    });
    const text = (await result.jsonValue()) ?? '';
    await page.close();
    await site.close();
    return text;
  }

  /** An empty folder for a bundle. */
  function outFolder(name: string): string {
    const out = join(folder, name);
    mkdirSync(out, { recursive: true });
    return out;
  }

  const esbuildOptions = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'silent' } as const;

  it('runs as wasm from Vite, which finds the file by itself', async () => {
    const out = outFolder('vite');
    const result = (await vite({
      root: folder,
      logLevel: 'silent',
      build: {
        outDir: out,
        target: 'es2022',
        lib: undefined as never,
        rolldownOptions: { input: entry, output: { entryFileNames: 'page.js' } },
      },
      base: '/',
    })) as Rolldown.RolldownOutput;
    expect(result.output.some(({ fileName }) => fileName.endsWith('.wasm'))).toBe(true);
    expect(await runInPage(out, '/page.js')).toBe('wasm 1');
  });

  it('runs as wasm from esbuild by souk/inline', async () => {
    const out = outFolder('esbuild-inline');
    await esbuild({ ...esbuildOptions, entryPoints: [join(folder, 'page-inline.js')], outdir: out });
    expect(await runInPage(out, '/page-inline.js')).toBe('wasm 1');
  });

  it('runs as wasm from esbuild when the file is copied beside the bundle', async () => {
    const out = outFolder('esbuild-copy');
    await esbuild({ ...esbuildOptions, entryPoints: [entry], outdir: out });
    writeFileSync(join(out, 'souk.wasm'), readFileSync(join(folder, 'node_modules/souk/dist/souk.wasm')));
    expect(await runInPage(out, '/page.js')).toBe('wasm 1');
  });

  it('runs as JavaScript from esbuild when the file was lost, and its error names the fix when wasm is demanded', async () => {
    const out = outFolder('esbuild-lost');
    await esbuild({ ...esbuildOptions, entryPoints: [entry], outdir: out });
    expect(await runInPage(out, '/page.js')).toBe('js 1');
    const demanding = write(
      'demand.js',
      "import { load } from 'souk'; load({ engine: 'wasm' }).catch((error) => { globalThis.result = error.message; });",
    );
    await esbuild({ ...esbuildOptions, entryPoints: [demanding], outdir: out });
    const message = await runInPage(out, '/demand.js');
    expect(message).toContain('HTTP 404');
    expect(message).toContain("import from 'souk/inline'");
  });

  it('runs as wasm from Rolldown by souk/inline', async () => {
    const { build: rolldown } = await import('rolldown');
    const out = outFolder('rolldown-inline');
    await rolldown({
      input: join(folder, 'page-inline.js'),
      platform: 'browser',
      output: { dir: out, format: 'esm' },
      logLevel: 'silent',
    });
    expect(await runInPage(out, '/page-inline.js')).toBe('wasm 1');
  });
});
