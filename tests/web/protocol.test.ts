// SPDX-License-Identifier: MIT
// The generated types are those of the engine that was built.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('has the types that the engine generates', () => {
  const program = fileURLToPath(new URL('../../web/dist/bin/souk.mjs', import.meta.url));
  const generated = execFileSync(process.execPath, [program, 'protocol', '--typescript'], { encoding: 'utf8' });
  expect(readFileSync(new URL('../../web/src/generated/protocol.ts', import.meta.url), 'utf8')).toBe(generated);
});
