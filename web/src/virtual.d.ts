// SPDX-License-Identifier: MIT
// Modules that the package build makes: see `build.mjs`.

declare module 'souk:wasm-base64' {
  /** The wasm file as base64. */
  const base64: string;
  export default base64;
}

declare module 'souk:wasm-module' {
  /** The wasm file as the host's compiled module. */
  const module: WebAssembly.Module;
  export default module;
}
