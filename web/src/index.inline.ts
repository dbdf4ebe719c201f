// SPDX-License-Identifier: MIT
// The entry that carries the wasm inside: for Node, and as `souk/inline` for bundlers that lose the file, extensions and single-file
// pages. A third bigger on the wire, and it cannot compile while it downloads.
import wasmBase64 from 'souk:wasm-base64';
import { instantiateScript, instantiateWasm } from './glue.js';
import { createLoader, type LoadOptions, type Souk } from './load.js';

export * from './api.js';

/** The inlined bytes; decoded when the engine is loaded, not when the module is imported. */
function wasmBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(wasmBase64), (character) => character.charCodeAt(0));
}

/** Loads the engine from the bytes inside this file. See the `load` of the entry `souk`. */
export const load: (options?: LoadOptions) => Promise<Souk> = /* @__PURE__ */ createLoader({
  wasm: wasmBytes,
  instantiateWasm,
  instantiateScript,
});
