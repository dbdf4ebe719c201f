// SPDX-License-Identifier: MIT
// The writer of requests: exact or refused, never changed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SoukError } from '../../web/src/errors.js';
import { jsonText } from '../../web/src/json-text.js';

/** The refusal that a value meets. */
function refusal(value: unknown): { code: string; path: string } {
  try {
    jsonText(value);
  } catch (error) {
    if (error instanceof SoukError) return { code: error.code, path: error.path };
    throw error;
  }
  throw new Error('The value was written.');
}

describe('writing a request', () => {
  it('writes plain data as JSON.stringify does', () => {
    const text = fc.string({ unit: 'grapheme' });
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger(),
        text,
        tie('list'),
        tie('record'),
      ),
      list: fc.array(tie('value'), { maxLength: 5 }),
      record: fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    })).value;
    fc.assert(
      fc.property(plain, (value) => {
        expect(jsonText(value)).toBe(JSON.stringify(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves out members whose value is undefined', () => {
    expect(jsonText({ a: 1, b: undefined })).toBe('{"a":1}');
  });

  it('does not change or call what it is given', () => {
    const request = Object.freeze({
      list: Object.freeze([1, 2]),
      own: Object.freeze(JSON.parse('{"__proto__":1}') as object),
    });
    expect(jsonText(request)).toBe('{"list":[1,2],"own":{"__proto__":1}}');
    expect(refusal({ toJSON: () => 'other' })).toEqual({ code: 'wrong-type', path: '/toJSON' });
  });

  it('accepts the same object twice side by side', () => {
    const line = { item: 'a' };
    expect(jsonText([line, line])).toBe('[{"item":"a"},{"item":"a"}]');
  });

  it.each([
    ['a fraction', { lines: [{ paid: 18.99 }] }, 'not-an-integer', '/lines/0/paid'],
    ['NaN', { points: Number.NaN }, 'not-an-integer', '/points'],
    ['Infinity', { points: Infinity }, 'number-out-of-range', '/points'],
    ['2^53', { points: 2 ** 53 }, 'number-out-of-range', '/points'],
    ['-2^53', { points: -(2 ** 53) }, 'number-out-of-range', '/points'],
    ['a BigInt', { points: 1n }, 'wrong-type', '/points'],
    ['a function', { then: () => 1 }, 'wrong-type', '/then'],
    ['a symbol', { tag: Symbol('x') }, 'wrong-type', '/tag'],
    ['undefined in an array', { list: [1, undefined] }, 'wrong-type', '/list/1'],
    ['a hole in an array', { list: Array(1) }, 'wrong-type', '/list/0'],
    ['a Date', { at: new Date(0) }, 'wrong-type', '/at'],
    ['a Map', { map: new Map() }, 'wrong-type', '/map'],
    ['a typed array', { bytes: new Uint8Array(1) }, 'wrong-type', '/bytes'],
    ['a lone high surrogate', { note: 'x\ud83d' }, 'invalid-utf8', '/note'],
    ['a lone low surrogate', { note: '\ude00x' }, 'invalid-utf8', '/note'],
    ['a lone surrogate in a key', { inner: { 'x\ud83d': 1 } }, 'invalid-utf8', '/inner'],
    ['a key that needs escaping in the path', { 'a/b~c': 0.5 }, 'not-an-integer', '/a~1b~0c'],
  ])('refuses %s', (_name, value, code, path) => {
    expect(refusal(value)).toEqual({ code, path });
  });

  it('refuses a cycle at the place where it closes', () => {
    const order: Record<string, unknown> = {};
    order.lines = [order];
    expect(refusal(order)).toEqual({ code: 'wrong-type', path: '/lines/0' });
  });

  it('writes 32 levels and refuses 33', () => {
    const nest = (levels: number): unknown => (levels === 0 ? 1 : [nest(levels - 1)]);
    expect(jsonText(nest(32))).toBe('['.repeat(32) + '1' + ']'.repeat(32));
    expect(refusal(nest(33)).code).toBe('too-deep');
  });

  it('writes the whole range of exact integers', () => {
    for (const value of [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      expect(jsonText(value)).toBe(String(value));
    }
    expect(jsonText(-0)).toBe('0');
  });
});
