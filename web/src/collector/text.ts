// SPDX-License-Identifier: MIT
// One text for each value, and its hash.
import { hex, utf8 } from '../server/bytes.js';

/** JSON with the members of every object in order of their names, as the engine writes it. */
export function normalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(normalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${normalText(member)}`).join(',')}}`;
}

/** SHA-256 of a text's UTF-8, hexadecimal. */
export async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', utf8(text)));
}
