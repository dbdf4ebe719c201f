// SPDX-License-Identifier: MIT
// What every entry exports beside `load`.
export { Engine, type EngineMethods } from './engine.js';
export {
  SoukError,
  type SoukErrorCode,
  type SoukErrorDetails,
  SoukLoadError,
  type LoadAttempt,
  type WebErrorCode,
} from './errors.js';
export type { LoadOptions, Souk } from './load.js';
export * from './generated/protocol.js';
