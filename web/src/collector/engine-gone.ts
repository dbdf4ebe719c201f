// SPDX-License-Identifier: MIT
import { SoukError } from 'souk';

/** Whether an error says that its engine is no more: it trapped, or was let go. */
export function isGone(error: unknown): boolean {
  return error instanceof SoukError && (error.code === 'engine-lost' || error.code === 'engine-disposed');
}
