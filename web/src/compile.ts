// SPDX-License-Identifier: MIT
// Gets a compiled module from a URL or from bytes. Streams where it may; where the server sends another MIME type it reads the bytes and
// looks at them, because most "wasm errors" in the field are an HTML page served with status 200.
import type { LoadAttempt } from './errors.js';

/** A failed attempt, thrown inside the loader and reported as part of a SoukLoadError. */
export class AttemptError extends Error {
  /** What was tried and what was seen. */
  readonly attempt: LoadAttempt;

  constructor(attempt: LoadAttempt, cause?: unknown) {
    super(attempt.reason, { cause });
    this.attempt = attempt;
  }
}

/** What is known of an answer, for the error text. */
function seen(url: string, response: Response): Pick<LoadAttempt, 'build' | 'url' | 'status' | 'contentType'> {
  return {
    build: 'wasm',
    url,
    status: response.status,
    contentType: response.headers.get('content-type') ?? 'no content type',
  };
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The first bytes as hex and as printable text: enough to tell an HTML page, a JSON error and a truncated file apart. */
export function firstBytesOf(bytes: Uint8Array): string {
  const head = bytes.subarray(0, 16);
  const hex = Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = Array.from(head, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
  return head.length === 0 ? 'none, the file is empty' : `${hex} "${text}"`;
}

function hasMagic(bytes: Uint8Array): boolean {
  return bytes[0] === 0x00 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}

/** Bytes of either kind as a view. */
function viewOf(source: BufferSource): Uint8Array<ArrayBuffer> {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/**
 * Compiles the smallest module there is, to learn before any download whether this page may compile wasm at all.
 *
 * @throws AttemptError where WebAssembly is missing or a Content-Security-Policy forbids it.
 */
export function requireWasm(): void {
  if (typeof WebAssembly !== 'object')
    throw new AttemptError({ build: 'wasm', reason: 'This host has no WebAssembly.' });
  try {
    new WebAssembly.Module(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00));
  } catch (error) {
    throw new AttemptError({ build: 'wasm', reason: reasonOf(error) }, error);
  }
}

/**
 * Compiles bytes that were given, inlined or downloaded.
 *
 * @throws AttemptError when they do not begin with `\0asm` or do not compile.
 */
export async function compileBytes(
  source: BufferSource,
  facts: Omit<LoadAttempt, 'reason'> = { build: 'wasm' },
): Promise<WebAssembly.Module> {
  const bytes = viewOf(source);
  if (!hasMagic(bytes)) {
    throw new AttemptError({ ...facts, firstBytes: firstBytesOf(bytes), reason: 'The file is not WebAssembly.' });
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new AttemptError({ ...facts, reason: `${reasonOf(error)} (${bytes.length} bytes)` }, error);
  }
}

/** True when the server named the type that streaming compilation demands. */
function isStreamable(response: Response): boolean {
  const type = response.headers.get('content-type') ?? '';
  return (
    typeof WebAssembly.compileStreaming === 'function' &&
    type.split(';')[0]?.trim().toLowerCase() === 'application/wasm'
  );
}

async function compileStream(url: string, response: Response): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compileStreaming(response);
  } catch (error) {
    throw new AttemptError({ ...seen(url, response), reason: reasonOf(error) }, error);
  }
}

async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    throw new AttemptError({ build: 'wasm', url, reason: reasonOf(error) }, error);
  }
  if (response.ok) return response;
  throw new AttemptError({ ...seen(url, response), reason: 'The server did not send the file.' });
}

/**
 * Downloads and compiles the wasm file.
 *
 * @param url       Where it is; the only request that this package makes by itself.
 * @param integrity Subresource-integrity hash that the file must have, such as `sha384-…`; none when undefined.
 * @param signal    Ends the download.
 * @throws AttemptError with URL, status, content type and first bytes as far as they are known.
 */
export async function compileUrl(
  url: string,
  integrity: string | undefined,
  signal: AbortSignal,
): Promise<WebAssembly.Module> {
  const response = await request(url, integrity === undefined ? { signal } : { signal, integrity });
  if (isStreamable(response)) return compileStream(url, response);
  const facts = seen(url, response);
  let bytes: ArrayBuffer;
  try {
    bytes = await response.arrayBuffer();
  } catch (error) {
    throw new AttemptError({ ...facts, reason: reasonOf(error) }, error);
  }
  return compileBytes(bytes, facts);
}
