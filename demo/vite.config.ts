// SPDX-License-Identifier: MIT
// Builds the demo into `dist`: its pages, their files named by their contents, and a service worker that knows the names of the first page's.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Writes `sw.js` with the names of all files of the build; its version is a hash of their names and of the page. */
function serviceWorker(): Plugin {
  return {
    name: 'souk-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = [
        './',
        './icon.svg',
        './manifest.webmanifest',
        ...Object.keys(bundle)
          // The pages of two shoppers are nothing without their backend, and are always asked for anew.
          .filter((name) => !name.endsWith('.html'))
          .map((name) => `./${name}`),
      ].sort();
      const page = bundle['index.html'];
      const text = files.join() + (page?.type === 'asset' ? String(page.source) : '');
      const version = `souk-demo@${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
      const source = readFileSync(here('src/service-worker.js'), 'utf8')
        .replace("'%VERSION%'", JSON.stringify(version))
        .replace("['%FILES%']", JSON.stringify(files));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  };
}

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [serviceWorker()],
  assetsInclude: ['**/*.bin.gz', '**/*.souk'],
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'together.html', 'shopper.html'].map(here) },
    reportCompressedSize: false,
    // The plain-JavaScript build is one file, loaded only where wasm is forbidden.
    chunkSizeWarningLimit: 1000,
  },
});
