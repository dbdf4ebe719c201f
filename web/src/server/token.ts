// SPDX-License-Identifier: MIT
// Member tokens: the shop's server says for whom a page acts, and the collector believes nothing else. A compact JWS (RFC 7515) with one
// type, one audience and at most one hour of life. The signature is checked before any claim is read.
import { type Bytes, base64url, fromBase64url, textOf, utf8 } from './bytes.js';
import { ServerError } from './errors.js';
import { type FlatValue, parseFlatObject } from './flat-json.js';
import type { KeySet, ReadyKey } from './keys.js';

/** Clocks may differ by this much, seconds. */
export const maxSkewSeconds = 60;
/** The longest life of a token, seconds. */
export const maxLifeSeconds = 3600;

const type = 'souk+jwt';
const audience = 'souk';
const maxTokenLength = 4096;
const idPattern = /^[\w.:-]{1,64}$/;

/** Who a page acts for. */
export interface Member {
  /** The shop. */
  readonly tenant: string;
  /** The account at that shop: 1 to 64 of `A-Z a-z 0-9 . _ : -`. */
  readonly account: string;
  /** The id under which the same page was seen before it signed in. */
  readonly anonymous?: string;
  /** First instant at which the token no longer holds, seconds since the epoch. */
  readonly expiresAt: number;
}

/** What a token is made from. */
export interface TokenRequest {
  readonly tenant: string;
  readonly account: string;
  readonly anonymous?: string;
  /** Life, 1 to 3,600 seconds. Default 900. */
  readonly expiresInSeconds?: number;
  /** Its first key that can sign signs. */
  readonly keys: KeySet;
  /** The clock, milliseconds since the epoch. Default `Date.now()`. */
  readonly now?: number;
}

/** What a token is checked against. */
export interface VerifyOptions {
  readonly keys: KeySet;
  readonly tenant: string;
  /** The clock, milliseconds since the epoch. Default `Date.now()`. */
  readonly now?: number;
}

function requireId(name: string, id: string): string {
  if (idPattern.test(id)) return id;
  throw new ServerError('invalid-claim', `${name} is not an id of 1 to 64 letters, digits or one of . _ : -`);
}

function requireLife(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= maxLifeSeconds) return seconds;
  throw new ServerError('invalid-claim', `expiresInSeconds is a whole number from 1 to ${maxLifeSeconds}.`);
}

const part = (value: Readonly<Record<string, FlatValue>>) => base64url(utf8(JSON.stringify(value)));

/**
 * Makes a member token.
 *
 * @throws ServerError `no-signing-key`, `invalid-claim`
 */
export async function issueMemberToken(request: TokenRequest): Promise<string> {
  const { tenant, account, anonymous, expiresInSeconds = 900, keys, now = Date.now() } = request;
  const { signer } = keys;
  if (signer === undefined) throw new ServerError('no-signing-key', 'No key of the set can sign.');
  const iat = Math.floor(now / 1000);
  const claims = {
    iss: requireId('tenant', tenant),
    sub: requireId('account', account),
    aud: audience,
    iat,
    exp: iat + requireLife(expiresInSeconds),
    ...(anonymous === undefined ? {} : { anonymous: requireId('anonymous', anonymous) }),
  };
  const signed = `${part({ alg: signer.algorithm, kid: signer.kid, typ: type })}.${part(claims)}`;
  return `${signed}.${base64url(await signer.sign(utf8(signed)))}`;
}

const malformed = (why: string) => new ServerError('malformed-token', `The token ${why}.`);

/** A part as a flat object with no members but those that are known. */
function readPart(text: string, known: readonly string[]): Readonly<Record<string, FlatValue>> {
  const bytes = fromBase64url(text);
  const json = bytes && textOf(bytes);
  const value = json === undefined ? undefined : parseFlatObject(json);
  if (value === undefined) throw malformed('has a part that is no flat JSON object');
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw malformed('has a member that is not known');
  return value;
}

interface Split {
  readonly header: string;
  readonly claims: string;
  readonly signature: Bytes;
  readonly signed: Bytes;
}

function split(token: string): Split {
  if (token.length > maxTokenLength) throw malformed(`is longer than ${maxTokenLength} characters`);
  const [header, claims, last, ...more] = token.split('.');
  if (header === undefined || claims === undefined || last === undefined || more.length > 0) {
    throw malformed('is not three parts');
  }
  const signature = fromBase64url(last);
  if (signature === undefined || signature.length === 0) throw malformed('has no signature');
  return { header, claims, signature, signed: utf8(`${header}.${claims}`) };
}

/** The key that the header names; its own algorithm is the only one that counts. */
function keyOf(header: string, keys: KeySet): ReadyKey {
  const { alg, kid, typ } = readPart(header, ['alg', 'kid', 'typ']);
  if (typ !== type) throw malformed('is of another type');
  const key = typeof kid === 'string' ? keys.find(kid) : undefined;
  if (key === undefined) throw new ServerError('unknown-key', 'No key has the id that the token names.');
  if (alg !== key.algorithm) throw new ServerError('wrong-algorithm', 'The key is not for the algorithm of the token.');
  return key;
}

function checkTimes(issuedAt: number, expiresAt: number, now: number): void {
  const seconds = now / 1000;
  if (expiresAt <= issuedAt || expiresAt - issuedAt > maxLifeSeconds) {
    throw new ServerError('token-lives-too-long', `A token lives for at most ${maxLifeSeconds} seconds.`);
  }
  if (issuedAt > seconds + maxSkewSeconds)
    throw new ServerError('token-from-future', 'The token was issued in the future.');
  if (expiresAt + maxSkewSeconds <= seconds) throw new ServerError('token-expired', 'The token has expired.');
}

function memberOf(text: string, { tenant, now = Date.now() }: VerifyOptions): Member {
  const claims = readPart(text, ['iss', 'sub', 'aud', 'iat', 'exp', 'anonymous']);
  const { iss, sub, aud, iat, exp, anonymous } = claims;
  if (aud !== audience) throw new ServerError('wrong-audience', 'The token is for another service.');
  if (iss !== tenant) throw new ServerError('wrong-tenant', 'The token is of another shop.');
  if (typeof iat !== 'number' || typeof exp !== 'number' || !Number.isSafeInteger(iat) || !Number.isSafeInteger(exp)) {
    throw malformed('has times that are not whole seconds');
  }
  if (typeof sub !== 'string' || !idPattern.test(sub)) throw malformed('names no account');
  if (anonymous !== undefined && (typeof anonymous !== 'string' || !idPattern.test(anonymous))) {
    throw malformed('names an anonymous id that is none');
  }
  checkTimes(iat, exp, now);
  return { tenant, account: sub, expiresAt: exp, ...(anonymous === undefined ? {} : { anonymous }) };
}

/**
 * Checks a member token and tells for whom it speaks.
 *
 * @throws ServerError with the reason; nothing in its message comes from the token.
 */
export async function verifyMemberToken(token: string, options: VerifyOptions): Promise<Member> {
  const { header, claims, signature, signed } = split(token);
  const key = keyOf(header, options.keys);
  if (!(await key.verify(signed, signature))) {
    throw new ServerError('wrong-signature', 'The signature is not of the key that the token names.');
  }
  return memberOf(claims, options);
}
