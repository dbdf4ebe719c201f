// SPDX-License-Identifier: MIT
// JSONTestSuite through `normalize` in both builds: each file has a written verdict, and every host gives it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'souk';
import { describe, expect, it } from 'vitest';

// A path and not a URL: names of the suite's files contain '#'.
const folder = fileURLToPath(new URL('../vectors/json-test-suite/', import.meta.url));

/** One row of the table: a refusal has an offset and a path, an accepted file its normal form. */
interface Verdict {
  readonly file: string;
  readonly verdict: string;
  readonly detail: string;
  readonly path: string;
}

/** The table; lines that begin with # are its description. */
function verdicts(): Verdict[] {
  const rows = readFileSync(join(folder, 'verdicts.tsv'), 'utf8').split('\n');
  return rows
    .filter((row) => row !== '' && !row.startsWith('#'))
    .map((row) => {
      const [file = '', verdict = '', detail = '', path = ''] = row.split('\t');
      return { file, verdict, detail, path };
    });
}

/** The answer of an operation as the table writes it. */
function asVerdict(file: string, answer: string): Verdict {
  if (answer.startsWith('{"ok":true,"value":'))
    return { file, verdict: 'accept', detail: answer.slice(19, -1), path: '' };
  const { error } = JSON.parse(answer) as { error: { code: string; path: string; offset?: number } };
  return { file, verdict: error.code, detail: String(error.offset ?? ''), path: error.path };
}

describe.each(['wasm', 'js'] as const)('the reader in the %s build', (build) => {
  it('gives every file of JSONTestSuite its written verdict', async () => {
    const souk = await load({ engine: build });
    using engine = await souk.createEngine();
    const answers = verdicts().map(({ file }) => {
      const answer = engine.callBytes('normalize', readFileSync(join(folder, file)));
      return asVerdict(file, new TextDecoder().decode(answer));
    });
    expect(answers).toHaveLength(340);
    expect(answers).toEqual(verdicts());
  });
});
