// SPDX-License-Identifier: MIT
// Loading against every fault: it settles within its time, falls back to the JavaScript build, and its error names what was tried.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SoukLoadError } from '../../web/src/errors.js';
import { instantiateScript, instantiateWasm } from '../../web/src/glue.js';
import type { Host } from '../../web/src/host.js';
import { createLoader, type LoadOptions, type Souk, type Sources } from '../../web/src/load.js';
import { type FakeServer, startServer, wasmFaults } from './fake-server.js';

const wasm = new Uint8Array(readFileSync(new URL('../../build/wasm-release/souk-wasm.wasm', import.meta.url)));
let server: FakeServer;

beforeAll(async () => {
  server = await startServer(wasmFaults(wasm));
  await instantiateScript(); // its first import takes long on a busy machine; the limits below are about the loader
});
afterAll(() => server.close());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A loader whose default file is a path of the fake server. */
function loaderOn(path: string, change: Partial<Sources> = {}): (options?: LoadOptions) => Promise<Souk> {
  return createLoader({ wasm: () => new URL(server.url(path)), instantiateWasm, instantiateScript, ...change });
}

/** The error that a promise ends with. */
async function loadErrorOf(promise: Promise<unknown>): Promise<SoukLoadError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SoukLoadError);
  return error as SoukLoadError;
}

/** Any answer of the engine shows that it runs. */
async function answers(souk: Souk): Promise<boolean> {
  const engine = await souk.createEngine();
  return new TextDecoder()
    .decode(engine.callBytes('engine-info', new TextEncoder().encode('{}')))
    .startsWith('{"ok":true');
}

describe('a good file', () => {
  it.each(['/good.wasm', '/octets.wasm', '/untyped.wasm'])(
    'loads %s as wasm whatever its content type',
    async (path) => {
      const souk = await loaderOn(path)();
      expect(souk.build).toBe('wasm');
      expect(await answers(souk)).toBe(true);
    },
  );

  it('compiles while it downloads when the content type allows it', async () => {
    const streaming = vi.spyOn(WebAssembly, 'compileStreaming');
    await loaderOn('/good.wasm')();
    await loaderOn('/octets.wasm')();
    expect(streaming).toHaveBeenCalledTimes(1);
    streaming.mockRestore();
  });

  it('takes wasmUrl, wasmBinary and module instead of the default file', async () => {
    const load = loaderOn('/missing.wasm');
    const module = await WebAssembly.compile(wasm);
    for (const options of [
      { wasmUrl: server.url('/good.wasm') },
      { wasmBinary: wasm },
      { wasmBinary: wasm.buffer },
      { module },
    ]) {
      const souk = await load({ ...options, engine: 'wasm' });
      expect(await answers(souk)).toBe(true);
    }
  });

  it('accepts the file that its integrity hash names and refuses another', async () => {
    const load = loaderOn('/good.wasm');
    const integrity = `sha384-${createHash('sha384').update(wasm).digest('base64')}`;
    expect((await load({ engine: 'wasm', integrity })).build).toBe('wasm');
    const other = `sha384-${createHash('sha384').update('other').digest('base64')}`;
    expect((await loadErrorOf(load({ engine: 'wasm', integrity: other }))).code).toBe('load-failed');
  });

  it('gives every engine a memory of its own', async () => {
    const souk = await loaderOn('/good.wasm')();
    const [one, two] = [await souk.createEngine(), await souk.createEngine()];
    expect(one).not.toBe(two);
    one.dispose();
    one.dispose();
    expect(() => one.allocatedBytes()).toThrow(expect.objectContaining({ code: 'engine-disposed' }));
    expect(two.allocatedBytes()).toBeGreaterThan(0);
  });
});

describe('memory of loads', () => {
  it('requests the file once for calls at the same time and later', async () => {
    const load = loaderOn('/good.wasm');
    const before = server.requests.length;
    const [one, two] = await Promise.all([load(), load({})]);
    expect(await load()).toBe(one);
    expect(two).toBe(one);
    expect(server.requests.length).toBe(before + 1);
  });

  it('keeps loads with different options apart', async () => {
    const load = loaderOn('/good.wasm');
    expect((await load()).build).toBe('wasm');
    expect((await load({ engine: 'js' })).build).toBe('js');
  });

  it('forgets a failure, so that the next call tries again', async () => {
    let path = '/error.wasm';
    const load = createLoader({ wasm: () => new URL(server.url(path)), instantiateWasm, instantiateScript });
    await loadErrorOf(load({ engine: 'wasm' }));
    path = '/good.wasm';
    expect((await load({ engine: 'wasm' })).build).toBe('wasm');
  });
});

