// SPDX-License-Identifier: MIT
// Why a token or a signature was not accepted.

/**
 * Codes of `souk/server`, stable for ever.
 *
 * - `malformed-token`: not three base64url parts of JSON objects without duplicate or unknown members, or longer than 4 KiB.
 * - `unknown-key`: no key of the set has the token's `kid`.
 * - `wrong-algorithm`: the token names another algorithm than the key is for.
 * - `wrong-signature`: the signature is not the key's.
 * - `wrong-audience`, `wrong-tenant`: the token is for someone else.
 * - `token-expired`, `token-from-future`, `token-lives-too-long`: its times do not hold now; it may live for one hour.
 * - `missing-signature`, `malformed-signature`, `signature-too-old`, `signature-from-future`: of a signed message.
 * - `invalid-key`, `no-signing-key`, `invalid-claim`: the caller's own keys or arguments are wrong.
 */
export type ServerErrorCode =
  | 'malformed-token'
  | 'unknown-key'
  | 'wrong-algorithm'
  | 'wrong-signature'
  | 'wrong-audience'
  | 'wrong-tenant'
  | 'token-expired'
  | 'token-from-future'
  | 'token-lives-too-long'
  | 'missing-signature'
  | 'malformed-signature'
  | 'signature-too-old'
  | 'signature-from-future'
  | 'invalid-key'
  | 'no-signing-key'
  | 'invalid-claim';

/** A credential was refused, or could not be made. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  /** Kebab-case, stable for ever: program against this. */
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
