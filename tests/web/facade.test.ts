// SPDX-License-Identifier: MIT
// The façade's own checks: what a caller passes is carried exactly, or refused by a code before it reaches the engine.
import { type Engine, load, SoukError } from 'souk';
import { beforeAll, describe, expect, it } from 'vitest';
import { order, program } from './fixtures.js';

let engine: Engine;
beforeAll(async () => {
  engine = await (await load()).createEngine();
});

/** Code and path of the error that a call throws. */
function refusal(call: () => unknown): { code: string; path: string } {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(SoukError);
    const { code, path } = error as SoukError;
    return { code, path };
  }
  throw new Error('Nothing was refused.');
}

const wrong = (value: unknown) => value as never;

describe('arguments', () => {
  it.each([undefined, null, 1, 'text', true, [], 1n])('refuses %s as a request with code "wrong-type"', (value) => {
    expect(refusal(() => engine.openStream(wrong(value))).code).toBe('wrong-type');
  });

  it.each([undefined, null, 1, 'text', {}, []])('refuses %s as bytes with code "wrong-type"', (value) => {
    expect(refusal(() => engine.openPack(wrong(value))).code).toBe('wrong-type');
  });

  it('takes bytes as Uint8Array, as ArrayBuffer and as any other view', () => {
    const bytes = new TextEncoder().encode('[1]');
    for (const view of [bytes, bytes.buffer, new DataView(bytes.buffer), Buffer.from(bytes)]) {
      expect(engine.normalize(wrong(view))).toEqual([1]);
    }
  });

  it('refuses a lone surrogate with code "invalid-utf8" instead of sending U+FFFD', () => {
    expect(refusal(() => engine.openStream({ stream: 'account/\ud83d' }))).toEqual({
      code: 'invalid-utf8',
      path: '/stream',
    });
  });

  it('refuses a fraction where the protocol has integers, with the path of the number', () => {
    const command = { ...order('1', '1', 0), lines: [{ item: 'a', quantity: 1, paid: 18.99 }] };
    expect(refusal(() => engine.submit({ command: wrong(command) }))).toEqual({
      code: 'not-an-integer',
      path: '/command/lines/0/paid',
    });
  });

  it('does not change what it is given, and keeps no hold on it', () => {
    const mine = structuredClone(program) as { name: string };
    const frozen = JSON.stringify(mine);
    const opened = engine.openProgram(mine as typeof program);
    expect(JSON.stringify(mine)).toBe(frozen);
    mine.name = 'changed afterwards';
    expect(opened.name).toBe('Test shop');
  });

  it('gives fresh objects, so that changing an answer changes nothing else', () => {
    const first = engine.engineInfo() as { version: string };
    first.version = 'changed';
    expect(engine.engineInfo().version).not.toBe('changed');
  });

  it('carries every exact integer unchanged and refuses the rest', () => {
    const borders = [0, 1, 31, 32, 53, 63, 64]
      .map((bits) => 2 ** bits)
      .flatMap((value) => [value - 1, value, value + 1]);
    for (const value of borders.flatMap((border) => [border, -border])) {
      const call = () => engine.evaluateCondition({ condition: { n: value }, facts: { n: value } }).matches;
      if (Number.isSafeInteger(value)) expect(call()).toBe(true);
      else expect(refusal(call).code).toBe('number-out-of-range');
    }
  });
});

describe('errors', () => {
  it('carry code, path and offset of the engine', () => {
    try {
      engine.normalize(new TextEncoder().encode('{"a":[1,-0]}'));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: 'SoukError', code: 'negative-zero', offset: expect.any(Number) as number });
    }
  });

  it('name an unknown operation', () => {
    expect(refusal(() => engine.call(wrong('nothing'), wrong({}))).code).toBe('unknown-operation');
    expect(refusal(() => engine.call(wrong('toString'), wrong({}))).code).toBe('unknown-operation');
  });

  it('refuse an unknown build with code "unknown-value"', async () => {
    await expect(load({ engine: wrong('other') })).rejects.toMatchObject({ code: 'unknown-value' });
  });
});

describe('an engine', () => {
  it('ends with its block by `using`', async () => {
    const souk = await load();
    let kept: Engine | undefined;
    {
      using scoped = await souk.createEngine();
      kept = scoped;
      expect(scoped.engineInfo().protocol).toBe(1);
    }
    expect(refusal(() => kept?.engineInfo()).code).toBe('engine-disposed');
  });

  it('knows nothing of another engine', async () => {
    const souk = await load();
    using one = await souk.createEngine();
    using two = await souk.createEngine();
    one.openStream({ stream: 'account/1' });
    expect(two.openStream({ stream: 'account/1' }).seq).toBe(0);
  });
});
