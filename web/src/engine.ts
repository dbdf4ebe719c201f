// SPDX-License-Identifier: MIT
// The façade: one method per operation of the protocol, typed by the table that the engine generates. A new, renamed or retyped operation
// fails `tsc` here until the method follows. Requests are read, never changed; answers are fresh plain objects that the engine has no hold on.
/// <reference lib="esnext.disposable" preserve="true" />
import { SoukError } from './errors.js';
import { Border, type Host } from './host.js';
import { jsonText } from './json-text.js';
import { type ErrorCode, type Operation, type Operations, operations } from './generated/protocol.js';

/** `open-program` → `openProgram`. */
type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** A request without members needs no argument. */
type Arguments<Request> = [keyof Request] extends [never] ? [] : [request: Request];

/** Each operation as a method; {@link Engine} implements all of them. */
export type EngineMethods = {
  [Op in Operation as Camel<Op>]: (...request: Arguments<Operations[Op]['request']>) => Operations[Op]['response'];
};

/** What an operation takes. */
type Request<Op extends Operation> = Operations[Op]['request'];

/** What an operation answers. */
type Answer<Op extends Operation> = Operations[Op]['response'];

/** What the engine replies in JSON. */
type Reply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: Refusal };

/** A refusal as it crosses. */
interface Refusal {
  readonly code: ErrorCode;
  readonly path: string;
  readonly message: string;
  readonly offset?: number;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The answer's value, or the refusal as an error. The text is the engine's own, so JSON.parse may read it. */
function valueOf(answer: Uint8Array): unknown {
  const parsed = JSON.parse(decoder.decode(answer)) as Reply;
  if (parsed.ok) return parsed.value;
  throw new SoukError(parsed.error);
}

/** Answers in bytes begin with a magic; an answer that begins with a brace is a refusal in JSON. */
const brace = 0x7b;

/** The bytes of a raw answer, copied out of the engine's memory. */
function bytesOf(answer: Uint8Array): Uint8Array {
  if (answer[0] === brace) valueOf(answer);
  return answer.slice();
}

/** Typed arrays and array buffers of this or another realm. */
function requireBytes(operation: string, request: unknown): Uint8Array {
  if (request instanceof Uint8Array) return request;
  if (ArrayBuffer.isView(request)) return new Uint8Array(request.buffer, request.byteOffset, request.byteLength);
  if (Object.prototype.toString.call(request) === '[object ArrayBuffer]') return new Uint8Array(request as ArrayBuffer);
  throw new SoukError({ code: 'wrong-type', message: `${operation} takes bytes: a Uint8Array or an ArrayBuffer.` });
}

/** Whether the table has an operation of that name; names that objects inherit, such as `toString`, are none. */
function isOperation(name: PropertyKey): boolean {
  return Object.prototype.hasOwnProperty.call(operations, name);
}

/** Operations on values of free shape, where a fraction is a number like any other; everywhere else numbers are integers. */
const freeShaped: ReadonlySet<Operation> = new Set<Operation>(['evaluate-condition']);

/** Every JSON request is an object. */
function requireObject(operation: string, request: unknown): object {
  if (typeof request === 'object' && request !== null && !Array.isArray(request)) return request;
  throw new SoukError({ code: 'wrong-type', message: `${operation} takes an object.` });
}

/**
 * One engine: memory, program, pack and streams of its own.
 *
 * Every method throws a {@link SoukError} when the engine refuses; nothing has changed then. After a trap (code `engine-lost`) the engine is
 * given up, because compiled code that was cut off may leave its memory half-changed: create another and replay.
 */
export class Engine implements EngineMethods {
  readonly #border: Border;

  private constructor(host: Host) {
    this.#border = new Border(host);
  }

  /** For the loader: a façade on a compiled engine. */
  static on(host: Host): Engine {
    return new Engine(host);
  }

