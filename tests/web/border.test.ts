// SPDX-License-Identifier: MIT
// The border against a host that grows its memory, runs out of it, or traps.
import { describe, expect, it } from 'vitest';
import { Border, type Host } from '../../web/src/host.js';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A host that answers with the request's body, behind its name. */
class EchoHost implements Host {
  HEAPU8 = new Uint8Array(64);
  reserved: number[] = [];
  #size = 0;

  reserve(size: number): number {
    this.reserved.push(size);
    if (size > 1000) return 0;
    this.grow(size + 8);
    return 8;
  }

  call(nameSize: number, bodySize: number): number {
    const text = `${decode(this.HEAPU8.slice(8, 8 + nameSize))}:${decode(this.HEAPU8.slice(8 + nameSize, 8 + nameSize + bodySize))}`;
    this.grow(1000 + text.length); // as a growing wasm memory does: the old view is gone
    this.#size = encode(text).length;
    this.HEAPU8.set(encode(text), 1000);
    return this.#size;
  }

  result(): number {
    return 1000;
  }

  allocatedBytes(): number {
    return this.HEAPU8.length;
  }

  protected grow(size: number): void {
    const larger = new Uint8Array(Math.max(size, this.HEAPU8.length) + 64);
    larger.set(this.HEAPU8);
    structuredClone(this.HEAPU8.buffer, { transfer: [this.HEAPU8.buffer] }); // detaches it
    this.HEAPU8 = larger;
  }
}

/** A host that traps as compiled code does. */
class TrappingHost extends EchoHost {
  calls = 0;

  override call(): number {
    this.calls += 1;
    throw new WebAssembly.RuntimeError('memory access out of bounds');
  }
}

describe('carrying bytes', () => {
  it('writes name and body, and reads the answer where memory has moved to', () => {
    const border = new Border(new EchoHost());
    expect(decode(border.callBytes('submit', encode('{"a":1}')))).toBe('submit:{"a":1}');
    expect(decode(border.callText('submit', '{"é":"日本😀"}'))).toBe('submit:{"é":"日本😀"}');
    expect(decode(border.callBytes('journal', new Uint8Array(0)))).toBe('journal:');
  });

  it('reserves enough for text of three bytes a character', () => {
    const host = new EchoHost();
    new Border(host).callText('x', '日本日本');
    expect(host.reserved).toEqual([1 + 12]);
  });
});

describe('when something breaks', () => {
  it('says out-of-memory when there is no room, and goes on', () => {
    const border = new Border(new EchoHost());
    expect(() => border.callBytes('open-pack', new Uint8Array(5000))).toThrow(
      expect.objectContaining({ code: 'out-of-memory' }),
    );
    expect(decode(border.callText('x', 'y'))).toBe('x:y');
  });

  it('gives the engine up after a trap: every later call says engine-lost and none reaches it', () => {
    const host = new TrappingHost();
    const border = new Border(host);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(() => border.callText('submit', '{}')).toThrow(expect.objectContaining({ code: 'engine-lost' }));
    }
    expect(host.calls).toBe(1);
    expect(() => border.allocatedBytes()).toThrow(expect.objectContaining({ code: 'engine-lost' }));
  });

  it('keeps the trap as the cause', () => {
    const border = new Border(new TrappingHost());
    expect(() => border.callText('submit', '{}')).toThrow(
      expect.objectContaining({ cause: expect.any(WebAssembly.RuntimeError) as unknown }),
    );
  });

  it('says engine-disposed after dispose, also when the engine was lost before', () => {
    const border = new Border(new TrappingHost());
    expect(() => border.callText('submit', '{}')).toThrow();
    border.close();
    border.close();
    expect(() => border.callText('submit', '{}')).toThrow(expect.objectContaining({ code: 'engine-disposed' }));
  });
});
