// SPDX-License-Identifier: MIT
// Reads a request's body within limits of size, of time and of what gzip may blow up, and nothing of it is kept beyond them.
import type { Engine } from 'souk';
import { HttpError } from './answer.js';
import type { IncomingRequest, Unread } from './incoming.js';

/** Limits of one body. */
export interface BodyLimits {
  /** Bytes after decompression at most. */
  readonly bytes: number;
  /** Milliseconds until the last byte is there. */
  readonly ms: number;
  /** Times that a compressed body may grow. */
  readonly gzipRatio: number;
}

/** Below this size a high ratio is harmless: short repetitive texts compress very well. */
const ratioFromBytes = 65_536;

const tooLarge = (limit: number) => new HttpError(413, 'body-too-large', `A body has at most ${limit} bytes.`);

const tooLate = (ms: number) => new HttpError(408, 'body-timeout', `The body did not come within ${ms} ms.`);

/** The refusal of a body that its host did not read to the end. */
function unread(why: Unread, { bytes, ms }: BodyLimits): HttpError {
  if (why === 'too-large') return tooLarge(bytes);
  if (why === 'too-late') return tooLate(ms);
  return new HttpError(400, 'incomplete-body', 'The body ended before its end.');
}

/** Rejects when the time is over. */
function deadline(ms: number): { readonly over: Promise<never>; readonly clear: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate(ms)), ms);
  });
  over.catch(() => undefined);
  return { over, clear: () => clearTimeout(timer) };
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

async function collect(
  stream: ReadableStream<Uint8Array>,
  check: (length: number) => void,
  over: Promise<never>,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), over]);
      if (done) return concat(chunks, length);
      length += value.length;
      check(length);
      chunks.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    throw error;
  }
}

/** Inflates, and stops in the middle of what grows too much. */
async function inflate(
  packed: Uint8Array,
  { bytes, gzipRatio }: BodyLimits,
  over: Promise<never>,
): Promise<Uint8Array> {
  const check = (length: number) => {
    if (length > ratioFromBytes && length > packed.length * gzipRatio) {
      throw new HttpError(413, 'gzip-ratio', `A compressed body grows at most ${gzipRatio} times.`);
    }
    if (length > bytes) throw tooLarge(bytes);
  };
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new Uint8Array(packed));
      controller.close();
    },
  });
  try {
    return await collect(source.pipeThrough(new DecompressionStream('gzip')), check, over);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, 'invalid-gzip', 'The body is not what gzip writes.');
  }
}

/**
 * The bytes of a request's body, decompressed.
 *
 * @throws HttpError 413 `body-too-large`, `gzip-ratio`; 408 `body-timeout`; 400 `incomplete-body`, `invalid-gzip`; 415 `unsupported-encoding`
 */
export async function readBody(request: IncomingRequest, limits: BodyLimits): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limits.bytes) throw tooLarge(limits.bytes);
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (!['identity', 'gzip'].includes(encoding)) {
    throw new HttpError(415, 'unsupported-encoding', 'A body is plain or gzip.');
  }
  const raw = await readRaw(request, limits);
  return encoding === 'gzip' ? inflateInTime(raw, limits) : raw;
}

/** A body as it comes. */
async function readRaw(request: IncomingRequest, limits: BodyLimits): Promise<Uint8Array> {
  if (request.readAll !== undefined) {
    const raw = await request.readAll(limits.bytes, limits.ms);
    if (typeof raw === 'string') throw unread(raw, limits);
    return raw;
  }
  const { body } = request;
  if (body === null) return new Uint8Array();
  const check = (length: number) => {
    if (length > limits.bytes) throw tooLarge(limits.bytes);
  };
  return inTime(limits.ms, (over) => collect(body, check, over));
}

const inflateInTime = (raw: Uint8Array, limits: BodyLimits) => inTime(limits.ms, (over) => inflate(raw, limits, over));

async function inTime<T>(ms: number, work: (over: Promise<never>) => Promise<T>): Promise<T> {
  const { over, clear } = deadline(ms);
  try {
    return await work(over);
  } finally {
    clear();
  }
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object but for one member. */
export function without(value: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([own]) => own !== name));
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The object that a body holds. The engine's strict reader reads it first and writes it in its normal form; only that form is given to
 * `JSON.parse`, so that both see one document.
 *
 * @throws HttpError 400 with the reader's code
 */
export function parseObject(engine: Engine, bytes: Uint8Array): JsonObject {
  const answer = JSON.parse(decoder.decode(engine.callBytes('normalize', bytes))) as
    | { readonly ok: true; readonly value: unknown }
    | {
        readonly ok: false;
        readonly error: { readonly code: string; readonly path: string; readonly message: string };
      };
  if (!answer.ok) {
    const { code, path, message } = answer.error;
    throw new HttpError(400, code, message, { path });
  }
  if (!isObject(answer.value)) throw new HttpError(400, 'wrong-type', 'The body is a JSON object.');
  return answer.value;
}
