// SPDX-License-Identifier: MIT
// The entry for Workers and other edge hosts: they compile wasm ahead of time only, so the file is imported and arrives as a module.
import wasmModule from 'souk:wasm-module';
import { instantiateScript, instantiateWasm } from './glue.js';
import { createLoader, type LoadOptions, type Souk } from './load.js';

export * from './api.js';

/** Loads the engine from the module that the host compiled. See the `load` of the entry `souk`. */
export const load: (options?: LoadOptions) => Promise<Souk> = /* @__PURE__ */ createLoader({
  wasm: () => wasmModule,
  instantiateWasm,
  instantiateScript,
});
