// SPDX-License-Identifier: MIT
// Sets of keys with ids. A key says by itself what it is for, and a token's header is only compared with that: a public Ed25519 key can
// never be taken for an HMAC secret, whatever a header claims. To rotate, put the new key first and let the old one stay for an hour.
import { type Bytes, base64url, fromBase64url } from './bytes.js';
import { ServerError } from './errors.js';

/** A key as a JSON Web Key: Ed25519 (`kty: 'OKP'`; `d` only where tokens are signed) or an HMAC-SHA-256 secret (`kty: 'oct'`). */
export interface MemberKey {
  /** Id of the key, 1 to 64 of `A-Z a-z 0-9 . _ : -`; stands in the header of its tokens. */
  readonly kid: string;
  readonly kty: 'OKP' | 'oct';
  readonly crv?: 'Ed25519';
  /** Public key, base64url of 32 bytes. */
  readonly x?: string;
  /** Private key, base64url of 32 bytes. */
  readonly d?: string;
  /** Secret, base64url of at least 32 bytes. */
  readonly k?: string;
}

/** The algorithms there are; `none` is not among them. */
export type Algorithm = 'EdDSA' | 'HS256';

/** A key that WebCrypto has taken in. */
export interface ReadyKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  sign(message: Bytes): Promise<Bytes>;
  verify(message: Bytes, signature: Bytes): Promise<boolean>;
}

/** Keys by id; the first that can sign is the one that signs. */
export interface KeySet {
  readonly signer: ReadyKey | undefined;
  find(kid: string): ReadyKey | undefined;
}

const hmac = { name: 'HMAC', hash: 'SHA-256' };
const idPattern = /^[\w.:-]{1,64}$/;
const secretBytes = 32;

/** Signs and checks with an HMAC-SHA-256 secret; WebCrypto compares in constant time. */
export async function hmacKey(kid: string, secret: Bytes): Promise<ReadyKey> {
  const key = await crypto.subtle.importKey('raw', secret, hmac, false, ['sign', 'verify']);
  return {
    kid,
    algorithm: 'HS256',
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('HMAC', key, message)),
    verify: (message, signature) => crypto.subtle.verify('HMAC', key, signature, message),
  };
}

async function ed25519Key(jwk: MemberKey): Promise<ReadyKey> {
  const { kid, x = '', d } = jwk;
  const open = { kty: 'OKP', crv: 'Ed25519', x };
  const take = (key: JsonWebKey, use: KeyUsage) => crypto.subtle.importKey('jwk', key, 'Ed25519', false, [use]);
  const [publicKey, privateKey] = await Promise.all([
    take(open, 'verify'),
    d === undefined ? undefined : take({ ...open, d }, 'sign'),
  ]);
  return {
    kid,
    algorithm: 'EdDSA',
    async sign(message) {
      if (privateKey === undefined) throw new ServerError('no-signing-key', `The key '${kid}' has no private part.`);
      return new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message));
    },
    verify: (message, signature) => crypto.subtle.verify('Ed25519', publicKey, signature, message),
  };
}

async function ready(jwk: MemberKey): Promise<ReadyKey> {
  const invalid = (why: string) => new ServerError('invalid-key', `The key '${jwk.kid}' ${why}.`);
  if (typeof jwk.kid !== 'string' || !idPattern.test(jwk.kid)) throw invalid('has no id of 1 to 64 plain characters');
  if (jwk.kty === 'oct') {
    const secret = fromBase64url(jwk.k ?? '');
    if (secret === undefined || secret.length < secretBytes) throw invalid(`is shorter than ${secretBytes} bytes`);
    return hmacKey(jwk.kid, secret);
  }
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519') throw invalid('is neither Ed25519 nor an HMAC secret');
  try {
    return await ed25519Key(jwk);
  } catch {
    throw invalid('is no Ed25519 key');
  }
}

/** Whether a key can make tokens: a secret, or a private part. */
const canSign = (jwk: MemberKey) => jwk.kty === 'oct' || jwk.d !== undefined;

/**
 * Takes keys into use.
 *
 * @param keys All keys whose tokens are to be accepted; the first that can sign is the one that signs. May be empty.
 * @throws ServerError `invalid-key`: of another kind, too short, without a plain id, or an id twice.
 */
export async function createKeySet(keys: readonly MemberKey[]): Promise<KeySet> {
  const byId = new Map<string, ReadyKey>();
  for (const jwk of keys) {
    if (byId.has(jwk.kid)) throw new ServerError('invalid-key', `Two keys have the id '${jwk.kid}'.`);
    byId.set(jwk.kid, await ready(jwk));
  }
  const first = keys.find(canSign);
  return { signer: first && byId.get(first.kid), find: (kid) => byId.get(kid) };
}

/** A new key: Ed25519 where others check the tokens, an HMAC secret where the shop and its collector share one. */
export async function generateMemberKey(kid: string, kind: 'ed25519' | 'hmac'): Promise<MemberKey> {
  if (kind === 'hmac') return { kid, kty: 'oct', k: base64url(crypto.getRandomValues(new Uint8Array(secretBytes))) };
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const { x = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { kid, kty: 'OKP', crv: 'Ed25519', x, d };
}

/** The part of an Ed25519 key that a collector needs; it cannot sign. */
export function publicKeyOf({ kid, kty, x = '' }: MemberKey): MemberKey {
  if (kty !== 'OKP') throw new ServerError('invalid-key', `The key '${kid}' is a secret and has no public part.`);
  return { kid, kty, crv: 'Ed25519', x };
}