describe('a bad file', () => {
  const broken = [
    '/missing.wasm',
    '/error.wasm',
    '/page.wasm',
    '/page-as-wasm.wasm',
    '/cut.wasm',
    '/cut-octets.wasm',
    '/empty.wasm',
    '/break.wasm',
  ];

  it.each(broken)('falls back to the JavaScript build for %s', async (path) => {
    const souk = await loaderOn(path)();
    expect(souk.build).toBe('js');
    expect(await answers(souk)).toBe(true);
  });

  it.each(broken)('says what it tried when wasm is demanded and the file is %s', async (path) => {
    const error = await loadErrorOf(loaderOn(path)({ engine: 'wasm' }));
    expect(error.attempts).toHaveLength(1);
    expect(error.message).toContain(server.url(path));
    expect(error.message).toContain("import from 'souk/inline'");
    expect(error.message).toContain('wasmUrl');
  });

  it('names status, content type and first bytes', async () => {
    const missing = await loadErrorOf(loaderOn('/missing.wasm')({ engine: 'wasm' }));
    expect(missing.message).toContain('HTTP 404, text/html');
    const page = await loadErrorOf(loaderOn('/page.wasm')({ engine: 'wasm' }));
    expect(page.message).toContain('HTTP 200, text/html, first bytes 3c 21 64');
    expect(page.message).toContain('"<!doctype html><"');
  });

  it('names the server that cannot be reached', async () => {
    const gone = await startServer({});
    const url = gone.url('/souk.wasm');
    await gone.close();
    const error = await loadErrorOf(loaderOn('/')({ engine: 'wasm', wasmUrl: url }));
    expect(error.message).toContain(url);
  });

  it('lists both builds when both fail', async () => {
    const noScript = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
    const error = await loadErrorOf(loaderOn('/missing.wasm', { instantiateScript: noScript })());
    expect(error.attempts.map(({ build }) => build)).toEqual(['wasm', 'js']);
    expect(error.message).toContain('Failed to fetch dynamically imported module');
  });

  it('refuses a file that speaks another version of the protocol, as a cache may serve it', async () => {
    const text = new TextEncoder().encode('{"ok":true,"value":{"protocol":99,"version":"9.9.9"}}');
    const host: Host = {
      reserve: () => 1,
      call: () => text.length,
      result: () => 100,
      allocatedBytes: () => 0,
      HEAPU8: Uint8Array.from({ length: 1000 }, (_, index) => text[index - 100] ?? 0),
    };
    const otherVersion = () => Promise.resolve(host);
    const load = loaderOn('/good.wasm', { instantiateWasm: otherVersion });
    expect((await load()).build).toBe('js');
    expect((await loadErrorOf(load({ engine: 'wasm' }))).message).toContain(
      'it speaks protocol 99, this code speaks 1',
    );
  });

  it('refuses bytes that are no wasm and shows how they begin', async () => {
    const error = await loadErrorOf(
      loaderOn('/')({ engine: 'wasm', wasmBinary: new TextEncoder().encode('not wasm') }),
    );
    expect(error.message).toContain('"not wasm"');
  });
});

describe('a host without wasm', () => {
  it('requests nothing and runs the JavaScript build where WebAssembly is missing', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    const before = server.requests.length;
    expect((await loaderOn('/good.wasm')()).build).toBe('js');
    expect(server.requests.length).toBe(before);
  });

  it('requests nothing and names the policy where a Content-Security-Policy forbids it', async () => {
    const forbidden =
      'Refused to compile WebAssembly because neither wasm-eval nor unsafe-eval is allowed by the Content Security Policy';
    vi.stubGlobal('WebAssembly', {
      Module: function Module() {
        throw new EvalError(forbidden);
      },
    });
    const before = server.requests.length;
    const load = loaderOn('/good.wasm');
    expect((await load()).build).toBe('js');
    const error = await loadErrorOf(load({ engine: 'wasm' }));
    expect(error.message).toContain("script-src 'wasm-unsafe-eval'");
    expect(server.requests.length).toBe(before);
  });

  it('runs the JavaScript build where memory for wasm is refused', async () => {
    const noMemory = () => Promise.reject(new RangeError('WebAssembly.Memory(): could not allocate memory'));
    expect((await loaderOn('/good.wasm', { instantiateWasm: noMemory })()).build).toBe('js');
  });
});

describe('a stalled connection', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  it.each(['/stall.wasm', '/stall-body.wasm'])(
    'starts the JavaScript build after 1.8 s of waiting for %s',
    async (path) => {
      const loading = loaderOn(path)();
      await vi.advanceTimersByTimeAsync(1800);
      expect((await loading).build).toBe('js');
    },
  );

  it('settles with an error after 3 s when nothing answers', async () => {
    const never = () => new Promise<never>(() => undefined);
    const failing = loadErrorOf(loaderOn('/stall.wasm', { instantiateScript: never })());
    await vi.advanceTimersByTimeAsync(3000);
    const error = await failing;
    expect(error.attempts.map(({ reason }) => reason)).toEqual(Array(2).fill('No answer within 3000 ms.'));
    expect(error.message).toContain(server.url('/stall.wasm'));
  });

  it('settles within the time that the caller gives', async () => {
    const failing = loadErrorOf(loaderOn('/stall.wasm')({ engine: 'wasm', timeoutMs: 200 }));
    await vi.advanceTimersByTimeAsync(200);
    expect((await failing).message).toContain('No answer within 200 ms.');
  });

  it('lets a slow wasm win when the JavaScript build is slower', async () => {
    let release: (value: Uint8Array<ArrayBuffer>) => void = () => undefined;
    const slowBytes = new Promise<Uint8Array<ArrayBuffer>>((resolve) => (release = resolve));
    const never = () => new Promise<never>(() => undefined);
    const loading = loaderOn('/', { wasm: () => slowBytes, instantiateScript: never })();
    await vi.advanceTimersByTimeAsync(2500);
    release(wasm);
    expect((await loading).build).toBe('wasm');
  });
});
