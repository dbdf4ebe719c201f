// SPDX-License-Identifier: MIT
// Loading: the only asynchronous step and the only request that this package makes. Preferred is the wasm build; where a page may not
// compile wasm, or the file cannot be had in time, the plain-JavaScript build of the same source answers with the same bytes.
import { compileBytes, compileUrl, requireWasm } from './compile.js';
import { Engine } from './engine.js';
import { SoukError } from './errors.js';
import type { Host } from './host.js';
import { protocolVersion } from './generated/protocol.js';
import { race, type Runner } from './race.js';

/** How to load; every member is optional. */
export interface LoadOptions {
  /** Where `souk.wasm` is, if not beside the code: for bundlers that do not copy it, or for a CDN. */
  readonly wasmUrl?: string | URL;
  /** The bytes of `souk.wasm`, if the caller has them. Nothing is then requested. */
  readonly wasmBinary?: BufferSource;
  /** The compiled module, for hosts that compile ahead of time. Nothing is then requested or compiled. */
  readonly module?: WebAssembly.Module;
  /**
   * `auto` (the default): wasm, else JavaScript. `wasm` or `js`: that build or an error. The JavaScript build is made for pages and holds accounts
   * alone, as the wasm file of pages does; Node's and edge hosts' wasm file holds teams and pools too.
   */
  readonly engine?: 'auto' | 'wasm' | 'js';
  /** Subresource-integrity hash that the downloaded wasm file must have, such as `sha384-…`. */
  readonly integrity?: string;
  /** Loading settles within this time, milliseconds. Default 3000. */
  readonly timeoutMs?: number;
}

/** The loaded code. It makes engines, each with memory and state of its own. */
export interface Souk {
  /** Which build runs. Both give the same answers; `js` is slower. */
  readonly build: 'wasm' | 'js';
  /** A new, empty engine. The first one is ready at once. */
  createEngine(): Promise<Engine>;
}

/** Where an entry of the package gets its two builds. The entries differ in this and in nothing else. */
export interface Sources {
  /** The default wasm: a URL to fetch, bytes, or a compiled module. */
  wasm(): URL | BufferSource | WebAssembly.Module | Promise<BufferSource | WebAssembly.Module>;
  /** A new engine on a compiled module. */
  instantiateWasm(module: WebAssembly.Module): Promise<Host>;
  /** A new engine of the plain-JavaScript build. */
  instantiateScript(): Promise<Host>;
}

/** The limit that the design promises. */
const defaultTimeoutMs = 3000;

/** A build that has proven itself by making one engine. */
interface Built {
  readonly build: 'wasm' | 'js';
  readonly first: Engine;
  again(): Promise<Host>;
}

/** Makes the first engine, which shows that the build runs here and speaks the protocol of this code: caches may mix two versions. */
async function proveHost(build: 'wasm' | 'js', again: () => Promise<Host>): Promise<Built> {
  const first = Engine.on(await again());
  const { protocol } = first.engineInfo();
  if (protocol === protocolVersion) return { build, again, first };
  throw new Error(
    `The file is of another version: it speaks protocol ${protocol}, this code speaks ${protocolVersion}.`,
  );
}

/** What the options name, else what the entry brings. */
function wasmSource(sources: Sources, options: LoadOptions): ReturnType<Sources['wasm']> {
  if (options.module !== undefined) return options.module;
  if (options.wasmBinary !== undefined) return options.wasmBinary;
  if (options.wasmUrl === undefined) return sources.wasm();
  return options.wasmUrl instanceof URL ? options.wasmUrl : new URL(options.wasmUrl, globalThis.location?.href);
}

function wasmRunner(sources: Sources, options: LoadOptions): Runner<Built> {
  const source = wasmSource(sources, options);
  const url = source instanceof URL ? source.href : undefined;
  const compile = async (signal: AbortSignal): Promise<WebAssembly.Module> => {
    if (source instanceof URL) {
      requireWasm();
      return compileUrl(source.href, options.integrity, signal);
    }
    const given = await source;
    if (typeof WebAssembly === 'object' && given instanceof WebAssembly.Module) return given;
    requireWasm();
    return compileBytes(given as BufferSource);
  };
  const run = async (signal: AbortSignal): Promise<Built> => {
    const module = await compile(signal);
    return proveHost('wasm', () => sources.instantiateWasm(module));
  };
  return url === undefined ? { build: 'wasm', run } : { build: 'wasm', url, run };
}

function runners(sources: Sources, options: LoadOptions): Runner<Built>[] {
  const wanted = options.engine ?? 'auto';
  if (!['auto', 'wasm', 'js'].includes(wanted)) {
    throw new SoukError({
      code: 'unknown-value',
      path: '/engine',
      message: `engine is 'auto', 'wasm' or 'js', not '${wanted}'.`,
    });
  }
  const script: Runner<Built> = { build: 'js', run: () => proveHost('js', () => sources.instantiateScript()) };
  if (wanted === 'js') return [script];
  return wanted === 'wasm' ? [wasmRunner(sources, options)] : [wasmRunner(sources, options), script];
}

/** Hands out the engine that proved the build first, then new ones. */
function soukOn(built: Built): Souk {
  let first: Engine | undefined = built.first;
  return {
    build: built.build,
    async createEngine() {
      const ready = first ?? Engine.on(await built.again());
      first = undefined;
      return ready;
    },
  };
}

async function loadOnce(sources: Sources, options: LoadOptions): Promise<Souk> {
  return soukOn(await race(runners(sources, options), options.timeoutMs ?? defaultTimeoutMs));
}

/** Options mean the same load when every member is the same value. */
function sameOptions(a: LoadOptions, b: LoadOptions): boolean {
  const keys = ['wasmUrl', 'wasmBinary', 'module', 'engine', 'integrity', 'timeoutMs'] as const;
  return keys.every((key) => (key === 'wasmUrl' ? String(a[key]) === String(b[key]) : a[key] === b[key]));
}

/**
 * The `load` function of one entry: memoised per options, safe to call at the same time from many places, and free to try again after a
 * failure, because a failed load is forgotten.
 */
export function createLoader(sources: Sources): (options?: LoadOptions) => Promise<Souk> {
  const loads: { readonly options: LoadOptions; readonly souk: Promise<Souk> }[] = [];
  return (options = {}) => {
    const known = loads.find((load) => sameOptions(load.options, options));
    if (known !== undefined) return known.souk;
    const load = { options: { ...options }, souk: loadOnce(sources, options) };
    loads.push(load);
    load.souk.catch(() => loads.splice(loads.indexOf(load), 1));
    return load.souk;
  };
}
