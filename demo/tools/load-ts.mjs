// SPDX-License-Identifier: MIT
/** Imports a TypeScript module of the demo into plain Node, bundled in memory by esbuild. */
import { build } from 'esbuild';

/**
 * @param {string | URL} path  The module, relative to `demo/`.
 * @returns {Promise<any>} its namespace
 */
export async function loadTs(path) {
  const entry = new URL(path, new URL('../', import.meta.url));
  const result = await build({
    entryPoints: [entry.pathname],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString('base64')}`);
}
