// SPDX-License-Identifier: MIT
// The same vectors give the same bytes natively, in both wasm files and in plain JavaScript.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load, type LoadOptions } from 'souk';
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

/** The builds, by the scope of what they hold. */
const wholeBuild: LoadOptions = { engine: 'wasm' };
const pageBuilds = [
  [
    "the page's wasm",
    { engine: 'wasm', wasmBinary: readFileSync(new URL('../../web/dist/souk.wasm', import.meta.url)) },
  ],
  ['the JavaScript', { engine: 'js' }],
] as const satisfies readonly (readonly [string, LoadOptions])[];

/** What an engine of a build answers to every line of a file. */
async function webAnswers(options: LoadOptions, name: string): Promise<string[]> {
  const souk = await load(options);
  expect(souk.build).toBe(options.engine);
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

  it('gives its bytes in the wasm build in Node', async () => {
    expect(await webAnswers(wholeBuild, name)).toEqual(vectorCalls(name).map(({ expected }) => expected));
  });
});

describe.each(vectorFiles('page'))('%s', (name) => {
  it.each(pageBuilds)('gives its bytes in %s build in Node', async (_, options) => {
    expect(await webAnswers(options, name)).toEqual(vectorCalls(name).map(({ expected }) => expected));
  });
});
