// SPDX-License-Identifier: MIT
// Wycheproof's cases through the verifiers that the package ships.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../web/src/server/bytes.js';
import { createKeySet, hmacKey } from '../../web/src/server/keys.js';

type Case = readonly [key: string, id: number, message: string, proof: string, result: string, comment: string];

const cases = (name: string) =>
  JSON.parse(readFileSync(new URL(`../vectors/wycheproof/${name}.json`, import.meta.url), 'utf8')) as Case[];

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const read = fromHex(text);
  if (read === undefined) throw new Error(`not hexadecimal: ${text}`);
  return read;
}

/** Ids of the cases whose verdict differs from ours. */
async function differing(all: readonly Case[], accepts: (one: Case) => Promise<boolean>): Promise<string[]> {
  const verdicts = await Promise.all(all.map(accepts));
  return all.filter((one, index) => verdicts[index] !== (one[4] === 'valid')).map((one) => `${one[1]} ${one[5]}`);
}

describe('Wycheproof', () => {
  it('agrees on all 151 Ed25519 signatures', async () => {
    const all = cases('ed25519');
    const accepts = async ([x, , message, signature]: Case) => {
      const keys = await createKeySet([{ kid: 'w', kty: 'OKP', crv: 'Ed25519', x }]);
      return (await keys.find('w')?.verify(bytes(message), bytes(signature))) ?? false;
    };
    expect(all).toHaveLength(151);
    expect(await differing(all, accepts)).toEqual([]);
  });

  it('agrees on all 174 HMAC-SHA-256 tags, and takes no tag that was cut', async () => {
    const all = cases('hmac-sha256');
    const accepts = async ([key, , message, tag]: Case) => {
      const ready = await hmacKey('w', bytes(key));
      if (tag.length === 64) return ready.verify(bytes(message), bytes(tag));
      // A tag cut to 128 bits is never accepted; its bits are compared here only, so that these cases count as well.
      expect(await ready.verify(bytes(message), bytes(tag))).toBe(false);
      const whole = await ready.sign(bytes(message));
      return Buffer.from(whole.subarray(0, tag.length / 2)).equals(Buffer.from(bytes(tag)));
    };
    expect(all).toHaveLength(174);
    expect(await differing(all, accepts)).toEqual([]);
  });
});
