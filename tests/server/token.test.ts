// SPDX-License-Identifier: MIT
// Member tokens, and those who would forge them.
import { beforeAll, describe, expect, it } from 'vitest';
import { base64url, utf8 } from '../../web/src/server/bytes.js';
import {
  createKeySet,
  generateMemberKey,
  issueMemberToken,
  type KeySet,
  type MemberKey,
  publicKeyOf,
  verifyMemberToken,
} from '../../web/src/server/index.js';

const now = Date.UTC(2026, 10, 22);
const seconds = now / 1000;
let ed: MemberKey;
let secret: MemberKey;
let signing: KeySet;
let verifying: KeySet;

beforeAll(async () => {
  ed = await generateMemberKey('ed-1', 'ed25519');
  secret = await generateMemberKey('mac-1', 'hmac');
  signing = await createKeySet([ed, secret]);
  verifying = await createKeySet([publicKeyOf(ed), secret]);
});

const verify = (token: string, tenant = 'shop') => verifyMemberToken(token, { keys: verifying, tenant, now });
const issue = (more: object = {}) => issueMemberToken({ tenant: 'shop', account: 'mei', keys: signing, now, ...more });

const header = () => ({ alg: 'EdDSA', kid: 'ed-1', typ: 'souk+jwt' });
const claims = () => ({ iss: 'shop', sub: 'mei', aud: 'souk', iat: seconds, exp: seconds + 900 });

/** A token of any two texts, with a good signature of the key that `kid` names. */
async function forge(head: object | string, body: object | string, kid = 'ed-1'): Promise<string> {
  const text = (value: object | string) => base64url(utf8(typeof value === 'string' ? value : JSON.stringify(value)));
  const signed = `${text(head)}.${text(body)}`;
  const signature = await signing.find(kid)?.sign(utf8(signed));
  return `${signed}.${base64url(signature ?? new Uint8Array())}`;
}

const refusal = (code: string) => expect.objectContaining({ name: 'ServerError', code }) as unknown;