  /**
   * Any operation by name, typed by the protocol table. The methods below are this with documentation.
   *
   * @throws SoukError with the engine's code, or the façade's own for a request that has no exact JSON form.
   */
  call<Op extends Operation>(operation: Op, request: Request<Op>): Answer<Op> {
    if (!isOperation(operation)) {
      throw new SoukError({ code: 'unknown-operation', message: `No operation is named '${operation}'.` });
    }
    const form = operations[operation];
    const answer =
      form.request === 'bytes'
        ? this.#border.callBytes(operation, requireBytes(operation, request))
        : this.#border.callText(operation, jsonText(requireObject(operation, request), freeShaped.has(operation)));
    return form.response === 'bytes' ? bytesOf(answer) : valueOf(answer);
  }

  /** What the engine is: its version and that of the protocol. */
  engineInfo(): Answer<'engine-info'> {
    return this.call('engine-info', {});
  }

  /**
   * Tells the engine the hash of its own file, which then stands in every fact that it decides.
   * @throws SoukError when it is no SHA-256 in 64 hexadecimal digits
   */
  nameEngine(request: Request<'name-engine'>): Answer<'name-engine'> {
    return this.call('name-engine', request);
  }

  /**
   * Takes a merchant's program into use; streams stay open.
   * @throws SoukError `invalid-program`, `invalid-zone`, `unknown-currency`, with the path within the program
   */
  openProgram(request: Request<'open-program'>): Answer<'open-program'> {
    return this.call('open-program', request);
  }

  /**
   * Takes a pack, as `souk pack build` wrote it, into use. The bytes cross once; the caller may drop them.
   * @throws SoukError `damaged-bytes`, `unsupported-version`
   */
  openPack(request: Request<'open-pack'>): Answer<'open-pack'> {
    return this.call('open-pack', request);
  }

  /**
   * Opens an empty stream, such as `account/17850`. Its handle is a number; close it with {@link Engine.closeStream}.
   * @throws SoukError `invalid-id`, `unknown-value`, `stream-already-open`
   */
  openStream(request: Request<'open-stream'>): Answer<'open-stream'> {
    return this.call('open-stream', request);
  }

  /**
   * Opens a stream as a snapshot holds it.
   * @throws SoukError `damaged-bytes`, `unsupported-version`, `stream-already-open`
   */
  restore(request: Request<'restore'>): Answer<'restore'> {
    return this.call('restore', request);
  }

  /**
   * Ends a handle and lets the stream's state go.
   * @throws SoukError `stale-handle`
   */
  closeStream(request: Request<'close-stream'>): Answer<'close-stream'> {
    return this.call('close-stream', request);
  }

  /**
   * Where a stream stands, and which commands are pending on it.
   * @throws SoukError `stale-handle`
   */
  status(request: Request<'status'>): Answer<'status'> {
    return this.call('status', request);
  }

  /**
   * The streams that a command touches, in the order in which they are locked, as far as those that are open tell: to be asked again with these
   * open until none is new.
   * @throws SoukError `no-program`
   */
  streamsOf(request: Request<'streams-of'>): Answer<'streams-of'> {
    return this.call('streams-of', request);
  }

  /**
   * Decides a command. A refusal by a rule is an answer (`verdict.code`), not an error; the same command again gets its first verdict.
   * @throws SoukError when it cannot be decided at all: `no-program`, `stream-not-open`, `not-permitted`, `command-id-reused`,
   * `before-stream`
   */
  submit(request: Request<'submit'>): Answer<'submit'> {
    return this.call('submit', request);
  }

  /**
   * Folds facts that were decided elsewhere, all or none; those that are known are passed over.
   * @throws SoukError `stale-handle`, `sequence-gap`, `invalid-fact`, `command-id-reused`, `before-stream`
   */
  evolve(request: Request<'evolve'>): Answer<'evolve'> {
    return this.call('evolve', request);
  }

  /**
   * Shows a command at once, on top of what is known, until its verdict comes. It makes nothing real.
   * @throws SoukError `stale-handle`, and as {@link Engine.submit}
   */
  addPending(request: Request<'add-pending'>): Answer<'add-pending'> {
    return this.call('add-pending', request);
  }

