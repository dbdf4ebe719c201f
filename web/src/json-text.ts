// SPDX-License-Identifier: MIT
// Writes a caller's value as JSON text, and refuses whatever JSON.stringify or TextEncoder would change in silence: NaN becomes null,
// a lone surrogate becomes U+FFFD, a Date becomes text, a Map becomes {}. What reaches the engine is what the caller wrote, or nothing.
import { SoukError } from './errors.js';
import type { ErrorCode } from './generated/protocol.js';

/** The engine's reader allows 32 levels; the writer stops at the same depth, so a cycle ends here and not in a stack overflow. */
const maxDepth = 32;

/** Text that needs no escaping: printable ASCII without quote and backslash. Most ids and names take this way. */
const plainText = /^[ !#-[\]-~]*$/;

/** A high surrogate without its low one, or the reverse. Older browsers lack String.prototype.isWellFormed. */
const loneSurrogate = /\p{Surrogate}/u;

/** True for objects that are read member by member: literals, class instances, objects of another realm; not Map, Date or a typed array. */
function isRecord(value: object): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** One pass over one value. It remembers the way down, so that a refusal can name the place without every visit paying for a path. */
class Writer {
  readonly #above: object[] = [];
  readonly #keys: (string | number)[] = [];
  readonly #fractions: boolean;

  constructor(fractions: boolean) {
    this.#fractions = fractions;
  }

  value(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
        return this.#number(value);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'object':
        return value === null ? 'null' : this.#object(value);
      case 'bigint':
        return this.#refuse('wrong-type', 'A BigInt is not accepted; pass a number of at most 2^53 - 1.');
      default:
        return this.#refuse('wrong-type', `A value of type ${typeof value} has no JSON form.`);
    }
  }

  #string(text: string): string {
    if (plainText.test(text)) return `"${text}"`;
    if (loneSurrogate.test(text))
      this.#refuse('invalid-utf8', 'The text contains a lone surrogate, which has no UTF-8 form.');
    return JSON.stringify(text);
  }

  #number(value: number): string {
    if (Number.isSafeInteger(value)) return String(value);
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      this.#refuse('number-out-of-range', `${value} is beyond ±(2^53 - 1), where numbers stop being exact.`);
    }
    if (this.#fractions && !Number.isNaN(value)) return String(value);
    return this.#refuse(
      'not-an-integer',
      `${value} is not an integer; amounts are integer minor units, such as 1899 for 18.99.`,
    );
  }

  #object(value: object): string {
    if (this.#above.includes(value)) this.#refuse('wrong-type', 'The object contains itself.');
    if (this.#above.length >= maxDepth) this.#refuse('too-deep', `More than ${maxDepth} levels of nesting.`);
    this.#above.push(value);
    const text = this.#members(value);
    this.#above.pop();
    return text;
  }

  #members(value: object): string {
    if (Array.isArray(value)) return this.#list(value);
    if (isRecord(value)) return this.#record(value);
    return this.#refuse(
      'wrong-type',
      `A ${Object.prototype.toString.call(value).slice(8, -1)} has no JSON form; pass plain data.`,
    );
  }

  #list(list: readonly unknown[]): string {
    const parts: string[] = [];
    for (let index = 0; index < list.length; index += 1) parts.push(this.#member(index, list[index]));
    return `[${parts.join(',')}]`;
  }

  #record(record: Record<string, unknown>): string {
    const parts: string[] = [];
    for (const key of Object.keys(record)) {
      const value = record[key];
      if (value !== undefined) parts.push(`${this.#string(key)}:${this.#member(key, value)}`); // undefined: an absent member
    }
    return `{${parts.join(',')}}`;
  }

  #member(key: string | number, value: unknown): string {
    this.#keys.push(key);
    const text = this.value(value);
    this.#keys.pop();
    return text;
  }

  #refuse(code: ErrorCode, message: string): never {
    const path = this.#keys.map((key) => `/${String(key).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
    throw new SoukError({ code, path, message });
  }
}

/**
 * The JSON text of plain data. Reads every value once, never changes it, and calls neither `toJSON` nor any other method of it.
 *
 * @param value Objects, arrays, strings, safe integers, booleans and null; a member whose value is undefined counts as absent.
 * @param fractions Whether finite fractions are accepted too, as the shortest decimal that names them.
 * @throws SoukError `wrong-type` (BigInt, function, symbol, undefined in an array, Date, Map, a cycle), `not-an-integer` (a fraction,
 * NaN), `number-out-of-range` (beyond ±(2^53 - 1)), `invalid-utf8` (a lone surrogate), `too-deep` (more than 32 levels); `path` points
 * to the value.
 */
export function jsonText(value: unknown, fractions = false): string {
  return new Writer(fractions).value(value);
}