describe('a member token', () => {
  it('tells for whom it was issued', async () => {
    expect(await verify(await issue({ anonymous: 'a-1' }))).toEqual({
      tenant: 'shop',
      account: 'mei',
      anonymous: 'a-1',
      expiresAt: seconds + 900,
    });
  });

  it('is signed by an HMAC secret where the shop prefers one', async () => {
    const keys = await createKeySet([secret]);
    expect(await verify(await issue({ keys }))).toMatchObject({ account: 'mei' });
  });

  it('of the old key holds while both keys are in the set, and no longer', async () => {
    const token = await issue();
    const next = await generateMemberKey('ed-2', 'ed25519');
    const both = await createKeySet([next, publicKeyOf(ed)]);
    expect(await verifyMemberToken(token, { keys: both, tenant: 'shop', now })).toMatchObject({ account: 'mei' });
    expect(await issue({ keys: both })).not.toEqual(token);
    const rotated = await createKeySet([next]);
    await expect(verifyMemberToken(token, { keys: rotated, tenant: 'shop', now })).rejects.toEqual(
      refusal('unknown-key'),
    );
  });

  it.each([
    ['an account that is no id', { account: '../mei' }, 'invalid-claim'],
    ['a life of more than an hour', { expiresInSeconds: 3601 }, 'invalid-claim'],
    ['a life of no time', { expiresInSeconds: 0 }, 'invalid-claim'],
  ])('is not made for %s', async (_, more, code) => {
    await expect(issue(more)).rejects.toEqual(refusal(code));
  });

  it('is not made by a set that can only verify', async () => {
    const keys = await createKeySet([publicKeyOf(ed)]);
    await expect(issue({ keys })).rejects.toEqual(refusal('no-signing-key'));
  });

  it('holds until a minute after its end, and not longer', async () => {
    const token = await issue();
    const at = (later: number) => verifyMemberToken(token, { keys: verifying, tenant: 'shop', now: now + later });
    expect(await at(959_999)).toMatchObject({ account: 'mei' });
    await expect(at(960_000)).rejects.toEqual(refusal('token-expired'));
  });

  it('is refused wherever one character is changed or cut', async () => {
    const token = await issue();
    const changed = Array.from(token, (character, index) => {
      const other = character === 'A' ? 'B' : 'A';
      return token.slice(0, index) + other + token.slice(index + 1);
    });
    const cut = Array.from(token, (_, index) => token.slice(0, index));
    const outcomes = await Promise.allSettled(
      [...changed, ...cut, `${token}A`, `${token}.`, ` ${token}`].map((text) => verify(text)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });
});

describe('a forged token', () => {
  const forgeries: [why: string, make: () => Promise<string>, code: string][] = [
    [
      'without a signature, alg none',
      async () => `${(await forge({ ...header(), alg: 'none' }, claims())).split('.').slice(0, 2).join('.')}.`,
      'malformed-token',
    ],
    ['with alg none and a signature', () => forge({ ...header(), alg: 'none' }, claims()), 'wrong-algorithm'],
    ['with another algorithm than the key', () => forge({ ...header(), alg: 'HS256' }, claims()), 'wrong-algorithm'],
    ['of an unknown key', () => forge({ ...header(), kid: 'ed-9' }, claims()), 'unknown-key'],
    ['with a key of its own in the header', () => forge({ ...header(), jwk: 'mine' }, claims()), 'malformed-token'],
    ['without a key id', () => forge({ alg: 'EdDSA', typ: 'souk+jwt' }, claims()), 'unknown-key'],
    ['of another type', () => forge({ ...header(), typ: 'JWT' }, claims()), 'malformed-token'],
    [
      'that has expired',
      () => forge(header(), { ...claims(), iat: seconds - 900, exp: seconds - 60 }),
      'token-expired',
    ],
    [
      'issued in the future',
      () => forge(header(), { ...claims(), iat: seconds + 61, exp: seconds + 900 }),
      'token-from-future',
    ],
    ['that lives for a day', () => forge(header(), { ...claims(), exp: seconds + 86_400 }), 'token-lives-too-long'],
    ['that ends before it begins', () => forge(header(), { ...claims(), exp: seconds - 1 }), 'token-lives-too-long'],
    ['for another audience', () => forge(header(), { ...claims(), aud: 'bank' }), 'wrong-audience'],
    ['for two audiences', () => forge(header(), { ...claims(), aud: ['souk', 'bank'] }), 'malformed-token'],
    ['of another shop', () => forge(header(), { ...claims(), iss: 'other' }), 'wrong-tenant'],
    [
      'with two accounts',
      () => forge(header(), `{"sub":"eve",${JSON.stringify(claims()).slice(1)}`),
      'malformed-token',
    ],
    [
      'with two accounts, one escaped',
      () => forge(header(), `{"s\\u0075b":"eve",${JSON.stringify(claims()).slice(1)}`),
      'malformed-token',
    ],
    ['without an account', () => forge(header(), { ...claims(), sub: '' }), 'malformed-token'],
    ['with a path for an account', () => forge(header(), { ...claims(), sub: 'a/b' }), 'malformed-token'],
    ['with times in fractions', () => forge(header(), { ...claims(), exp: seconds + 0.5 }), 'malformed-token'],
    ['with times as text', () => forge(header(), { ...claims(), exp: String(seconds + 9) }), 'malformed-token'],
    ['with a claim of rights', () => forge(header(), { ...claims(), author: 'commerce' }), 'malformed-token'],
    ['that is a list', () => forge(header(), '[]'), 'malformed-token'],
    ['that is not JSON', () => forge(header(), '{'), 'malformed-token'],
    ['with a byte order mark', () => forge(header(), `\ufeff${JSON.stringify(claims())}`), 'malformed-token'],
    ['of 5,000 characters', () => forge(header(), { ...claims(), anonymous: 'a'.repeat(5000) }), 'malformed-token'],
  ];

  it.each(forgeries)('%s is refused', async (_, make, code) => {
    await expect(verify(await make())).rejects.toEqual(refusal(code));
  });

  it('signed by HMAC with the public key as the secret is refused', async () => {
    const stolen = await createKeySet([{ kid: 'ed-1', kty: 'oct', k: ed.x ?? '' }]);
    const token = await issueMemberToken({ tenant: 'shop', account: 'mei', keys: stolen, now });
    await expect(verify(token)).rejects.toEqual(refusal('wrong-algorithm'));
  });

  it('whose header was exchanged after signing is refused', async () => {
    const [, body, signature] = (await issue()).split('.');
    const head = base64url(utf8(JSON.stringify({ ...header(), kid: 'mac-1', alg: 'HS256' })));
    await expect(verify(`${head}.${body ?? ''}.${signature ?? ''}`)).rejects.toEqual(refusal('wrong-signature'));
  });
});

describe('a key set', () => {
  it.each([
    ['a secret of 31 bytes', [{ kid: 'a', kty: 'oct', k: base64url(new Uint8Array(31)) }]],
    ['another curve', [{ kid: 'a', kty: 'OKP', crv: 'X25519', x: base64url(new Uint8Array(32)) }]],
    ['a public key of 31 bytes', [{ kid: 'a', kty: 'OKP', crv: 'Ed25519', x: base64url(new Uint8Array(31)) }]],
    ['a key without an id', [{ kty: 'oct', k: base64url(new Uint8Array(32)) }]],
    [
      'an id twice',
      [
        { kid: 'a', kty: 'oct', k: base64url(new Uint8Array(32)) },
        { kid: 'a', kty: 'oct', k: base64url(new Uint8Array(32)) },
      ],
    ],
  ])('refuses %s', async (_, keys) => {
    await expect(createKeySet(keys as MemberKey[])).rejects.toEqual(refusal('invalid-key'));
  });
});
