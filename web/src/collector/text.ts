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

/** What Node offers beside WebCrypto: the same hash without the way through its thread pool, which costs ten times the hash. */
interface Host {
  readonly process?: {
    getBuiltinModule?(name: 'node:crypto'): {
      createHash(name: 'sha256'): { update(text: string): { digest(encoding: 'hex'): string } };
    };
  };
}

const node = (globalThis as Host).process?.getBuiltinModule?.('node:crypto');

/** SHA-256 of a text's UTF-8, hexadecimal. */
export async function sha256(text: string): Promise<string> {
  if (node !== undefined) return node.createHash('sha256').update(text).digest('hex');
  return hex(await crypto.subtle.digest('SHA-256', utf8(text)));
}

const chunkLength = 32_768;

/** Base64 of bytes, in portions that fit into the arguments of a call. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += chunkLength) {
    text += String.fromCharCode(...bytes.subarray(at, at + chunkLength));
  }
  return btoa(text);
}
