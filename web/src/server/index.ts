// SPDX-License-Identifier: MIT
// `souk/server`: what a shop's own server needs beside its collector. WebCrypto only: it runs in Node, at the edge and in a worker.
export { ServerError, type ServerErrorCode } from './errors.js';
export { createKeySet, generateMemberKey, publicKeyOf, type KeySet, type MemberKey } from './keys.js';
export {
  issueMemberToken,
  maxLifeSeconds,
  maxSkewSeconds,
  verifyMemberToken,
  type Member,
  type TokenRequest,
  type VerifyOptions,
} from './token.js';
export {
  signWebhook,
  signatureHeader,
  signatureToleranceSeconds,
  verifyWebhook,
  type WebhookOptions,
} from './webhook.js';
