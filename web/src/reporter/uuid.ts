// SPDX-License-Identifier: MIT
// UUID version 7 (RFC 9562): 48 bits of milliseconds, 12 bits that count within one, 62 bits of chance. Sorted by time where the clock is.

let last = 0;
let count = 0;

/** A new id. Ids of one page rise, also when the page's clock steps back. */
export function uuidv7(): string {
  const now = Date.now();
  if (now > last) {
    last = now;
    count = 0;
  } else if (++count > 0xfff) {
    last += 1;
    count = 0;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x80;
  const chance = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const time = last.toString(16).padStart(12, '0');
  const counter = count.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${chance.slice(0, 4)}-${chance.slice(4)}`;
}
