// SPDX-License-Identifier: MIT
// Reads the small JSON objects of a token: flat, without duplicate members. `JSON.parse` would take the last of two `sub` members where
// another reader takes the first, and two readers would then speak of two accounts.

/** What a member may be. */
export type FlatValue = string | number | boolean;

/** A text, and the colon that makes it a member's name. In valid JSON quotes stand nowhere else. */
const texts = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

function memberCount(json: string): number {
  return Array.from(json.matchAll(texts)).filter((found) => found[1] !== undefined).length;
}

/** The object, or undefined where the text is anything but a flat object whose members each stand once. */
export function parseFlatObject(json: string): Readonly<Record<string, FlatValue>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = Object.entries(value);
  if (!members.every(([, member]) => ['string', 'number', 'boolean'].includes(typeof member))) return undefined;
  return members.length === memberCount(json) ? Object.fromEntries<FlatValue>(members) : undefined;
}
