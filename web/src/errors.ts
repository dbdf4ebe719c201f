// SPDX-License-Identifier: MIT
// The two errors that this package throws. The engine's own codes are in `generated/protocol.ts`; the codes below exist only in JavaScript.
import type { ErrorCode } from './generated/protocol.js';

/**
 * Codes of this package beside the engine's.
 *
 * - `engine-lost`: the engine trapped (a bug, or the stack ran out) and its memory can no longer be trusted. Create another engine and
 *   replay the journal or the snapshot kept outside.
 * - `engine-disposed`: the engine was used after `dispose()`.
 * - `out-of-memory`: the request does not fit into the memory that the host allows. The engine is unharmed.
 * - `load-failed`: neither the wasm nor the JavaScript build could be loaded (always a {@link SoukLoadError}).
 */
export type WebErrorCode = 'engine-lost' | 'engine-disposed' | 'out-of-memory' | 'load-failed';

/** Every code that a {@link SoukError} can carry. */
export type SoukErrorCode = ErrorCode | WebErrorCode;

/** Where and why something was refused. */
export interface SoukErrorDetails {
  /** Kebab-case, stable for ever: program against this. */
  readonly code: SoukErrorCode;
  /** One English sentence for a developer; not part of any promise. */
  readonly message: string;
  /** JSON pointer (RFC 6901) of the offending value in the request; empty for the whole. */
  readonly path?: string;
  /** Byte offset in the request where the reader stood; absent where there is none. */
  readonly offset?: number;
  /** What was thrown underneath, if anything. */
  readonly cause?: unknown;
}

/** A refusal. Nothing in the engine has changed when one is thrown, unless its code is `engine-lost`. */
export class SoukError extends Error {
  override readonly name: string = 'SoukError';
  /** Kebab-case, stable for ever: program against this. */
  readonly code: SoukErrorCode;
  /** JSON pointer (RFC 6901) of the offending value in the request; empty for the whole. */
  readonly path: string;
  /** Byte offset in the request where the reader stood; undefined where there is none. */
  readonly offset: number | undefined;

  constructor(details: SoukErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.path = details.path ?? '';
    this.offset = details.offset;
  }
}

/** One thing that the loader tried, and what came of it. */
export interface LoadAttempt {
  /** What was loaded: the `wasm` build or the `js` build. */
  readonly build: 'wasm' | 'js';
  /** Where it was looked for; absent for bytes that were given or inlined. */
  readonly url?: string;
  /** The HTTP status, if an answer came. */
  readonly status?: number;
  /** The answer's content type, if an answer came. */
  readonly contentType?: string;
  /** The first bytes of the answer as hex and as text, if it was no wasm file. */
  readonly firstBytes?: string;
  /** Why it failed, one sentence. */
  readonly reason: string;
}

const bundlerFix =
  "The souk.wasm file was not found where the bundled code looks for it. esbuild and Rollup do not copy it: import from 'souk/inline' " +
  "instead of 'souk', or copy node_modules/souk/dist/souk.wasm into your output and pass load({ wasmUrl }). " +
  "With Vite 7 or older add optimizeDeps: { exclude: ['souk'] }.";
const policyFix = "A Content-Security-Policy that allows wasm needs script-src 'wasm-unsafe-eval'.";

/** The text of one attempt: what, where, and every fact that helps to find out why. */
function describe(attempt: LoadAttempt): string {
  const facts = [
    attempt.url,
    attempt.status === undefined ? undefined : `HTTP ${attempt.status}`,
    attempt.contentType,
    attempt.firstBytes === undefined ? undefined : `first bytes ${attempt.firstBytes}`,
  ].filter((fact) => fact !== undefined && fact !== '');
  return `  ${attempt.build}: ${attempt.reason}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

/** The whole message: every attempt in order, then the fixes that fit what was seen. */
function loadMessage(attempts: readonly LoadAttempt[]): string {
  const missing = attempts.some((attempt) => attempt.build === 'wasm' && attempt.url !== undefined);
  const forbidden = attempts.some((attempt) => /Content.Security.Policy|unsafe-eval|disallowed/i.test(attempt.reason));
  return [
    'Souk could not be loaded. Tried:',
    ...attempts.map(describe),
    ...(missing ? [bundlerFix] : []),
    ...(forbidden ? [policyFix] : []),
  ].join('\n');
}

/** Neither build could be loaded. Its text lists what was tried and how to override it; `load()` may be called again. */
export class SoukLoadError extends SoukError {
  override readonly name = 'SoukLoadError';
  /** Everything that was tried, in order. */
  readonly attempts: readonly LoadAttempt[];

  constructor(attempts: readonly LoadAttempt[], cause?: unknown) {
    super({ code: 'load-failed', message: loadMessage(attempts), cause });
    this.attempts = attempts;
  }
}
