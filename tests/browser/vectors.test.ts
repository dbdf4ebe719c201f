// SPDX-License-Identifier: MIT
// The published package in Chromium under a strict policy, with wasm allowed and forbidden: same vectors, same bytes, no other request.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerText, vectorCalls, vectorFiles } from '../web/vector-files.js';
import { launch, openPage, serve, type SiteServer, strictPolicy, wasmPolicy } from './chromium.js';

const dist = fileURLToPath(new URL('../../web/dist', import.meta.url));
const script = readFileSync(new URL('run-vectors.js', import.meta.url), 'utf8');
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** What `run-vectors.js` leaves in the page. */
interface PageGlobal {
  runVectors(files: readonly unknown[]): Promise<{ build: string; loadMs: number; answers: string[][] }>;
}

describe.each([
  { name: 'wasm allowed', policy: wasmPolicy, build: 'wasm', requests: ['/run-vectors.js', '/index.js', '/souk.wasm'] },
  {
    name: 'wasm forbidden',
    policy: strictPolicy,
    build: 'js',
    requests: ['/run-vectors.js', '/index.js', '/souk-js.js'],
  },
])('Chromium, strict policy, $name', ({ policy, build, requests }) => {
  let site: SiteServer;
  beforeAll(async () => {
    site = await serve(dist, policy, {
      '/vectors.html': '<!doctype html><script type="module" src="/run-vectors.js"></script>',
      '/run-vectors.js': script,
    });
  });
  afterAll(() => site.close());

  it('runs the right build, requests its own files alone, and answers every vector with the same bytes', async () => {
    const { page, log } = await openPage(browser, site, '/vectors.html');
    const files = vectorFiles('page').map((name) => vectorCalls(name));
    const result = await page.evaluate((calls) => (globalThis as unknown as PageGlobal).runVectors(calls), files);
    expect(result.build).toBe(build);
    expect(result.loadMs).toBeLessThan(3000);
    expect(log.requests).toEqual(requests);
    const texts = result.answers.map((answers) => answers.map((hex) => answerText(Buffer.from(hex, 'hex'))));
    expect(texts).toEqual(files.map((calls) => calls.map(({ expected }) => expected)));
    // Where wasm is forbidden, Chromium itself reports the loader's question as a violation; nothing else may be reported.
    expect(log.errors.filter((error) => !/WebAssembly/.test(error))).toEqual([]);
    if (build === 'wasm') expect(log.errors).toEqual([]);
    await page.close();
  });
});
