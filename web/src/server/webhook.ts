// SPDX-License-Identifier: MIT
// Signed messages between the shop and its collector, in both directions: `Souk-Signature: t=<seconds>,v1=<hex>`, an HMAC-SHA-256 of
// `<seconds>.<body>`. The raw bytes are signed, never a document that was read and written again.
import { type Bytes, fromHex, hex, utf8 } from './bytes.js';
import { ServerError } from './errors.js';
import { hmacKey } from './keys.js';

/** The header that carries the signature. */
export const signatureHeader = 'Souk-Signature';
/** A signature holds for this long before and after its instant, seconds. */
export const signatureToleranceSeconds = 300;

const secretLength = 16;
const maxSignatures = 8;

function signedBytes(seconds: number, body: Uint8Array): Bytes {
  const head = utf8(`${seconds}.`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

function keyOf(secret: string) {
  const bytes = utf8(secret);
  if (bytes.length < secretLength)
    throw new ServerError('invalid-key', `A webhook secret has at least ${secretLength} bytes.`);
  return hmacKey('webhook', bytes);
}

/**
 * The value of the signature header for a body.
 *
 * @param now Milliseconds since the epoch. Default `Date.now()`.
 * @throws ServerError `invalid-key`: the secret has fewer than 16 bytes.
 */
export async function signWebhook(body: Uint8Array, secret: string, now = Date.now()): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const key = await keyOf(secret);
  return `t=${seconds},v1=${hex(await key.sign(signedBytes(seconds, body)))}`;
}

function readHeader(header: string): { readonly seconds: number; readonly signatures: readonly Bytes[] } {
  const parts = header.split(',').map((item) => item.trim());
  const times = parts.filter((item) => item.startsWith('t='));
  const signatures = parts.filter((item) => item.startsWith('v1=')).map((item) => fromHex(item.slice(3)));
  const seconds = /^t=(\d{1,12})$/.exec(times[0] ?? '')?.[1];
  const whole = signatures.filter((bytes) => bytes !== undefined);
  if (times.length !== 1 || seconds === undefined || whole.length === 0 || whole.length > maxSignatures) {
    throw new ServerError('malformed-signature', 'The header is not t=<seconds>,v1=<hex>.');
  }
  return { seconds: Number(seconds), signatures: whole };
}

/** How a signed message is checked. */
export interface WebhookOptions {
  /** Secrets that are accepted: during a change of secret the old and the new one. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch. Default `Date.now()`. */
  readonly now?: number;
}

/**
 * Checks the signature of a message over its raw body.
 *
 * @param header The signature header's value, or null where there was none.
 * @throws ServerError `missing-signature`, `malformed-signature`, `wrong-signature`, `signature-too-old`, `signature-from-future`
 */
export async function verifyWebhook(body: Uint8Array, header: string | null, options: WebhookOptions): Promise<void> {
  const { secrets, now = Date.now() } = options;
  if (header === null) throw new ServerError('missing-signature', `The header ${signatureHeader} is missing.`);
  const { seconds, signatures } = readHeader(header);
  const message = signedBytes(seconds, body);
  const keys = await Promise.all(secrets.map(keyOf));
  const checks = keys.flatMap((key) => signatures.map((signature) => key.verify(message, signature)));
  if (!(await Promise.all(checks)).includes(true)) {
    throw new ServerError('wrong-signature', 'The signature is of no known secret.');
  }
  const age = now / 1000 - seconds;
  if (age > signatureToleranceSeconds)
    throw new ServerError('signature-too-old', 'The message was signed too long ago.');
  if (age < -signatureToleranceSeconds) {
    throw new ServerError('signature-from-future', 'The message was signed in the future.');
  }
}
