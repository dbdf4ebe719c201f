// SPDX-License-Identifier: MIT
// Signed messages of the commerce port.
import { describe, expect, it } from 'vitest';
import { signWebhook, verifyWebhook } from '../../web/src/server/index.js';

const now = Date.UTC(2026, 10, 22);
const secret = 'a secret of the shop';
const body = new TextEncoder().encode('{"id":"e1"}');
const refusal = (code: string) => expect.objectContaining({ name: 'ServerError', code }) as unknown;
const verify = (header: string | null, more: object = {}, bytes: Uint8Array = body) =>
  verifyWebhook(bytes, header, { secrets: [secret], now, ...more });

describe('a signed message', () => {
  it('is accepted with its own body, for five minutes', async () => {
    const header = await signWebhook(body, secret, now);
    await expect(verify(header)).resolves.toBeUndefined();
    await expect(verify(header, { now: now + 300_000 })).resolves.toBeUndefined();
    await expect(verify(header, { now: now + 301_000 })).rejects.toEqual(refusal('signature-too-old'));
    await expect(verify(header, { now: now - 301_000 })).rejects.toEqual(refusal('signature-from-future'));
  });

  it('is accepted from the old and the new secret while both are in use', async () => {
    const header = await signWebhook(body, secret, now);
    await expect(verify(header, { secrets: ['the newer secret here', secret] })).resolves.toBeUndefined();
    await expect(verify(header, { secrets: ['the newer secret here'] })).rejects.toEqual(refusal('wrong-signature'));
  });

  it.each([
    ['no header', null, 'missing-signature'],
    ['an empty header', '', 'malformed-signature'],
    ['a time without a signature', 't=1', 'malformed-signature'],
    ['two times', `t=1,t=2,v1=${'0'.repeat(64)}`, 'malformed-signature'],
    ['a negative time', `t=-1,v1=${'0'.repeat(64)}`, 'malformed-signature'],
    ['a signature that is not hexadecimal', 't=1,v1=zz', 'malformed-signature'],
    ['a signature of zeros', `t=${now / 1000},v1=${'0'.repeat(64)}`, 'wrong-signature'],
    ['a hundred signatures', `t=1${`,v1=${'0'.repeat(64)}`.repeat(100)}`, 'malformed-signature'],
  ])('is refused with %s', async (_, header, code) => {
    await expect(verify(header)).rejects.toEqual(refusal(code));
  });

  it('is refused with another body, and with another time', async () => {
    const header = await signWebhook(body, secret, now);
    await expect(verify(header, {}, new TextEncoder().encode('{"id":"e2"}'))).rejects.toEqual(
      refusal('wrong-signature'),
    );
    const later = header.replace(`t=${now / 1000}`, `t=${now / 1000 + 1}`);
    await expect(verify(later)).rejects.toEqual(refusal('wrong-signature'));
  });

  it('is not made with a secret of a few characters', async () => {
    await expect(signWebhook(body, 'secret', now)).rejects.toEqual(refusal('invalid-key'));
  });
});
