// SPDX-License-Identifier: MIT
// The same vectors give the same bytes natively, in wasm and in plain JavaScript.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'souk';
import { describe, expect, it } from 'vitest';
import { answerText, normalForm, vectorCalls, vectorFiles, vectorLines, vectorPath } from './vector-files.js';

const nativeProgram = fileURLToPath(new URL('../../build/native-release/souk', import.meta.url));
const recording = process.env.SOUK_RECORD === '1';

/** What the native program answers to every line of a file. */
function nativeAnswers(name: string): string[] {
  const calls = vectorLines(name).map(({ op, request, hex }) =>
    normalForm(hex === undefined ? { op, request } : { op, hex }),
  );
  const run = spawnSync(nativeProgram, ['call'], {
    input: `${calls.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  expect(run.stderr).toBe('');
  return run.stdout.split('\n').slice(0, -1);
}

/** What an engine of a build answers to every line of a file. */
async function webAnswers(build: 'wasm' | 'js', name: string): Promise<string[]> {
  const souk = await load({ engine: build });
  expect(souk.build).toBe(build);
  using engine = await souk.createEngine();
  return vectorCalls(name).map(({ op, hex }) => answerText(engine.callBytes(op, Buffer.from(hex, 'hex'))));
}

function record(name: string): void {
  const answers = nativeAnswers(name);
  const lines = vectorLines(name).map((line, index) => {
    const { op, request, hex, why } = line;
    return JSON.stringify({
      op,
      ...(hex === undefined ? { request } : { hex }),
      why,
      response: JSON.parse(answers[index] ?? 'null') as unknown,
    });
  });
  writeFileSync(vectorPath(name), `${lines.join('\n')}\n`);
}

describe.each(vectorFiles())('%s', (name) => {
  it.runIf(recording)('is recorded', () => {
    record(name);
  });

  it.runIf(existsSync(nativeProgram))('gives its bytes natively', () => {
    expect(nativeAnswers(name)).toEqual(vectorCalls(name).map(({ expected }) => expected));
  });

  it.each(['wasm', 'js'] as const)('gives its bytes in the %s build in Node', async (build) => {
    expect(await webAnswers(build, name)).toEqual(vectorCalls(name).map(({ expected }) => expected));
  });
});
