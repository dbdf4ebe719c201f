// SPDX-License-Identifier: MIT
// The only file that touches Emscripten's output. Its declarations are generated from the bindings (`--emit-tsd`), so a renamed or
// retyped binding fails `tsc` here and nowhere else.
import createModule, { type MainModule } from '../../build/wasm-release/souk-wasm.js';
import type { Host } from './host.js';

/** The generated interface narrowed to what crosses; assigning one to the other is the check. */
function asHost(module: MainModule): Host {
  return module;
}

/**
 * A new engine on a compiled module, with memory of its own.
 *
 * Emscripten reports a failed instantiation of ours nowhere, so this promise is settled from both sides.
 */
export function instantiateWasm(module: WebAssembly.Module): Promise<Host> {
  return new Promise((resolve, reject) => {
    createModule({
      instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) {
        WebAssembly.instantiate(module, imports).then(receive).catch(reject);
        return {}; // "the instance comes later"
      },
    }).then((made) => resolve(asHost(made)), reject);
  });
}

/** A new engine of the plain-JavaScript build. Loaded only where wasm is impossible, so its bytes cost nobody else anything. */
export async function instantiateScript(): Promise<Host> {
  const { default: createScript } = await import('../../build/wasm-release/souk-js.js');
  return asHost(await createScript());
}
