// SPDX-License-Identifier: MIT
/** Decimal text to whole pence, exactly: the digits decide, no floating point on the way. */

const kDecimal = /^(\d+)(?:\.(\d+))?$/;

/**
 * @param text  A price of zero or more as decimal text, e.g. `2.55`, `0.001`.
 * @returns pence, half a penny or more rounded up; null for anything else (negative, empty, exponent).
 */
export function penceOf(text: string): number | null {
  const match = kDecimal.exec(text);
  if (match === null) return null;
  const digits = `${match[2] ?? ''}000`;
  const roundUp = digits.charAt(2) >= '5' ? 1 : 0;
  return Number(match[1]) * 100 + Number(digits.slice(0, 2)) + roundUp;
}

/** Whether decimal text is greater than zero; a fraction of a penny counts. */
export function isPositive(text: string): boolean {
  return kDecimal.test(text) && /[1-9]/.test(text);
}
