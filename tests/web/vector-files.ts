// SPDX-License-Identifier: MIT
// Reading the vectors of tests/vectors; the form is described there.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One call as it is written. */
export interface VectorLine {
  readonly op: string;
  readonly request?: unknown;
  readonly hex?: string;
  readonly response?: unknown;
  readonly why?: string;
}

/** One call as it is run. */
export interface VectorCall {
  readonly line: number;
  readonly op: string;
  /** The request's bytes in hexadecimal, which every host can be handed. */
  readonly hex: string;
  /** The expected answer as text; a raw answer in its `hex` form. */
  readonly expected: string;
}

const folder = new URL('../vectors/', import.meta.url);

/** The value with the members of every object in ascending order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

/** The normal form of a value that a vector may hold. */
export function normalForm(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** Files whose commands cross streams: the engine of a page has no part in them. */
const ofCollectors = new Set(['merge.ndjson', 'teams.ndjson']);

/** Names of the vector files that an engine answers: all of them, or those that one for pages does. */
export function vectorFiles(scope: 'whole' | 'page' = 'whole'): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson') && (scope === 'whole' || !ofCollectors.has(name)))
    .sort();
}

/** Where a vector file lies. */
export function vectorPath(name: string): string {
  return fileURLToPath(new URL(name, folder));
}

/** The lines of a file as they are written. */
export function vectorLines(name: string): VectorLine[] {
  const lines = readFileSync(vectorPath(name), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as VectorLine);
}

/** The calls of a file. */
export function vectorCalls(name: string): VectorCall[] {
  return vectorLines(name).map(({ op, request, hex, response }, index) => ({
    line: index + 1,
    op,
    hex: hex ?? Buffer.from(normalForm(request)).toString('hex'),
    expected: normalForm(response),
  }));
}

/** An answer's bytes as the text that a vector holds. */
export function answerText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes);
  return bytes[0] === 0x7b ? buffer.toString('utf8') : `{"hex":"${buffer.toString('hex')}","ok":true}`;
}
