// SPDX-License-Identifier: MIT
// The entry for browsers: the wasm file lies beside this file and is found by `new URL`, which Vite, webpack and Turbopack understand.
import { instantiateScript, instantiateWasm } from './glue.js';
import { createLoader, type LoadOptions, type Souk } from './load.js';

export * from './api.js';

/**
 * Loads the engine: wasm where the page allows it, else plain JavaScript. Settles within 3 seconds.
 *
 * Memoised: calls with the same options share one load. After a failure it may be called again.
 *
 * @example
 * const souk = await load();
 * const engine = await souk.createEngine();
 *
 * @throws SoukLoadError whose text lists what was tried and how to override it.
 */
export const load: (options?: LoadOptions) => Promise<Souk> = /* @__PURE__ */ createLoader({
  wasm: () => new URL('./souk.wasm', import.meta.url),
  instantiateWasm,
  instantiateScript,
});