  /**
   * Takes in what the collector answered: folds facts, ends pending commands that have their verdict, decides the others anew.
   * @throws SoukError as {@link Engine.evolve}
   */
  apply(request: Request<'apply'>): Answer<'apply'> {
    return this.call('apply', request);
  }

  /**
   * An account at an instant: points, level, the way to the next level, and on request the life of each lot.
   * @throws SoukError `stale-handle`, `no-program`, `before-stream`
   */
  account(request: Request<'account'>): Answer<'account'> {
    return this.call('account', request);
  }

  /**
   * A team at an instant, as everybody may see it: no account, payment or order of another is named.
   * @throws SoukError `stale-handle`, `unknown-value` (the handle of no team), `before-stream`
   */
  team(request: Request<'team'>): Answer<'team'> {
    return this.call('team', request);
  }

  /**
   * A stock pool at an instant.
   * @throws SoukError `stale-handle`, `unknown-value` (the handle of no pool), `before-stream`
   */
  pool(request: Request<'pool'>): Answer<'pool'> {
    return this.call('pool', request);
  }

  /**
   * An account's invitation code, and what became of its invitations.
   * @throws SoukError `stale-handle`, `unknown-value` (the handle of no account)
   */
  invitations(request: Request<'invitations'>): Answer<'invitations'> {
    return this.call('invitations', request);
  }

  /**
   * The digest of a stream's confirmed state: equal on every host that folded the same facts.
   * @throws SoukError `stale-handle`
   */
  digest(request: Request<'digest'>): Answer<'digest'> {
    return this.call('digest', request);
  }

  /**
   * A stream's confirmed state as bytes that {@link Engine.restore} reads; the copy is the caller's.
   * @throws SoukError `stale-handle`
   */
  snapshot(request: Request<'snapshot'>): Answer<'snapshot'> {
    return this.call('snapshot', request);
  }

  /** All facts that this engine decided, in order and hash-chained, as bytes; the copy is the caller's. */
  journal(): Answer<'journal'> {
    return this.call('journal', {});
  }

  /**
   * Checks a journal's chain, folds it from empty and tells the digest of every stream. Open streams are not touched.
   * @throws SoukError `damaged-bytes`, `unsupported-version`, `sequence-gap`, `invalid-fact`
   */
  replay(request: Request<'replay'>): Answer<'replay'> {
    return this.call('replay', request);
  }

  /**
   * Items to show now, best first, with the reasons whose contributions add up to each score.
   * @throws SoukError `no-pack`
   */
  recommend(request: Request<'recommend'>): Answer<'recommend'> {
    return this.call('recommend', request);
  }

  /**
   * Whether a condition holds for declared facts.
   * @throws SoukError `invalid-condition`, with the path within the condition
   */
  evaluateCondition(request: Request<'evaluate-condition'>): Answer<'evaluate-condition'> {
    return this.call('evaluate-condition', request);
  }

  /**
   * Reads a JSON document strictly, from bytes, and gives its value. For the exact text of the normal form use {@link Engine.callBytes}.
   * @throws SoukError with the reader's code, path and byte offset
   */
  normalize(request: Request<'normalize'>): Answer<'normalize'> {
    return this.call('normalize', request);
  }

  /**
   * The protocol itself: request bytes in, answer bytes out, nothing read or checked on the way.
   *
   * @returns A copy of the answer: raw bytes, or JSON `{"ok":true,"value":…}` or `{"ok":false,"error":{…}}`.
   */
  callBytes(operation: string, request: Uint8Array): Uint8Array {
    return this.#border.callBytes(operation, requireBytes(operation, request)).slice();
  }

  /** Bytes that the engine has allocated now, for tests of leaks and for budgets. */
  allocatedBytes(): number {
    return this.#border.allocatedBytes();
  }

  /** Lets the engine and its memory go. Later calls throw `engine-disposed`; calling it twice does nothing. */
  dispose(): void {
    this.#border.close();
  }

  /** `using engine = await souk.createEngine()` disposes at the end of the block. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
