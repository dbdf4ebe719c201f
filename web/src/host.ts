// SPDX-License-Identifier: MIT
// The border between JavaScript and the compiled engine: four functions and one view of memory, the same in the wasm and in the
// plain-JavaScript build. Only numbers cross; text and packs cross as bytes in the engine's memory. Ownership:
//   - the request area belongs to the engine; JavaScript may write to it from `reserve` until `call`;
//   - the answer belongs to the engine and is valid until the next `reserve` or `call`; JavaScript copies it out at once;
//   - memory may grow during every call, which detaches old views: `HEAPU8` is read again each time.
import { SoukError } from './errors.js';

/** What a compiled engine exports. The generated declarations of the wasm module are checked against this by `glue.ts`. */
export interface Host {
  /** Room for a request: `size` bytes of name and body. Returns the address, or 0 when memory is exhausted. */
  reserve(size: number): number;
  /** Runs the operation whose name is the first `nameSize` bytes of the request area; the next `bodySize` bytes are its request. */
  call(nameSize: number, bodySize: number): number;
  /** Address of the last answer; its size is what `call` returned. */
  result(): number;
  /** Bytes allocated by the engine now; for tests of leaks. */
  allocatedBytes(): number;
  /** The engine's memory. */
  readonly HEAPU8: Uint8Array;
}

const encoder = new TextEncoder();
const encodedNames = new Map<string, Uint8Array>();

/** The operation's name as bytes; there are few names, so each is encoded once. */
function nameBytes(operation: string): Uint8Array {
  let bytes = encodedNames.get(operation);
  if (bytes === undefined) {
    bytes = encoder.encode(operation);
    encodedNames.set(operation, bytes);
  }
  return bytes;
}

/** Carries requests and answers over the border of one engine, and knows whether that engine can still be trusted. */
export class Border {
  #host: Host | undefined;
  #lost: unknown;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Lets the engine's memory go. Later calls throw `engine-disposed`. Calling it twice does nothing. */
  close(): void {
    this.#host = undefined;
    this.#lost = undefined;
  }

  /** One operation with a text request. See {@link Border.callBytes}. */
  callText(operation: string, text: string): Uint8Array {
    // A UTF-16 unit becomes at most three bytes of UTF-8, so the text is encoded straight into the engine's memory without a copy.
    return this.#run(operation, text.length * 3, (area) => encoder.encodeInto(text, area).written);
  }

  /**
   * One operation with a request of bytes.
   *
   * @returns A view of the engine's memory, valid until the next call: decode or copy it at once.
   * @throws SoukError `engine-lost` after a trap, `engine-disposed`, `out-of-memory`.
   */
  callBytes(operation: string, bytes: Uint8Array): Uint8Array {
    return this.#run(operation, bytes.length, (area) => {
      area.set(bytes);
      return bytes.length;
    });
  }

  /** Bytes that the engine has allocated now. */
  allocatedBytes(): number {
    return this.#living().allocatedBytes();
  }

  #run(operation: string, capacity: number, fill: (area: Uint8Array) => number): Uint8Array {
    const host = this.#living();
    const name = nameBytes(operation);
    return this.#guarded(() => {
      const address = host.reserve(name.length + capacity);
      if (address === 0) throw outOfMemory(capacity);
      const body = address + name.length;
      host.HEAPU8.set(name, address);
      const bodySize = fill(host.HEAPU8.subarray(body, body + capacity));
      const size = host.call(name.length, bodySize);
      const answer = host.result();
      return host.HEAPU8.subarray(answer, answer + size);
    });
  }

  #living(): Host {
    if (this.#host !== undefined) return this.#host;
    if (this.#lost !== undefined) throw engineLost(this.#lost);
    throw new SoukError({ code: 'engine-disposed', message: 'This engine has been disposed; create another one.' });
  }

  /** Anything thrown by compiled code (a trap, an abort, a stack overflow) leaves its memory half-changed: the engine is given up. */
  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof SoukError) throw error;
      this.#host = undefined;
      this.#lost = error ?? new Error('unknown');
      throw engineLost(this.#lost);
    }
  }
}

function outOfMemory(size: number): SoukError {
  return new SoukError({
    code: 'out-of-memory',
    message: `No memory for a request of up to ${size} bytes; the engine is unharmed.`,
  });
}

function engineLost(cause: unknown): SoukError {
  const message =
    'The engine stopped unexpectedly and its state is lost; create another engine and replay its journal or snapshot.';
  return new SoukError({ code: 'engine-lost', message, cause });
}
